// Shows the hybrid cache over one cache: the outcomes of its requests, its tags and largest entries when requested, and a form to clear a tag.

import { children, element, set, text } from './dom.js';
import { bytes, count, counted, duration } from './format.js';
import { Queries } from './queries.js';

export class Hybrid {
  #cache;
  #requests = element('p', { class: 'rest' });
  #queries = new Queries();
  #survey = element('button', { type: 'button', class: 'quiet' }, 'Count tags and entries');
  #content = element('div', { class: 'survey' });
  #form;
  #tag;
  #clear = element('button', { type: 'submit' }, 'Clear tag');
  #answer = element('div', { class: 'answer', 'aria-live': 'polite' });
  node;

  constructor({ name }, id) {
    this.#cache = name;
    this.#survey.addEventListener('click', () => this.#count());
    this.#tag = element('input', { id: `${id}-tag`, type: 'text', required: true, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': `${id}-cleared` });
    set(this.#answer, { id: `${id}-cleared` });
    this.#form = element('form', { method: 'post', action: 'clear' },
      element('label', { for: `${id}-tag` }, 'Clear a tag in all pods (* for everything)'),
      element('div', { class: 'field' }, this.#tag, this.#clear));
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#clearTag();
    });
    this.node = element('section', { class: 'hybrid lookup' }, element('h3', {}, 'Hybrid cache'), this.#requests, this.#queries.node, this.#survey, this.#content, this.#form, this.#answer);
  }

  show(hybrid) {
    this.#form.hidden = !hybrid.mayClear;
    this.#queries.show(hybrid.queries);
    const { hits, misses, coalesced, claimed, stale, failed, bypassed, invalidations, failedPuts, notStored } = hybrid.counts;
    text(this.#requests, [
      counted(hits, 'hit'), counted(misses, 'miss', 'misses'), `${count(coalesced)} coalesced`, `${count(claimed)} claimed`,
      `${count(stale)} stale`, `${count(failed)} failed`, `${count(bypassed)} bypassed`, counted(invalidations, 'invalidation'),
      counted(failedPuts, 'failed write'), `${count(notStored)} not stored`,
    ].join(' · '));
  }

  async #count() {
    this.#survey.disabled = true;
    try {
      const { counts, message } = await post('survey', { cache: this.#cache });
      children(this.#content, counts === null ? [element('p', {}, message)] : this.#counted(counts));
    } catch {
      children(this.#content, [element('p', {}, 'The service did not answer. Try again.')]);
    } finally {
      this.#survey.disabled = false;
    }
  }

  async #clearTag() {
    const tag = this.#tag.value;
    this.#clear.disabled = true;
    try {
      const { isCleared, message } = await post('clear', { cache: this.#cache, tag });
      this.#say(isCleared ? (tag === '*' ? 'Everything is cleared.' : `The tag ${tag} is cleared.`) : message, !isCleared);
      if (isCleared && this.#content.children.length > 0)
        await this.#count();
    } catch {
      this.#say('The service did not answer. Try again.', true);
    } finally {
      this.#clear.disabled = false;
    }
  }

  #say(words, isBad) {
    set(this.#tag, { 'aria-invalid': isBad ? 'true' : null });
    set(this.#answer, { 'data-outcome': isBad ? 'NotAKey' : 'Found' });
    children(this.#answer, [element('p', {}, words)]);
  }

  #counted({ entries, bytes: size, distributedEntries, tags, hasMoreTags, largest }) {
    const sum = `${counted(entries, 'entry', 'entries')}, ${bytes(size)}${distributedEntries > 0 ? `, and ${count(distributedEntries)} of IDistributedCache` : ''}`;
    const rest = hasMoreTags ? [element('p', { class: 'rest' }, `The ${count(tags.length)} with the most entries. There are more.`)] : [];
    return [
      element('p', {}, sum),
      ...tags.length === 0 ? [] : [element('h4', {}, 'Tags'), list('Tags', tags.map(tag => row(this.#way(tag.tag), `${counted(tag.entries, 'entry', 'entries')}, ${bytes(tag.bytes)}`))), ...rest],
      ...largest.length === 0 ? [] : [element('h4', {}, 'Largest entries'), list('Largest entries', largest.map(entry => row(element('code', {}, entry.key), `${bytes(entry.bytes)}, ${duration(entry.secondsLeft)} left`)))],
    ];
  }

  // The button only fills in the form, so that a single click clears nothing.
  #way(tag) {
    if (this.#form.hidden)
      return element('code', {}, tag);
    const button = element('button', { type: 'button', class: 'quiet' }, tag);
    button.addEventListener('click', () => {
      this.#tag.value = tag;
      this.#tag.focus();
    });
    return button;
  }
}

const list = (label, rows) => element('ul', { class: 'counts', tabindex: '0', 'aria-label': label }, ...rows);

const row = (name, words) => element('li', {}, name, element('span', {}, words));

async function post(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), redirect: 'error' });
  if (!response.ok)
    throw new Error(`The service answered ${response.status}.`);
  return await response.json();
}
