// Shows the latest record errors of one cache: their positions, reasons and times. The page never receives the content of records.

import { children, element, set, text } from './dom.js';
import { ago, count, words } from './format.js';

export class RecordErrors {
  #count = element('span', { class: 'chip tally' });
  #list = element('ol', { class: 'errors', tabindex: '0', 'aria-label': 'Latest record errors' });
  #none = element('p', { class: 'rest' }, 'None since the start.');
  node = element('section', {}, element('h3', {}, 'Record errors', this.#count), this.#none, this.#list);

  show(cache, now) {
    text(this.#count, cache.recordErrors === 0 ? '' : count(cache.recordErrors));
    this.#count.hidden = cache.recordErrors === 0;
    this.#none.hidden = cache.recordErrors > 0;
    this.#list.hidden = cache.recentRecordErrors.length === 0;
    // The list is short, so it is created again as a whole, but only if it has changed, because that would end a selection of the user.
    const wanted = cache.recentRecordErrors.map(error => `${error.partition}:${error.offset} ${error.seenAt}`).join();
    if (this.#list.dataset.shown !== wanted) {
      this.#list.dataset.shown = wanted;
      children(this.#list, cache.recentRecordErrors.map(item));
    }
    for (const time of this.#list.querySelectorAll('time'))
      text(time, ago(now - Date.parse(time.dateTime) / 1000));
  }
}

function item(error) {
  const time = element('time', {});
  set(time, { datetime: error.seenAt, title: new Date(error.seenAt).toLocaleString('en-GB') });
  return element('li', {}, element('code', { title: 'partition:offset' }, `${error.partition}:${error.offset}`), element('span', {}, words(error.reason)), time);
}
