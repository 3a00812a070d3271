// Shows one cache.

import { element, set, text } from './dom.js';
import { RecordErrors } from './errors.js';
import { Figures } from './figures.js';
import { counted, duration, percent } from './format.js';
import { Hybrid } from './hybrid.js';
import { Indexes } from './indexes.js';
import { LookUp } from './lookup.js';
import { Meter } from './meter.js';
import { Partitions } from './partitions.js';
import { isBehindReady, phases } from './phases.js';
import { Refreshed } from './refreshed.js';
import { Snapshot } from './snapshot.js';
import { Totals } from './totals.js';

export class Card {
  #phase = element('span', { class: 'chip' });
  #tally = element('span', { class: 'chip tally' });
  #reason = element('p', { class: 'reason' });
  #way = element('div', { class: 'way' });
  #progress;
  #progressWords = element('p', {});
  #figures = new Figures();
  #partitions;
  #errors = new RecordErrors();
  #hybrid;
  #refreshed;
  #indexes = new Indexes();
  #snapshot = new Snapshot();
  #totals = new Totals();
  #details;
  node;

  constructor(cache, id, isOpen) {
    this.#progress = new Meter('progressbar', `Replay of ${cache.name}`);
    this.#way.append(this.#progress.node, this.#progressWords);
    this.#partitions = new Partitions(cache.name);
    this.#hybrid = cache.hybrid === null ? null : new Hybrid(cache, id);
    this.#refreshed = cache.refreshed === null ? null : new Refreshed(cache);
    const beside = element('div', { class: 'beside' }, ...this.#refreshed === null ? [] : [this.#refreshed.node], new LookUp(cache, id).node, ...this.#hybrid === null ? [] : [this.#hybrid.node], this.#indexes.node, this.#snapshot.node, this.#errors.node);
    this.#details = element('details', { open: isOpen ? '' : null }, element('summary', {}, 'Partitions, look-up, record errors'), element('div', { class: 'body' }, this.#partitions.node, beside), this.#totals.node);
    this.node = element('article', { class: 'card', id, tabindex: '-1', 'aria-labelledby': `${id}-name` },
      element('header', {}, element('h2', { id: `${id}-name` }, cache.name), this.#phase, this.#tally, element('p', { class: 'topic' }, `topic ${cache.topic} · ${cache.isReadOnly ? 'read-only' : 'writable'}`)),
      this.#reason, this.#way, this.#figures.node, this.#details);
  }

  open() {
    this.#details.open = true;
  }

  show(cache, now) {
    const phase = phases[cache.phase];
    set(this.node, { 'data-tone': phase.tone });
    text(this.#phase, phase.word);
    text(this.#tally, counted(cache.recordErrors, 'record error'));
    this.#tally.hidden = cache.recordErrors === 0;
    const reason = [phase.meaning, cache.fault, cache.reason].filter(words => words).join(' ');
    text(this.#reason, reason);
    this.#reason.hidden = reason === '';
    set(this.#reason, { 'data-tone': phase.tone === 'good' ? 'warn' : phase.tone }); // A ready cache with a reason needs attention.
    this.#way.hidden = !isBehindReady(cache);
    const left = cache.secondsLeft === null ? '' : `, about ${duration(cache.secondsLeft)} left`;
    this.#progress.show(cache.progress, percent(cache.progress) + left, 'busy');
    text(this.#progressWords, percent(cache.progress) + left);
    this.#figures.show(cache, now);
    this.#partitions.show(cache.partitions, now);
    this.#errors.show(cache, now);
    this.#hybrid?.show(cache.hybrid);
    this.#refreshed?.show(cache.refreshed, now);
    this.#indexes.show(cache.indexes);
    this.#snapshot.show(cache.snapshot);
    this.#totals.show(cache);
  }
}
