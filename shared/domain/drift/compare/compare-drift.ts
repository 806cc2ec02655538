import type { GroupReading } from '../../group/group.ts';
import type { Lane } from '../../lane/change-ref.ts';
import type { DesiredGroup } from '../../records/desired-group.ts';
import { byHarm } from '../by-harm.ts';
import { countDrifted } from '../drift.ts';
import type { DriftReport, NotChecked, UnmanagedGroup, Writer } from '../report.ts';
import { existenceFindings, type Pattern } from './existence-findings.ts';
import { changedFindings } from './field-findings.ts';
import { liveTenant } from './live-tenant.ts';
import { isFullyStated, managedGroups } from './managed-groups.ts';
import { type Doubt, membershipFindings } from './membership-findings.ts';
import { notChecked } from './not-checked.ts';
import type { AbsenceCheck, ApplicationListing, GroupListing } from './readings.ts';
import { type Comparison, groupWriter } from './subject.ts';
import type { AtWork } from './work-under-way.ts';
import { writerReader } from './writer-of.ts';

export type DriftInput = {
  lane: Lane;
  tenants: readonly string[];
  /** Epoch ms. */
  startedAt: number;
  finishedAt: number;
  /** Read after the live groups, with what settled changes owe folded in. */
  desired: readonly DesiredGroup[];
  listings: readonly GroupListing[];
  absenceChecks: readonly AbsenceCheck[];
  /** Read after the groups; empty: not read. */
  applications: readonly ApplicationListing[];
  /** The work that explains differences of these live groups. */
  atWork: (live: ReadonlyMap<string, GroupReading>) => AtWork;
  /** Records that cannot be read: desired groups, and open changes of which nobody can tell what they are about. */
  unreadable?: readonly UnreadableOfLane[];
  /** `modifiedBy` ids of this product's API clients, as its read-backs have shown them. */
  ourWriters: readonly string[];
  settings?: DriftSettings;
};

/** `groupId`: of a desired group; absent for an open change, which may be about any group. */
export type UnreadableOfLane = { groupId?: string; why: string };

/** The settings of a comparison; without them every writer is unknown, and no pattern names a group. */
export type DriftSettings = {
  /** `fitsLedger`: the stamp is of a write that this product's ledger holds. */
  nameWriter(seen: Pick<Writer, 'id' | 'at' | 'of'>, fitsLedger: boolean): Writer;
  patternOf(group: Pick<GroupReading, 'name' | 'microtenantId'>): Pattern;
};

const NO_SETTINGS: DriftSettings = {
  nameWriter: (seen, fitsLedger) => ({ ...seen, kind: fitsLedger ? 'own' : 'unknown' }),
  patternOf: () => 'none',
};

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * Compares live groups with the desired state: name, description, enabled and membership; ZPA owns everything else. The
 * order of groups, members and listings does not matter. Every finding is `new` or `in-flight`: `carry-over.ts` gives
 * it its state over time. A group that was not read is `notChecked`, never `missing`.
 */
export function compareDrift(input: DriftInput): DriftReport {
  const { lane, desired, absenceChecks, settings = NO_SETTINGS } = input;
  const live = liveTenant(input);
  const startedAt = iso(input.startedAt);
  const writerOf = writerReader(settings, input.ourWriters);
  const comparison: Comparison = { lane, startedAt, desired, live, atWork: input.atWork(live.groups), writerOf };
  const { alive, deleted } = managedGroups(desired, live, absenceChecks);
  const { unchecked, entries } = notChecked(input, alive, (id) => live.groups.has(id));
  const checked = alive.filter(({ groupId }) => !unchecked.has(groupId));
  const found = checked.flatMap((group) => {
    const here = live.groups.get(group.groupId);
    return here === undefined ? [] : [{ desired: group, found: here }];
  });
  const unread = unreadableRecords(input);
  const unreadIds = unread.flatMap(({ groupId }) => groupId ?? []);
  const missing = checked.filter(({ groupId }) => !live.groups.has(groupId));
  const existence = existenceFindings(comparison, { missing, deleted }, unreadIds, settings.patternOf);
  const membership = membershipFindings(comparison, found);
  const findings = [
    ...existence.findings,
    ...found.flatMap((one) => changedFindings(comparison, one.desired, one.found)),
    ...membership.findings,
  ];
  const gaps = [...entries, ...unread, ...membership.doubts.flatMap((doubt) => doubtEntry(comparison, doubt))];
  const unmanaged = existence.rest.flatMap(({ group, pattern }) => (pattern === 'foreign' ? [] : [{ group, pattern }]));
  const fully = checked.filter(isFullyStated).length;
  return {
    schemaVersion: 2,
    lane,
    tenants: input.tenants.toSorted(),
    startedAt,
    finishedAt: iso(input.finishedAt),
    complete: gaps.length === 0,
    ...scopeOf(input.listings),
    coverage: {
      live: live.groups.size,
      managed: alive.length + unreadIds.length,
      fullyStated: fully,
      partlyStated: checked.length - fully,
      unmanaged: unmanaged.length,
      foreign: existence.rest.length - unmanaged.length,
      notChecked: unchecked.size + countUnread(gaps, unchecked),
      drifted: countDrifted(findings),
    },
    findings: findings.toSorted(byHarm),
    notChecked: gaps.map((gap) => ({ ...gap, since: startedAt })),
    closed: [],
    unmanaged: unmanaged.toSorted(latestFirst).map(({ group, pattern }) => listedAs(comparison, group, pattern)),
    history: [],
  };
}

/** A list of one microtenant shows no other, so the report must not seem to cover them. */
function scopeOf(listings: readonly GroupListing[]): Pick<DriftReport, 'onlyMicrotenants'> {
  const ids = listings.flatMap(({ microtenantId }) => microtenantId ?? []);
  return ids.length === 0 || ids.length < listings.length ? {} : { onlyMicrotenants: [...new Set(ids)].toSorted() };
}

type Gap = Omit<NotChecked, 'since'>;

function unreadableRecords({ unreadable = [], tenants, lane }: DriftInput): Gap[] {
  return unreadable.map(({ groupId, why }) => ({
    tenant: tenants[0] ?? lane,
    ...(groupId !== undefined && { groupId }),
    code: 'record-malformed',
    reason: why,
    groups: groupId === undefined ? 0 : 1,
  }));
}

/** Two lists that disagree were read while an application moved; the next report tells what became of it. */
function doubtEntry({ atWork, live }: Comparison, { desired, applicationIds }: Doubt): Gap[] {
  const { tenant, microtenantId, groupId } = desired;
  const place = { id: groupId, names: [], microtenantId };
  const idle = applicationIds.filter((id) => {
    const name = live.application(id)?.name ?? id;
    return atWork(place, `app:${id}`, { id, name }) === 0;
  });
  if (idle.length === 0) return [];
  const reason = `Application segments moved while they were read: ${idle.slice(0, 10).join(', ')}`;
  return [{ tenant, microtenantId, groupId, code: 'moved-while-read', reason, groups: 0 }];
}

/** Groups, managed by a record that cannot be read or by no ticket, of which nothing is known but that they exist. */
function countUnread(gaps: readonly Gap[], unchecked: ReadonlySet<string>): number {
  const whole = gaps.filter(({ code }) => code === 'group-malformed' || code === 'record-malformed');
  return whole.filter(({ code, groupId }) =>
    groupId === undefined ? code === 'group-malformed' : !unchecked.has(groupId),
  ).length;
}

type Unmanaged = { group: GroupReading; pattern: UnmanagedGroup['pattern'] };

function latestFirst({ group: a }: Unmanaged, { group: b }: Unmanaged): number {
  return (b.modifiedTime ?? 0) - (a.modifiedTime ?? 0) || (a.id < b.id ? -1 : 1);
}

function listedAs(comparison: Comparison, group: GroupReading, pattern: UnmanagedGroup['pattern']): UnmanagedGroup {
  const { id, name, microtenantId, enabled, applicationIds } = group;
  const applicationCount = applicationIds.length;
  return { id, name, microtenantId, enabled, applicationCount, pattern, ...groupWriter(comparison, group) };
}
