import type { ZpaFault } from '../group/group.ts';
import { FINDING_STATES } from './by-harm.ts';
import type { Finding, FindingKind, FindingState } from './report.ts';

/** The prefix of all reports' keys in the bucket; the function `drift` may write under it and nowhere else. */
export const REPORTS_BEGIN = 'drift/';

/** Why a read failed. */
export type ReadFailure = Pick<ZpaFault, 'code'> & { reason: string };

/** True if a finding needs a person: nobody decided to ignore it, and no change is at work on it. */
export function isDrift({ state }: Pick<Finding, 'state'>): boolean {
  return state === 'new' || state === 'still';
}

/** Kinds of findings about managed groups. */
const ABOUT_MANAGED: readonly FindingKind[] = ['missing', 'changed', 'added', 'removed'];

/** True if such findings are about groups that tickets approved and did not delete. */
export const isAboutManaged = (kind: FindingKind): boolean => ABOUT_MANAGED.includes(kind);

/** The number of managed groups with a finding that needs a person. */
export function countDrifted(findings: readonly Finding[]): number {
  const drifted = findings.filter((one) => isAboutManaged(one.kind) && isDrift(one));
  return new Set(drifted.map(({ group }) => group.id)).size;
}

/** The number of findings of each state, zeros included. */
export function countStates(findings: readonly Finding[]): Record<FindingState, number> {
  const counts = Object.fromEntries(FINDING_STATES.map((state) => [state, 0])) as Record<FindingState, number>;
  for (const { state } of findings) counts[state] += 1;
  return counts;
}

/** True if the group lives in another microtenant than tickets approved it in. */
export const isMove = ({ kind, facet }: Finding): boolean => kind === 'changed' && facet === 'exists';
