import type { SegmentGroup } from '../group/group.ts';
import type { Lane } from '../lane/change-ref.ts';
import { type InFlight, membershipDrift, newestClaims } from '../ledger/membership-history.ts';
import type { DesiredGroup } from '../records/desired-group.ts';
import { comparableText, isSameText } from '../text/same-text.ts';
import {
  type Approval,
  type Coverage,
  type DriftReport,
  type FieldDrift,
  type Finding,
  isDrift,
  type LastWriter,
} from './drift.ts';
import { type AbsenceCheck, type GroupListing, isDeleted, knownName, listed, notChecked } from './group-listings.ts';

export type DriftInput = {
  lane: Lane;
  tenants: string[];
  /** Epoch ms. */
  startedAt: number;
  finishedAt: number;
  /** Read after the live groups. */
  desired: readonly DesiredGroup[];
  listings: readonly GroupListing[];
  absenceChecks: readonly AbsenceCheck[];
  inFlight: InFlight;
  /** Records that cannot be read: desired groups, and open changes of which nobody can tell what they are about. */
  unreadable?: readonly UnreadableOfLane[];
  /** `modifiedBy` ids of this product's API clients; empty: not known. */
  ourWriters: readonly string[];
};

/** `groupId`: of a desired group; absent for an open change, which may be about any group. */
export type UnreadableOfLane = { groupId?: string; why: string };

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * Compares live groups with the desired state. The order of groups, members and listings does not matter. Only name,
 * description, enabled and membership are compared; ZPA owns everything else. A group that was not read is
 * `not-checked`, never `missing`.
 */
export function compareDrift(input: DriftInput): DriftReport {
  const live = listed(input.listings);
  for (const check of input.absenceChecks) {
    if (check.result !== 'absent' && 'group' in check.result) live.set(check.groupId, check.result.group);
  }
  const desired = input.desired.toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1));
  const alive = desired.filter((group) => !isDeleted(group));
  const { unchecked, findings: gaps } = notChecked(input, alive, live);

  const claims = newestClaims(alive);
  const unread = unreadableFindings(input);
  const unreadGroups = unread.flatMap(({ groupId }) => groupId ?? []);
  const known = new Set([...desired.map((group) => group.groupId), ...unreadGroups]);
  const untracked = [...live.values()].filter((group) => !known.has(group.id));
  const findings: Finding[] = [];
  for (const group of alive.filter((each) => !unchecked.has(each.groupId))) {
    const found = live.get(group.groupId);
    if (found === undefined) findings.push(missing(input, group, untracked));
    else findings.push(...changed(input, group, found), ...membership(input, group, found, claims));
  }
  findings.push(...resurrected(input, desired.filter(isDeleted), live, untracked));
  const returned = new Set(findings.flatMap((finding) => (finding.kind === 'resurrected' ? [finding.groupId] : [])));
  findings.push(...untracked.filter((group) => !returned.has(group.id)).map((group) => unmanaged(input, group)));

  return {
    schemaVersion: 1,
    lane: input.lane,
    tenants: input.tenants.toSorted(),
    startedAt: iso(input.startedAt),
    finishedAt: iso(input.finishedAt),
    complete: gaps.length === 0 && unread.length === 0,
    coverage: coverage(live.size, alive.length + unreadGroups.length, unchecked.size + unreadGroups.length, findings),
    findings: [...findings.toSorted(inReportOrder), ...gaps, ...unread],
    applicationNames: {},
  };
}

function unreadableFindings({ unreadable = [], tenants, lane }: DriftInput) {
  return unreadable.map(({ groupId, why }) => ({
    kind: 'not-checked' as const,
    tenant: tenants[0] ?? lane,
    ...(groupId !== undefined && { groupId }),
    code: 'record-malformed',
    reason: why,
    groups: groupId === undefined ? 0 : 1,
  }));
}

const ORDER: Record<Finding['kind'], number> = {
  missing: 0,
  changed: 1,
  membership: 2,
  resurrected: 3,
  unmanaged: 4,
  'not-checked': 5,
};

function inReportOrder(a: Finding, b: Finding): number {
  const [x, y] = [a.groupId ?? '', b.groupId ?? ''];
  return ORDER[a.kind] - ORDER[b.kind] || (x < y ? -1 : x > y ? 1 : 0);
}

function coverage(live: number, managed: number, notCheckedGroups: number, findings: readonly Finding[]): Coverage {
  const groupsOf = (list: Finding[]) => new Set(list.map((finding) => finding.groupId));
  const ofManaged = findings.filter((one) => ['missing', 'changed', 'membership'].includes(one.kind));
  const drifted = groupsOf(ofManaged.filter(isDrift));
  const inFlight = groupsOf(ofManaged.filter((one) => !isDrift(one)));
  return {
    live,
    managed,
    unmanaged: findings.filter((one) => one.kind === 'unmanaged').length,
    inSync: managed - notCheckedGroups - drifted.size - inFlight.size,
    drifted: drifted.size,
    inFlight: inFlight.size,
    notChecked: notCheckedGroups,
    resurrected: findings.filter((one) => one.kind === 'resurrected').length,
  };
}

function subject(input: DriftInput, group: DesiredGroup, found?: SegmentGroup) {
  const { key, source, ticket, at } = group.last;
  const names = [group.name?.value, group.seenName?.value, found?.name].filter((name) => name !== undefined);
  return {
    groupId: group.groupId,
    name: group.name?.value ?? found?.name ?? knownName(group) ?? '',
    microtenantId: group.microtenantId,
    tenant: group.tenant,
    approval: { key, source, ticket, at: iso(at) } satisfies Approval,
    pending: input.inFlight(group.groupId, names),
  };
}

function lastWriter(input: DriftInput, group: SegmentGroup): { lastWriter?: LastWriter } {
  if (group.modifiedBy === undefined) return {};
  const at = group.modifiedTime === undefined ? {} : { at: iso(group.modifiedTime * 1000) };
  const ours = input.ourWriters.length === 0 ? {} : { ours: input.ourWriters.includes(group.modifiedBy) };
  return { lastWriter: { id: group.modifiedBy, ...at, ...ours } };
}

/** A live group of the same name that no ticket touched. */
function twinOf(group: DesiredGroup, untracked: readonly SegmentGroup[]): SegmentGroup | undefined {
  const { microtenantId } = group;
  const name = knownName(group);
  if (name === undefined) return undefined;
  return untracked.find((each) => each.microtenantId === microtenantId && isSameText(each.name, name));
}

function missing(input: DriftInput, group: DesiredGroup, untracked: readonly SegmentGroup[]): Finding {
  const twin = twinOf(group, untracked);
  return { kind: 'missing', ...subject(input, group), ...(twin && { sameName: twin.id }) };
}

/** Unicode form and outer blanks are not drift: ZPA sometimes returns them changed. */
const normalized = (text: string) => comparableText(text).trim();

function changed(input: DriftInput, group: DesiredGroup, found: SegmentGroup): Finding[] {
  const differences: FieldDrift[] = [];
  for (const field of ['name', 'description', 'enabled'] as const) {
    const approved = group[field];
    if (approved === undefined) continue;
    const [desired, live] = [String(approved.value), String(found[field])];
    if (normalized(desired) !== normalized(live)) differences.push({ field, desired, live, key: approved.key });
  }
  if (differences.length === 0) return [];
  return [{ kind: 'changed', ...subject(input, group, found), differences, ...lastWriter(input, found) }];
}

function membership(
  input: DriftInput,
  group: DesiredGroup,
  found: SegmentGroup,
  claims: ReadonlyMap<string, number>,
): Finding[] {
  const { added, removed } = membershipDrift(group, found, claims);
  if (added.length + removed.length === 0) return [];
  return [{ kind: 'membership', ...subject(input, group, found), added, removed, ...lastWriter(input, found) }];
}

function resurrected(
  input: DriftInput,
  deleted: readonly DesiredGroup[],
  live: ReadonlyMap<string, SegmentGroup>,
  untracked: readonly SegmentGroup[],
): Finding[] {
  const reported = new Set<string>();
  const latestFirst = deleted.toSorted((a, b) => b.last.sequence - a.last.sequence);
  return latestFirst.flatMap((group): Finding[] => {
    const twin = twinOf(group, untracked);
    const found = live.get(group.groupId) ?? twin;
    if (found === undefined || reported.has(found.id)) return [];
    reported.add(found.id);
    const about = { ...subject(input, group, found), groupId: found.id, name: found.name };
    return [{ kind: 'resurrected', ...about, deletedId: group.groupId, ...lastWriter(input, found) }];
  });
}

function unmanaged(input: DriftInput, group: SegmentGroup): Finding {
  return {
    kind: 'unmanaged',
    groupId: group.id,
    name: group.name,
    microtenantId: group.microtenantId,
    pending: input.inFlight(group.id, [group.name]),
    enabled: group.enabled,
    applicationCount: group.applicationIds.length,
    ...lastWriter(input, group),
  };
}
