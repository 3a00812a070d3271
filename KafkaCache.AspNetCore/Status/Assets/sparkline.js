// A small line chart of a series, with the newest value at the right.

import { set, svg } from './dom.js';

const width = 120;
const height = 28;
const leastSeconds = 30;

export class Sparkline {
  #base = svg('path', { class: 'base', d: `M0 ${height - 2}H${width}` });
  #area = svg('path', { class: 'area' });
  #line = svg('path', { class: 'line' });
  node = svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' }, this.#base, this.#area, this.#line);

  show(series, label) {
    set(this.node, { 'aria-label': label, class: series.most === 0 ? 'spark flat' : 'spark' });
    if (series.points.length < 2)
      return;
    const last = series.points.at(-1).time;
    const seconds = Math.max(leastSeconds, series.seconds);
    const most = series.most || 1;
    const at = series.points.map(point => {
      const x = width * (1 - (last - point.time) / seconds);
      const y = height - 2 - (height - 5) * point.value / most;
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    const line = `M${at.join('L')}`;
    set(this.#line, { d: line });
    set(this.#area, { d: `${line}V${height - 2}H${at[0].split(' ')[0]}Z` });
  }
}
