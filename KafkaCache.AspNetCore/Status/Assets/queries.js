// Shows the queries over a hybrid cache, sorted by the cost of their misses.

import { children, element } from './dom.js';
import { counted, duration, percent } from './format.js';

export class Queries {
  #list = element('ul', { class: 'counts', tabindex: '0', 'aria-label': 'Costliest misses' });
  #shown = '';
  node = element('div', {}, element('h4', {}, 'Costliest misses'), this.#list);

  show(queries) {
    this.node.hidden = queries.length === 0;
    const wanted = JSON.stringify(queries);
    if (this.#shown === wanted)
      return;
    this.#shown = wanted;
    children(this.#list, queries.map(({ name, misses, databaseSeconds, savedSeconds, hitRate }) => element('li', {},
      element('code', {}, name),
      element('span', {}, `${counted(misses, 'miss', 'misses')}, ${duration(databaseSeconds)} in the database · hit rate ${percent(hitRate)}, ${duration(savedSeconds)} saved`))));
  }
}
