// The page: asks the service every second, and passes the answer to its parts.

import { Card } from './card.js';
import { children } from './dom.js';
import { empty } from './empty.js';
import { Glance } from './glance.js';
import { Jobs } from './jobs.js';
import { Leading } from './leading.js';
import { Link } from './link.js';
import { Overview } from './overview.js';
import { Poll } from './poll.js';

// If there are more caches than this, their details are closed at first.
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

// A name may contain any characters, so the anchor is the place of the name in this list, which never changes.
const anchors = [];
function anchorOf({ name }) {
  if (!anchors.includes(name))
    anchors.push(name);
  return `cache-${anchors.indexOf(name)}`;
}

// A user who follows a link to a cache, from the overview or elsewhere, wants to see its details.
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
