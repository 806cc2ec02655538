import type { Finding, FindingKind, FindingState } from './report.ts';

/** The effects of a finding on the access of users, the worst first. `unknown`: the policy rules could not be read. */
export const HARMS = ['exposes', 'interrupts', 'unknown', 'none'] as const;
export type Harm = (typeof HARMS)[number];

const STATES: Record<FindingState, number> = { new: 0, still: 1, 'in-flight': 2, ignored: 3 };
const KINDS: Record<FindingKind, number> = {
  added: 0,
  resurrected: 1,
  removed: 2,
  missing: 3,
  changed: 4,
  unmanaged: 5,
};

export const FINDING_STATES = Object.keys(STATES) as FindingState[];
export const FINDING_KINDS = Object.keys(KINDS) as FindingKind[];

/**
 * The worst that a finding does: a move that opens access in one place and interrupts it in another is listed as
 * opening it.
 */
export function harmOf({ access }: Finding): Harm {
  if (access.read === 'not-read') return 'unknown';
  if (access.read === 'not-needed') return 'none';
  return access.exposes ? 'exposes' : access.interrupts ? 'interrupts' : 'none';
}

/**
 * The order of a report: first what opens access, then what interrupts it, then what may do either because the rules were
 * not read, then the rest; `new` before `still`. It is total, so a report of the same findings has the same order.
 */
export function byHarm(a: Finding, b: Finding): number {
  return (
    HARMS.indexOf(harmOf(a)) - HARMS.indexOf(harmOf(b)) ||
    STATES[a.state] - STATES[b.state] ||
    KINDS[a.kind] - KINDS[b.kind] ||
    compare(a.group.id, b.group.id) ||
    compare(a.facet, b.facet) ||
    compare(a.id, b.id)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
