// The main module: polls the service every second, and passes the status to the parts of the page.

import { Card } from './card.js';
import { children } from './dom.js';
import { empty } from './empty.js';
import { Glance } from './glance.js';
import { Jobs } from './jobs.js';
import { Leading } from './leading.js';
import { Link } from './link.js';
import { Overview } from './overview.js';
import { Poll } from './poll.js';

// If there are more caches than this, their details are initially collapsed.
const openAtFirst = 2;

const link = new Link();
const glance = new Glance();
const overview = new Overview();
const leading = new Leading();
const jobs = new Jobs();
const list = document.getElementById('caches');
const cards = new Map();
let nothing = null;

function show({ now, caches, leaderships, jobs: all }) {
  const seconds = Date.parse(now) / 1000;
  link.hears(now);
  glance.show(caches);
  overview.show(caches, anchorOf);
  for (const cache of caches) {
    if (!cards.has(cache.name))
      cards.set(cache.name, new Card(cache, anchorOf(cache), caches.length <= openAtFirst));
    cards.get(cache.name).show(cache, seconds);
  }
  leading.show(leaderships, seconds);
  jobs.show(all, seconds);
  const isFirst = list.children.length === 0;
  children(list, caches.length > 0 ? caches.map(cache => cards.get(cache.name).node) : [nothing ??= empty()]);
  if (isFirst)
    openTarget();
}

// A cache's name may contain characters that an anchor can't, so the anchor is the index of the name in this list, which only grows.
const anchors = [];
function anchorOf({ name }) {
  if (!anchors.includes(name))
    anchors.push(name);
  return `cache-${anchors.indexOf(name)}`;
}

// Expands the details of the cache to which the URL's fragment refers.
function openTarget() {
  for (const card of cards.values()) {
    if (`#${card.node.id}` !== location.hash)
      continue;
    card.open();
    card.node.scrollIntoView();
  }
}

window.addEventListener('hashchange', openTarget);
new Poll(show, mustSignIn => link.isLost(mustSignIn)).start();
