// Shows how one cache started, and the snapshots that it writes.

import { element, text } from './dom.js';
import { ago, bytes, counted, duration, words } from './format.js';

export class Snapshot {
  #start = element('p', {});
  #last = element('p', {});
  #trouble = element('p', { class: 'trouble' });
  node = element('section', { class: 'snapshot' }, element('h3', {}, 'Warm restart'), this.#start, this.#last, this.#trouble);

  show(snapshot) {
    this.node.hidden = snapshot === null;
    if (snapshot === null)
      return;
    text(this.#start, start(snapshot));
    text(this.#last, snapshot.secondsOld === null ? 'No snapshot has been written yet.' : `Last snapshot ${ago(snapshot.secondsOld)}, ${bytes(snapshot.bytes)}.`);
    const trouble = snapshot.unavailable ?? snapshot.lastError;
    text(this.#trouble, trouble ?? '');
    this.#trouble.hidden = trouble === null;
  }
}

function start({ isWarm, coldReason, problem, secondsOldAtStart, offsetsAfter, isLoading }) {
  if (isWarm === null)
    return 'Starting.';
  return isWarm
    ? `Started warm, from a snapshot ${duration(secondsOldAtStart)} old, with ${counted(offsetsAfter, 'record')} after it.${isLoading ? ' It is still being loaded; reads go through its file.' : ''}`
    : `Started cold: ${words(coldReason).toLowerCase()}.${problem === null ? '' : ` ${problem}`}`;
}
