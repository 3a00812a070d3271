// Shows the leader of each election, the time since which it leads, and its term.

import { children, element, set, text } from './dom.js';
import { count, duration } from './format.js';

const kinds = { RefreshedCache: 'refreshed cache', Job: 'job', Leadership: 'leadership' };

export class Leading {
  #section = document.getElementById('leading');
  #list = this.#section.querySelector('ul');
  #rows = new Map();

  show(leaderships, now) {
    this.#section.hidden = leaderships.length === 0;
    children(this.#list, leaderships.map(one => {
      const key = `${one.kind} ${one.name}`;
      if (!this.#rows.has(key))
        this.#rows.set(key, new Row(one));
      const row = this.#rows.get(key);
      row.show(one, now);
      return row.node;
    }));
  }
}

class Row {
  #words = element('span', {});
  #problem = element('span', { class: 'trouble' });
  node;

  constructor({ kind, name }) {
    this.node = element('li', {}, element('b', {}, name), element('span', { class: 'kind' }, kinds[kind]), this.#words, this.#problem);
  }

  show(leadership, now) {
    set(this.node, { 'data-here': leadership.isHere ? '' : null });
    text(this.#words, words(leadership, now));
    text(this.#problem, leadership.problem ?? '');
    this.#problem.hidden = leadership.problem === null;
  }
}

function words({ isHere, instance, since, term }, now) {
  if (instance === null)
    return isHere ? 'led by this instance' : 'not led by this instance';
  const parts = [`led by ${instance}${isHere ? ' (this instance)' : ''}`];
  if (since !== null)
    parts.push(`for ${duration(Math.max(0, now - Date.parse(since) / 1000))}`);
  if (term !== null)
    parts.push(`term ${count(term)}`);
  return parts.join(', ');
}
