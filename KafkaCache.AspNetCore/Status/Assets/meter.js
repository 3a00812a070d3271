// A bar that shows the used share of a budget (a meter) or the progress of a replay (a progress bar).

import { element, set } from './dom.js';

export class Meter {
  #bar = element('span', { class: 'bar-fill' });

  constructor(role, label) {
    this.node = element('div', { class: 'bar-track', role, 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100 }, this.#bar);
  }

  show(share, words, tone) {
    const percent = Math.min(100, Math.max(0, share * 100));
    this.#bar.style.width = `${percent}%`;
    set(this.node, { 'aria-valuenow': Math.round(percent), 'aria-valuetext': words, 'data-tone': tone });
  }
}
