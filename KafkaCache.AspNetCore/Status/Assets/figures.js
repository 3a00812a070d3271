// Shows the main figures of one cache: entries, lag, rate, memory, and the time that it took to become ready.

import { element, text } from './dom.js';
import { brief, bytes, counted, duration, megabytes, percent, rate } from './format.js';
import { Meter } from './meter.js';
import { isBehindReady } from './phases.js';
import { Rate, Series } from './series.js';
import { Sparkline } from './sparkline.js';

// In these phases, the lag is the last known one, and a note says so.
const pasts = { Stale: 'as last heard', Faulted: 'when it ended', Stopped: 'when it ended' };

export class Figures {
  #entries = new Figure('Entries');
  #lag = new Figure('Lag');
  #rate = new Figure('Rate');
  #memory = new Figure('Memory');
  #ready = new Figure('Time to ready');
  #watchers = new Figure('Watchers');
  #hits = new Figure('Hit rate');
  #meter = new Meter('meter', 'Memory used of the budget');
  #spark = new Sparkline();
  #records = new Rate();
  #bytes = new Rate();
  #history = new Series();
  node;

  constructor() {
    this.#rate.extra.append(this.#spark.node);
    this.#memory.extra.append(this.#meter.node);
    const all = [this.#entries, this.#lag, this.#rate, this.#memory, this.#ready, this.#watchers, this.#hits];
    this.node = element('dl', { class: 'figures' }, ...all.map(figure => figure.node));
  }

  show(cache, now) {
    this.#entries.show(brief(cache.entries), counted(cache.partitions.length, 'partition'));
    this.#showLag(cache);
    this.#showRate(cache, now);
    this.#showMemory(cache);
    this.#ready.show(...timeToReady(cache));
    this.#watchers.node.hidden = cache.watchers === 0;
    this.#watchers.show(brief(cache.watchers), cache.pendingChanges === 0 ? 'up to date' : `${counted(cache.pendingChanges, 'change')} pending`);
    this.#hits.node.hidden = cache.hybrid === null;
    if (cache.hybrid !== null)
      this.#hits.show(cache.hybrid.counts.hitRate === null ? '–' : percent(cache.hybrid.counts.hitRate), `of ${counted(cache.hybrid.counts.requests, 'request')}`);
  }

  #showLag({ phase, partitions }) {
    const lag = partitions.reduce((sum, partition) => sum + partition.lag, 0);
    const seconds = partitions.reduce((most, partition) => Math.max(most, partition.lagSeconds), 0);
    const isKnown = partitions.length > 0;
    this.#lag.show(isKnown ? brief(lag) : '–', !isKnown ? 'not known yet' : pasts[phase] ?? (lag === 0 ? 'up to date' : `${duration(seconds)} behind`));
  }

  #showRate(cache, now) {
    const measured = this.#records.add(now, cache.recordsApplied);
    const data = this.#bytes.add(now, cache.bytesApplied);
    if (measured !== null)
      this.#history.add(now, measured);
    // A rate can't be measured from the first response alone, but a replay reports its own rate.
    const records = measured ?? (isBehindReady(cache) ? cache.recordsPerSecond : null);
    this.#rate.show(records === null ? '–' : `${rate(records)}/s`, data === null ? 'measuring' : megabytes(data));
    this.#spark.show(this.#history, `Records a second over the last ${duration(this.#history.seconds)}: at most ${rate(this.#history.most)}`);
  }

  #showMemory({ memoryBytes, memoryBudgetBytes }) {
    const hasBudget = memoryBudgetBytes > 0;
    const share = hasBudget ? memoryBytes / memoryBudgetBytes : 0;
    const words = hasBudget ? `of ${bytes(memoryBudgetBytes)}` : 'no budget';
    this.#memory.show(bytes(memoryBytes), words);
    this.#meter.node.hidden = !hasBudget;
    this.#meter.show(share, `${bytes(memoryBytes)} ${words}`, share > 0.95 ? 'bad' : share > 0.8 ? 'warn' : 'busy');
  }
}

class Figure {
  #value = element('span', { class: 'value' });
  #note = element('span', { class: 'note' });
  extra = element('span', { class: 'extra' });

  constructor(label) {
    this.node = element('div', {}, element('dt', {}, label), element('dd', {}, this.#value, this.#note, this.extra));
  }

  show(value, note) {
    text(this.#value, value);
    text(this.#note, note);
  }
}

function timeToReady(cache) {
  if (cache.secondsToReady !== null)
    return [duration(cache.secondsToReady), 'from start to ready'];
  if (!isBehindReady(cache))
    return ['–', 'was never ready'];
  return cache.secondsLeft === null ? ['–', 'estimating'] : [`≈ ${duration(cache.secondsLeft)}`, 'left'];
}
