// The page: asks each second, and hands the answer to its parts.

import { Card } from './card.js';
import { children } from './dom.js';
import { empty } from './empty.js';
import { Glance } from './glance.js';
import { Jobs } from './jobs.js';
import { Leading } from './leading.js';
import { Link } from './link.js';
import { Overview } from './overview.js';
import { Poll } from './poll.js';

// With more than these, the page opens on the figures alone.
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

// A name may hold anything; its place in the list may not change.
const anchors = [];
function anchorOf({ name }) {
  if (!anchors.includes(name))
    anchors.push(name);
  return `cache-${anchors.indexOf(name)}`;
}

// Who comes from the overview, or by a link, wants to see all of it.
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
