import { createHash } from 'node:crypto';
import type { Facet } from './report.ts';

/** The id of a finding: the same from report to report for as long as the group keeps its id in ZPA. */
export function findingId(lane: string, groupId: string, facet: Facet): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([lane, groupId, facet]))
    .digest('hex');
  return `D-${digest.slice(0, 8)}`;
}
