import type { GroupReading } from '../../group/group.ts';
import { approverOf } from '../../records/approvers.ts';
import { type DesiredGroup, knownName } from '../../records/desired-group.ts';
import type { Finding, UnmanagedGroup } from '../report.ts';
import { isDeleted, readsSame } from './managed-groups.ts';
import { type Comparison, findingOf, groupWriter, liveGroup, managedGroup, refOf } from './subject.ts';

const MISSING = { kind: 'missing', facet: 'exists', before: 'exists', after: 'absent' } as const;
const RESURRECTED = { kind: 'resurrected', facet: 'exists', before: 'absent', after: 'exists' } as const;
const UNMANAGED = { kind: 'unmanaged', facet: 'exists', before: 'absent', after: 'exists' } as const;

/** A live group without a ticket, and the pattern of the settings that names it. */
export type Untracked = { group: GroupReading; pattern: Pattern };
export type Pattern = UnmanagedGroup['pattern'] | 'foreign';

type Wanted = { missing: readonly DesiredGroup[]; deleted: readonly DesiredGroup[] };

/**
 * Groups that are approved and not there, there and deleted, or there without a ticket although their name is reserved for
 * tickets; and all groups without a ticket that are no such event. `unreadIds`: groups whose records cannot be read.
 */
export function existenceFindings(
  comparison: Comparison,
  { missing, deleted }: Wanted,
  unreadIds: readonly string[],
  patternOf: (group: GroupReading) => Pattern,
): { findings: Finding[]; rest: Untracked[] } {
  const desired = new Map(comparison.desired.map((group) => [group.groupId, group]));
  const live = [...comparison.live.groups.values()].filter(({ id }) => !unreadIds.includes(id));
  const untracked = live.filter(({ id }) => !desired.has(id));
  const isNameless = (group: DesiredGroup | undefined) =>
    group === undefined || (group.name === undefined && !isDeleted(group));
  const candidates = live.filter(({ id }) => isNameless(desired.get(id)));
  const { findings: absent, twins } = missingFindings(comparison, missing, candidates);
  const returned = resurrectedFindings(comparison, deleted, untracked, twins);
  const told = new Set([...twins, ...returned.map(({ group }) => group.id)]);
  const rest = untracked
    .filter(({ id }) => !told.has(id))
    .map((group): Untracked => ({ group, pattern: patternOf(group) }));
  const owned = rest.filter(({ pattern }) => pattern === 'owned');
  return { findings: [...absent, ...returned, ...owned.map(({ group }) => unmanagedFinding(comparison, group))], rest };
}

/**
 * Approved groups that ZPA does not have. A live group of the same name to which no ticket gave it is the same event: somebody
 * deleted the group and made it anew. `twins`: ids of these, so that they are no further finding.
 */
function missingFindings(
  comparison: Comparison,
  missing: readonly DesiredGroup[],
  candidates: readonly GroupReading[],
): { findings: Finding[]; twins: Set<string> } {
  const twins = new Set<string>();
  const findings = newestFirst(missing).map((desired) => {
    const twin = twinOf(desired, candidates, twins);
    if (twin !== undefined) twins.add(twin.id);
    const to = twin === undefined ? {} : { to: refOf(twin), ...groupWriter(comparison, twin) };
    const difference = { ...MISSING, ...to, approver: desired.last };
    return findingOf(comparison, managedGroup(desired), { desired }, difference);
  });
  return { findings, twins };
}

/** Groups that a ticket deleted and that live: under their id, or an untracked one under their name. */
function resurrectedFindings(
  comparison: Comparison,
  deleted: readonly DesiredGroup[],
  untracked: readonly GroupReading[],
  twins: ReadonlySet<string>,
): Finding[] {
  const reported = new Set(twins);
  return deleted.flatMap((desired) => {
    const found = comparison.live.groups.get(desired.groupId) ?? twinOf(desired, untracked, reported);
    if (found === undefined || reported.has(found.id)) return [];
    reported.add(found.id);
    const approver = approverOf(desired, desired.deleted?.sequence ?? desired.unfound?.exists);
    const difference = {
      ...RESURRECTED,
      deletedId: desired.groupId,
      approver,
      ...groupWriter(comparison, found, desired),
    };
    return [findingOf(comparison, liveGroup(comparison, found), { desired, found }, difference)];
  });
}

/** A live group without a ticket whose name is reserved for tickets. */
function unmanagedFinding(comparison: Comparison, found: GroupReading): Finding {
  const difference = { ...UNMANAGED, ...groupWriter(comparison, found) };
  return findingOf(comparison, liveGroup(comparison, found), { found }, difference);
}

const newestFirst = (groups: readonly DesiredGroup[]) => groups.toSorted((a, b) => b.last.sequence - a.last.sequence);

function twinOf(group: DesiredGroup, among: readonly GroupReading[], taken: ReadonlySet<string>) {
  const name = knownName(group);
  if (name === undefined) return undefined;
  const isTwin = (one: GroupReading) => one.microtenantId === group.microtenantId && readsSame(one.name, name);
  return among.find((one) => !taken.has(one.id) && isTwin(one));
}
