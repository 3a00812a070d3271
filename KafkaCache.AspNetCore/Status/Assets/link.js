// Whether the page still hears from the service.

import { set, text } from './dom.js';
import { ago } from './format.js';

export class Link {
  #link = document.getElementById('link');
  #text = document.getElementById('link-text');
  #lost = document.getElementById('lost');
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
      : `The connection to the service is lost. ${this.#age()}Trying again each second.`);
  }

  #age() {
    return this.#heard === null ? '' : `What you see was true ${ago((performance.now() - this.#heard) / 1000)}. `;
  }

  #show(message) {
    document.body.classList.toggle('is-lost', message !== null);
    this.#lost.hidden = message === null;
    text(this.#lost, message ?? '');
  }
}
