// Shows the refreshed cache over one cache: its version, its next refresh, and the reason for the last failure.

import { element, text } from './dom.js';
import { ago, count, counted, duration, percent } from './format.js';
import { Meter } from './meter.js';

export class Refreshed {
  #version = element('p', {});
  #changes = element('p', {});
  #next = element('p', {});
  #progress;
  #trouble = element('p', { class: 'trouble' });
  node;

  constructor({ name }) {
    this.#progress = new Meter('progressbar', `Fetch of ${name}`);
    this.node = element('section', { class: 'refreshed' }, element('h3', {}, 'Refreshed cache'), this.#version, this.#changes, this.#next, this.#progress.node, this.#trouble);
  }

  show(refreshed, now) {
    text(this.#version, refreshed.version === null ? 'There is no version yet.'
      : `Version ${count(refreshed.version)}, ${counted(refreshed.rows, 'row')}, fetched ${ago(refreshed.secondsOld)}${refreshed.refreshedBy === null ? '' : ` by ${refreshed.refreshedBy}`}.`);
    this.#changes.hidden = refreshed.version === null;
    text(this.#changes, `${count(refreshed.added)} added · ${count(refreshed.changed)} changed · ${count(refreshed.removed)} gone`);
    text(this.#next, next(refreshed, now));
    this.#showProgress(refreshed);
    const trouble = troubles(refreshed, now);
    text(this.#trouble, trouble);
    this.#trouble.hidden = trouble === '';
  }

  #showProgress({ fetchedRows, expectedRows }) {
    const isKnown = fetchedRows !== null && expectedRows > 0;
    this.#progress.node.hidden = !isKnown;
    if (isKnown)
      this.#progress.show(fetchedRows / expectedRows, percent(fetchedRows / expectedRows), 'busy');
  }
}

function next({ nextRefresh, fetchedRows, expectedRows }, now) {
  if (fetchedRows !== null)
    return `Fetching${fetchedRows === 0 ? '' : `: ${counted(fetchedRows, 'row')}${expectedRows === null ? '' : ` of ${count(expectedRows)}`}`}.`;
  if (nextRefresh === null)
    return 'Another instance refreshes it.';
  const seconds = Date.parse(nextRefresh) / 1000 - now;
  return seconds > 0 ? `Next refresh in ${duration(seconds)}, by this instance.` : 'The next refresh begins, by this instance.';
}

function troubles({ isTooOld, version, lastFailure, lastFailureAt, problem }, now) {
  const words = [];
  if (isTooOld && version !== null)
    words.push('The version is too old.');
  if (lastFailure !== null)
    words.push(`The last refresh failed ${ago(now - Date.parse(lastFailureAt) / 1000)}: ${lastFailure}`);
  if (problem !== null)
    words.push(problem);
  return words.join(' ');
}
