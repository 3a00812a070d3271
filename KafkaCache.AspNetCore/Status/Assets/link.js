// Shows whether the page still receives the status from the service.

import { set, text } from './dom.js';
import { ago } from './format.js';

export class Link {
  #link = document.getElementById('link');
  #text = document.getElementById('link-text');
  #lost = document.getElementById('lost');
  #why = document.getElementById('lost-why');
  #age = document.getElementById('lost-age');
  #heard = null;

  hears(now) {
    this.#heard = performance.now();
    set(this.#link, { title: `As of ${new Date(now).toLocaleTimeString('en-GB')}` });
    set(this.#link, { 'data-tone': 'good' });
    text(this.#text, 'Live');
    this.#show(null);
  }

  isLost(mustSignIn) {
    set(this.#link, { 'data-tone': 'bad' });
    text(this.#text, 'Lost');
    this.#show(mustSignIn
      ? 'The service wants you to sign in. Reload this page.'
      : 'The connection to the service is lost. Trying again each second.');
  }

  // The age changes every second, so it is in a separate element. Otherwise, screen readers would repeat the whole message every second.
  #show(why) {
    document.body.classList.toggle('is-lost', why !== null);
    this.#lost.hidden = why === null;
    text(this.#why, why ?? '');
    text(this.#age, this.#heard === null ? '' : `What you see was true ${ago((performance.now() - this.#heard) / 1000)}.`);
  }
}
