// The top of the page, which shows whether everything is well.

import { set, text } from './dom.js';
import { bytes, counted, duration } from './format.js';
import { headline, isBehindReady } from './phases.js';

const emblems = {
  good: 'M14.5 24.5l6.5 6.5 12.5-13.5',
  busy: 'M24 13.5v11l7 5',
  warn: 'M24 13v14M24 33.5v.5',
  bad: 'M16.5 16.5l15 15M31.5 16.5l-15 15',
  calm: 'M15 24h18',
};

export class Glance {
  #section = document.getElementById('glance');
  #emblem = document.getElementById('emblem');
  #headline = document.getElementById('headline');
  #summary = document.getElementById('summary');

  show(caches) {
    const { tone, sentence } = headline(caches);
    set(this.#section, { 'data-tone': tone });
    set(this.#emblem, { d: emblems[tone] });
    text(this.#headline, sentence);
    text(this.#summary, summary(caches));
    document.title = `${sentence} – KafkaCache`;
  }
}

function summary(caches) {
  if (caches.length === 0)
    return 'This service has not added a cache.';
  const total = of => caches.reduce((sum, cache) => sum + of(cache), 0);
  const parts = [];
  const left = caches.filter(isBehindReady).map(cache => cache.secondsLeft);
  if (left.length > 0 && left.every(seconds => seconds !== null))
    parts.push(`Ready in about ${duration(Math.max(...left))}`);
  parts.push(counted(total(cache => cache.entries), 'entry', 'entries'));
  parts.push(`${bytes(total(cache => cache.memoryBytes))} of memory`);
  const lag = total(cache => cache.partitions.reduce((sum, partition) => sum + partition.lag, 0));
  parts.push(lag === 0 ? 'no lag' : `${counted(lag, 'record')} behind`);
  const errors = total(cache => cache.recordErrors);
  parts.push(errors === 0 ? 'no record errors' : counted(errors, 'record error'));
  return parts.join(' · ');
}
