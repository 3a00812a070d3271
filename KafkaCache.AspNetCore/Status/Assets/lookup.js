// Looks up one key, and shows the entry as text.

import { children, element, set, text } from './dom.js';
import { ago, count } from './format.js';

export class LookUp {
  #cache;
  #input;
  #button = element('button', { type: 'submit' }, 'Look up');
  #answer = element('div', { class: 'answer', 'aria-live': 'polite' });
  node;

  constructor(cache, id) {
    this.#cache = cache;
    this.#input = element('input', { id: `${id}-key`, type: 'text', required: true, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': `${id}-answer` });
    set(this.#answer, { id: `${id}-answer` });
    // Without scripts nothing is sent in a URL either.
    const form = element('form', { method: 'post', action: 'find' },
      element('label', { for: `${id}-key` }, 'Key'),
      element('div', { class: 'field' }, this.#input, this.#button));
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#find();
    });
    this.node = element('section', { class: 'lookup' }, element('h3', {}, 'Look up an entry'), form, this.#answer);
  }

  async #find() {
    this.#button.disabled = true;
    try {
      this.#show(await find(this.#cache, this.#input.value));
    } catch {
      this.#show({ outcome: 'NotReadable', message: 'The service did not answer. Try again.' });
    } finally {
      this.#button.disabled = false;
    }
  }

  #show({ outcome, message, entry }) {
    set(this.#input, { 'aria-invalid': outcome === 'NotAKey' ? 'true' : null });
    set(this.#answer, { 'data-outcome': outcome });
    children(this.#answer, outcome === 'Found' ? shown(entry) : [element('p', {}, outcome === 'Absent' ? 'No entry has this key.' : message)]);
  }
}

function shown(entry) {
  const time = element('time', { datetime: entry.timestamp, title: new Date(entry.timestamp).toLocaleString('en-GB') }, ago(entry.ageSeconds));
  const facts = element('dl', { class: 'facts' },
    fact('Position', element('code', { title: 'partition:offset' }, entry.position)),
    fact('Written', time),
    fact('Value', entry.format === 'Json' ? 'JSON' : entry.format === 'Base64' ? 'bytes, in base64' : 'text'));
  const value = element('pre', { tabindex: '0', role: 'region', 'aria-label': 'Value' });
  text(value, entry.value);
  return entry.isCut ? [facts, value, element('p', { class: 'rest' }, `Cut: the whole has ${count(entry.length)} characters.`)] : [facts, value];
}

const fact = (label, value) => element('div', {}, element('dt', {}, label), element('dd', {}, value));

async function find(cache, key) {
  const response = await fetch('find', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ cache, key }),
    redirect: 'error',
  });
  if (!response.ok)
    throw new Error(`The service answered ${response.status}.`);
  return await response.json();
}
