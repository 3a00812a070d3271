// Shows one tile per cache, which links to the cache, if there are several caches.

import { children, element, set, text } from './dom.js';
import { count, percent } from './format.js';
import { isBehindReady, phases } from './phases.js';

export class Overview {
  #nav = document.getElementById('overview');
  #list = this.#nav.querySelector('ul');
  #tiles = new Map();

  show(caches, anchorOf) {
    this.#nav.hidden = caches.length < 2;
    children(this.#list, caches.map(cache => {
      if (!this.#tiles.has(cache.name))
        this.#tiles.set(cache.name, new Tile(cache, anchorOf(cache)));
      const tile = this.#tiles.get(cache.name);
      tile.show(cache);
      return tile.node;
    }));
  }
}

class Tile {
  #state = element('span', { class: 'state' });
  #link;

  constructor(cache, anchor) {
    this.#link = element('a', { href: `#${anchor}` }, element('span', { class: 'dot', 'aria-hidden': 'true' }), element('span', { class: 'name' }, cache.name), this.#state);
    this.node = element('li', {}, this.#link);
  }

  show(cache) {
    const lag = cache.partitions.reduce((sum, partition) => sum + partition.lag, 0);
    set(this.#link, { 'data-tone': phases[cache.phase].tone });
    text(this.#state, isBehindReady(cache) ? `${phases[cache.phase].word}, ${percent(cache.progress)}`
      : cache.phase === 'Ready' && lag > 0 ? `Ready, ${count(lag)} behind`
      : phases[cache.phase].word);
  }
}
