import type { Access, Finding, FindingState } from './report.ts';

const STATES: Record<FindingState, number> = { new: 0, still: 1, 'in-flight': 2, ignored: 3 };

/**
 * The order of a report: first what opens access, then what interrupts it, then what may do either because the rules were
 * not read, then the rest; `new` before `still`. It is total, so a report of the same findings has the same order.
 */
export function byHarm(a: Finding, b: Finding): number {
  return (
    harmOf(b.access) - harmOf(a.access) ||
    STATES[a.state] - STATES[b.state] ||
    compare(a.group.name, b.group.name) ||
    compare(a.facet, b.facet) ||
    compare(a.id, b.id)
  );
}

function harmOf(access: Access): number {
  if (access.read === 'not-needed') return 0;
  if (access.read === 'not-read') return 1;
  if (access.exposes) return 3;
  return access.interrupts ? 2 : 0;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
