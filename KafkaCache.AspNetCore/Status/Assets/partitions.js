// Shows the partitions of one cache, sorted by lag. If there are many, only the first are shown until the user expands the list.

import { children, element, set, text } from './dom.js';
import { count, counted, duration } from './format.js';
import { Series } from './series.js';
import { Sparkline } from './sparkline.js';

const few = 8;
const columns = ['Partition', 'Position', 'High watermark', 'Lag', 'Behind', 'Last minutes'];

// On narrow screens, each figure has a short label.
const short = { Position: 'at', 'High watermark': 'of', Lag: 'lag', Behind: 'behind' };

export class Partitions {
  #rows = new Map();
  #body = element('tbody', { role: 'rowgroup' });
  #rest = element('p', { class: 'rest' });
  #more = element('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false' });
  #isOpen = false;
  #last = [];
  node;

  constructor(name) {
    this.#more.addEventListener('click', () => {
      this.#isOpen = !this.#isOpen;
      this.#draw();
    });
    const head = element('tr', { role: 'row' }, ...columns.map(column => element('th', { scope: 'col', role: 'columnheader' }, column)));
    // The roles are set explicitly, because a table loses them when CSS displays it as blocks on narrow screens.
    const table = element('table', { role: 'table', 'aria-label': `Partitions of ${name}` }, element('thead', { role: 'rowgroup' }, head), this.#body);
    this.node = element('section', { class: 'partitions' }, element('h3', {}, 'Partitions'), table, element('div', { class: 'fold' }, this.#rest, this.#more));
  }

  show(partitions, now) {
    this.#last = partitions.map(partition => {
      if (!this.#rows.has(partition.partition))
        this.#rows.set(partition.partition, new Row(partition.partition));
      const row = this.#rows.get(partition.partition);
      row.add(partition, now);
      return { partition, row };
    }).sort((one, other) => other.partition.lag - one.partition.lag || one.partition.partition - other.partition.partition);
    this.#draw();
  }

  #draw() {
    const shown = this.#isOpen ? this.#last : this.#last.slice(0, few);
    for (const { partition, row } of shown)
      row.show(partition);
    children(this.#body, shown.map(({ row }) => row.node));

    const folded = this.#last.slice(shown.length);
    const lag = folded.reduce((sum, { partition }) => sum + partition.lag, 0);
    text(this.#rest, this.#last.length === 0 ? 'Not known yet.'
      : folded.length === 0 ? ''
      : lag === 0 ? `${count(folded.length)} more without lag`
      : `${count(folded.length)} more, ${counted(lag, 'record')} behind in all`);
    this.#more.hidden = this.#last.length <= few;
    set(this.#more, { 'aria-expanded': String(this.#isOpen) });
    text(this.#more, this.#isOpen ? 'Show fewer' : `Show all ${count(this.#last.length)}`);
  }
}

class Row {
  #cells = columns.slice(1, -1).map(column => element('td', { role: 'cell', 'data-short': short[column] }));
  #spark = new Sparkline();
  #lags = new Series();
  node;

  constructor(partition) {
    const head = element('th', { scope: 'row', role: 'rowheader' }, count(partition));
    this.node = element('tr', { role: 'row' }, head, ...this.#cells, element('td', { role: 'cell', class: 'trend' }, this.#spark.node));
  }

  add(partition, now) {
    this.#lags.add(now, partition.lag);
  }

  show({ position, highWatermark, lag, lagSeconds }) {
    const words = [count(position), count(highWatermark), count(lag), lag === 0 ? '–' : duration(lagSeconds)];
    words.forEach((word, i) => text(this.#cells[i], word));
    set(this.node, { 'data-behind': lag > 0 ? 'yes' : null });
    this.#spark.show(this.#lags, `Lag over the last ${duration(this.#lags.seconds)}: at most ${counted(this.#lags.most, 'record')}`);
  }
}
