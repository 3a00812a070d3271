// Looks up a key and shows its entry as text, or looks up keys by their prefix or by an index.

import { children, element, set, text } from './dom.js';
import { ago, count } from './format.js';

export class LookUp {
  #cache;
  #by;
  #label;
  #input;
  #button = element('button', { type: 'submit' }, 'Look up');
  #answer = element('div', { class: 'answer', 'aria-live': 'polite' });
  node;

  constructor({ name, indexes }, id) {
    this.#cache = name;
    const option = (value, words) => element('option', { value }, words);
    this.#by = element('select', { id: `${id}-by` }, option('Key', 'Key'), option('Prefix', 'Prefix of keys'), ...indexes.map(index => option(`Index ${index.name}`, `Index: ${index.name}`)));
    this.#input = element('input', { id: `${id}-key`, type: 'text', required: true, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': `${id}-answer` });
    this.#label = element('label', { for: `${id}-key` }, 'Key');
    this.#by.addEventListener('change', () => this.#askBy(this.#by.value));
    set(this.#answer, { id: `${id}-answer` });
    // The method is POST so that the browser does not send the text in a URL, even if the script fails.
    const form = element('form', { method: 'post', action: 'find' },
      element('label', { for: `${id}-by` }, 'Look up by'), this.#by, this.#label,
      element('div', { class: 'field' }, this.#input, this.#button));
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#find();
    });
    this.node = element('section', { class: 'lookup' }, element('h3', {}, 'Look up entries'), form, this.#answer);
  }

  #askBy(by) {
    this.#by.value = by;
    text(this.#label, by === 'Key' || by === 'Prefix' ? by : 'Term');
  }

  async #find() {
    this.#button.disabled = true;
    try {
      this.#show(await find(this.#cache, this.#input.value, this.#by.value));
    } catch {
      this.#show({ outcome: 'NotReadable', message: 'The service did not answer. Try again.' });
    } finally {
      this.#button.disabled = false;
    }
  }

  #show({ outcome, message, entry, keys }) {
    set(this.#input, { 'aria-invalid': outcome === 'NotAKey' ? 'true' : null });
    set(this.#answer, { 'data-outcome': outcome });
    children(this.#answer, outcome === 'Found' ? shown(entry)
      : outcome === 'FoundKeys' ? this.#list(keys)
      : [element('p', {}, outcome === 'Absent' ? absent(this.#by.value) : message)]);
  }

  #list({ keys, hasMore }) {
    const list = element('ul', { class: 'keys', tabindex: '0', 'aria-label': 'Found' }, ...keys.map(key => element('li', {}, this.#way(key))));
    return hasMore ? [list, element('p', { class: 'rest' }, `The first ${count(keys.length)}. There are more.`)] : [list];
  }

  #way(key) {
    const button = element('button', { type: 'button', class: 'quiet' }, key);
    button.addEventListener('click', () => {
      this.#askBy('Key');
      this.#input.value = key;
      this.#find();
    });
    return button;
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

const absent = by => by === 'Key' ? 'No entry has this key.' : by === 'Prefix' ? 'No key begins with this.' : 'No entry has this term.';

const fact = (label, value) => element('div', {}, element('dt', {}, label), element('dd', {}, value));

async function find(cache, key, by) {
  const isIndex = by.startsWith('Index ');
  const response = await fetch('find', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(isIndex ? { cache, key, by: 'Index', index: by.slice('Index '.length) } : { cache, key, by }),
    redirect: 'error',
  });
  if (!response.ok)
    throw new Error(`The service answered ${response.status}.`);
  return await response.json();
}
