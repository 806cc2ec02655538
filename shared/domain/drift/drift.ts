import type { ZpaFault } from '../group/group.ts';
import type { Finding, FindingKind } from './report.ts';

/** The prefix of all reports' keys in the bucket; the function `drift` may write under it and nowhere else. */
export const REPORTS_BEGIN = 'drift/';

export const FINDING_KINDS = ['missing', 'resurrected', 'changed', 'added', 'removed', 'unmanaged'] as const;

/** Why a read failed. */
export type ReadFailure = Pick<ZpaFault, 'code'> & { reason: string };

/** Whether a finding needs a person: nobody decided to ignore it, and no change is at work on it. */
export function isDrift({ state }: Finding): boolean {
  return state === 'new' || state === 'still';
}

/** The number of findings of each kind, zeros included. */
export function countFindings(findings: readonly Finding[]): Record<FindingKind, number> {
  const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  for (const { kind } of findings) counts[kind] += 1;
  return counts;
}
