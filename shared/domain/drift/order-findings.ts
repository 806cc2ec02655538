import type { Finding, FindingKind, FindingState } from './report.ts';

const STATES: readonly FindingState[] = ['new', 'still', 'in-flight', 'ignored'];
const KINDS: readonly FindingKind[] = ['added', 'resurrected', 'removed', 'missing', 'changed', 'unmanaged'];

function harmOf({ access }: Finding): number {
  if (access.read !== 'read') return 2;
  return access.exposes ? 0 : access.interrupts ? 1 : 2;
}

/** Findings in the order of a report: by harm, then by state, kind and group. */
export function orderFindings(findings: readonly Finding[]): Finding[] {
  const rank = (one: Finding) => [harmOf(one), STATES.indexOf(one.state), KINDS.indexOf(one.kind)];
  return findings.toSorted((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    const first = x.findIndex((value, index) => value !== y[index]);
    if (first >= 0) return (x[first] ?? 0) - (y[first] ?? 0);
    return compareText(a.group.id, b.group.id) || compareText(a.facet, b.facet);
  });
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
