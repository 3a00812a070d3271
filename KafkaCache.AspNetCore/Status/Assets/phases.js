// The label and the color of each phase, and what the phase means for readers of the cache.

export const phases = {
  Starting: { word: 'Starting', tone: 'busy', meaning: 'Asking the brokers about the topic.' },
  Replaying: { word: 'Replaying', tone: 'busy', meaning: 'Reading the topic from its start.' },
  Ready: { word: 'Ready', tone: 'good', meaning: '' },
  Stale: { word: 'Stale', tone: 'warn', meaning: 'The cache serves what it has. The brokers have not confirmed recently that this is up to date.' },
  Rebuilding: { word: 'Rebuilding', tone: 'busy', meaning: 'The cache serves what it has while it reads the topic again.' },
  Faulted: { word: 'Faulted', tone: 'bad', meaning: 'An error has ended the cache. It stays faulted until the service is restarted.' },
  Stopped: { word: 'Stopped', tone: 'calm', meaning: 'Stopped with its service.' },
};

const verbs = {
  Faulted: ['has faulted', 'have faulted'],
  Stale: ['is stale', 'are stale'],
  Stopped: ['is stopped', 'are stopped'],
  Starting: ['is starting', 'are starting'],
  Replaying: ['is replaying', 'are replaying'],
};

// Returns a sentence about all caches, based on the most serious phase among them.
export function headline(caches) {
  if (caches.length === 0)
    return { tone: 'calm', sentence: 'No cache yet' };
  for (const phase of Object.keys(verbs)) {
    const these = caches.filter(cache => cache.phase === phase);
    if (these.length === 1)
      return { tone: phases[phase].tone, sentence: `${these[0].name} ${verbs[phase][0]}` };
    if (these.length > 1)
      return { tone: phases[phase].tone, sentence: `${these.length} of ${caches.length} caches ${verbs[phase][1]}` };
  }
  return { tone: 'good', sentence: caches.length === 1 ? `${caches[0].name} is ready` : `All ${caches.length} caches are ready` };
}

export const isBehindReady = cache => cache.phase === 'Starting' || cache.phase === 'Replaying';
