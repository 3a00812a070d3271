// Shows the jobs: their schedules and last runs and, when requested, the keys of a job's state and the end of its log.

import { children, element, set, text } from './dom.js';
import { ago, count, counted, duration } from './format.js';

const outcomes = {
  Running: { word: 'Running', tone: 'busy' },
  Succeeded: { word: 'Succeeded', tone: 'good' },
  Failed: { word: 'Failed', tone: 'bad' },
  Stopped: { word: 'Stopped', tone: 'warn' },
  Replaced: { word: 'Replaced', tone: 'warn' },
};

export class Jobs {
  #section = document.getElementById('jobs');
  #list = this.#section.querySelector('div');
  #cards = new Map();

  show(jobs, now) {
    this.#section.hidden = jobs.length === 0;
    children(this.#list, jobs.map(job => {
      if (!this.#cards.has(job.name))
        this.#cards.set(job.name, new JobCard(job, `job-${this.#cards.size}`));
      const card = this.#cards.get(job.name);
      card.show(job, now);
      return card.node;
    }));
  }
}

class JobCard {
  #job;
  #outcome = element('span', { class: 'chip' });
  #overdue = element('span', { class: 'chip tally' });
  #when = element('p', { class: 'topic' });
  #runs;
  #none = element('p', { class: 'rest' }, 'The job has not run yet.');
  #ask = element('button', { type: 'button', class: 'quiet' }, 'Show state keys and log');
  #detail = element('div', { class: 'survey', 'aria-live': 'polite' });
  node;

  constructor({ name }, id) {
    this.#job = name;
    this.#runs = element('ol', { class: 'errors runs', tabindex: '0', 'aria-label': `Last runs of ${name}` });
    this.#ask.addEventListener('click', () => this.#show());
    this.node = element('article', { class: 'card job', 'aria-labelledby': id },
      element('header', {}, element('h3', { id }, name), this.#outcome, this.#overdue, this.#when),
      this.#none, this.#runs, this.#ask, this.#detail);
  }

  show({ isOwn, cron, nextRun, secondsOverdue, runs }, now) {
    const outcome = runs.length === 0 ? null : outcomes[runs[0].outcome];
    set(this.node, { 'data-tone': outcome?.tone ?? 'calm' });
    text(this.#outcome, outcome?.word ?? '');
    this.#outcome.hidden = outcome === null;
    text(this.#overdue, `${duration(secondsOverdue)} overdue`);
    this.#overdue.hidden = secondsOverdue < 1;
    text(this.#when, isOwn ? when(cron, nextRun, now) : 'a job of another service');
    this.#none.hidden = runs.length > 0;
    this.#runs.hidden = runs.length === 0;
    const wanted = JSON.stringify(runs);
    if (this.#runs.dataset.shown !== wanted) {
      this.#runs.dataset.shown = wanted;
      children(this.#runs, runs.map(item));
    }
    for (const time of this.#runs.querySelectorAll('time'))
      text(time, ago(Math.max(0, now - Date.parse(time.dateTime) / 1000)));
  }

  async #show() {
    this.#ask.disabled = true;
    try {
      const response = await fetch('job', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ job: this.#job }), redirect: 'error' });
      if (!response.ok)
        throw new Error(`The service answered ${response.status}.`);
      children(this.#detail, detail(await response.json()));
    } catch {
      children(this.#detail, [element('p', {}, 'The service did not answer. Try again.')]);
    } finally {
      this.#ask.disabled = false;
    }
  }
}

function when(cron, nextRun, now) {
  if (cron === null)
    return 'runs when asked';
  const seconds = nextRun === null ? null : Date.parse(nextRun) / 1000 - now;
  return seconds === null || seconds <= 0 ? cron : `${cron} · next in ${duration(seconds)}`;
}

function item(run) {
  const time = element('time', {});
  set(time, { datetime: run.startedAt, title: new Date(run.startedAt).toLocaleString('en-GB') });
  const took = run.endedAt === null ? '' : ` after ${duration(Math.max(0, (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000))}`;
  const error = run.error === null ? '' : `: ${run.error}`;
  return element('li', {}, element('b', {}, `${outcomes[run.outcome].word}${took}`), time, element('span', {}, `on ${run.machine}${error}`));
}

function detail({ keys, hasMoreKeys, lines, message }) {
  if (message !== null)
    return [element('p', {}, message)];
  return [
    element('h4', {}, 'State keys'),
    keys.length === 0 ? element('p', { class: 'rest' }, 'The job has no state.')
      : element('ul', { class: 'counts', tabindex: '0', 'aria-label': 'State keys' }, ...keys.map(one => element('li', {}, element('code', {}, one.key), element('span', {}, counted(one.values, 'value'))))),
    ...hasMoreKeys ? [element('p', { class: 'rest' }, `The first ${count(keys.length)}. There are more.`)] : [],
    element('h4', {}, 'End of the log'),
    lines.length === 0 ? element('p', { class: 'rest' }, 'No lines are kept.')
      : element('ol', { class: 'counts log', tabindex: '0', 'aria-label': 'Log' }, ...lines.map(line)),
  ];
}

const line = ({ at, level, machine, text: words }) => element('li', { 'data-level': level },
  element('time', { datetime: at }, new Date(at).toLocaleString('en-GB')), element('b', {}, level), element('code', {}, words), element('span', {}, machine));
