// Shows the indexes of one cache.

import { children, element } from './dom.js';
import { counted } from './format.js';

export class Indexes {
  #list = element('dl', { class: 'indexes' });
  node = element('section', {}, element('h3', {}, 'Indexes'), this.#list);

  show(indexes) {
    this.node.hidden = indexes.length === 0;
    const wanted = JSON.stringify(indexes);
    if (this.#list.dataset.shown === wanted)
      return;
    this.#list.dataset.shown = wanted;
    children(this.#list, indexes.map(item));
  }
}

function item({ name, isUnique, terms, postings, conflicts }) {
  const words = isUnique
    ? `unique, ${counted(terms, 'term')}${conflicts > 0 ? `, ${counted(conflicts, 'entry', 'entries')} with another's term` : ''}`
    : `${counted(terms, 'term')}, ${counted(postings, 'posting')}`;
  return element('div', {}, element('dt', {}, name), element('dd', {}, words));
}
