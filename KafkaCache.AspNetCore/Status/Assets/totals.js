// Shows the totals of one cache since its start.

import { element, text } from './dom.js';
import { bytes, counted } from './format.js';

export class Totals {
  node = element('p', { class: 'totals' });

  show({ recordsApplied, bytesApplied, rebuilds, consumerRecreations, keysSeenInTwoPartitions }) {
    const parts = [`${counted(recordsApplied, 'record')} applied`, bytes(bytesApplied), counted(rebuilds, 'rebuild'), counted(consumerRecreations, 'new consumer')];
    if (keysSeenInTwoPartitions > 0)
      parts.push(`${counted(keysSeenInTwoPartitions, 'record')} of keys seen in two partitions`);
    text(this.node, `Since the start: ${parts.join(' · ')}`);
  }
}
