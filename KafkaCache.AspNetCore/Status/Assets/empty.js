// Shows what to do if no cache has been added.

import { element } from './dom.js';

const example = `services.AddKafkaCache<Guid, User>("users", options =>
{
    options.BootstrapServers = "localhost:9092";
    options.Topic = "users";
});`;

export const empty = () => element('article', { class: 'card empty' },
  element('h2', {}, 'Add a cache'),
  element('p', {}, 'This page shows every cache of the service’s container. Add one where the service adds its other services:'),
  element('pre', { tabindex: '0', role: 'region', 'aria-label': 'Example' }, example));
