import {
  type AcceptRequest,
  type ChangeRequest,
  membershipOf,
  type Reference,
  referenceKey,
} from '../domain/change/change.ts';
import type { SegmentGroup, ZpaFault } from '../domain/group/group.ts';
import {
  type ApprovedBefore,
  applicationsToRead,
  destinationOf,
  type Found,
  type LiveView,
  newNameOf,
  type SoughtBefore,
} from '../domain/group/live-view.ts';
import { type DatedRules, type IsEnough, isInUse, type RuleReading, scanFor } from '../domain/group/policy-rule.ts';
import { idsRemoved } from '../domain/outcome/parts-sought.ts';
import { movesCertainly } from '../domain/reach/alters-reach.ts';
import { isSameText } from '../domain/text/same-text.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { readExisting, readFound } from './read-group.ts';
import type { IsNeeded } from './read-rules.ts';
import { idAndName, type NameLookup, readApplications, resolveGroup, scopeOf } from './resolve-names.ts';
import { readEveryRule } from './rules/every-rule.ts';

/**
 * Reads the live state that one step is decided on, in the order that keeps the window of a whole-object write short:
 * names, applications and rules first, the group itself last, by its id, never from a list
 * (docs/architecture.md#known-windows).
 */
export type LiveReading = NameLookup & {
  clock: Pick<Clock, 'now'>;
  /** Policy rules for the reach of the step, `isNew`: of a new group; a delete reads all rules anew instead. */
  rules(isNew: boolean, isNeeded?: IsNeeded): Promise<RuleReading>;
  /** Tells whether the changes alter the reach of any rule; without it, whatever may alter it counts. */
  altersReach?(live: LiveView): boolean;
  /** All rules of these microtenants; read now if absent. */
  allRules?(microtenantIds: readonly string[], isEnough: IsEnough): Promise<DatedRules>;
  /** Waits until the budget allows the remaining calls one right after the other. */
  beforeGroup?(calls: { reads: number; writes: number }): Promise<void>;
  /** Reads the states that tickets approved before an accept; absent for a plan, which does not know the ledger. */
  approvedBefore?(change: AcceptRequest): Promise<ApprovedBefore>;
  /** Reads the approved states that the step would end and ZPA lacks; absent for a plan. */
  soughtBefore?(): Promise<SoughtBefore | undefined>;
  /** The cached id of a group of that name; undefined if none is cached, and then the group is searched for. */
  knownId?(name: string): Promise<string | undefined>;
};

/** A search for a name and the read of the object that it finds do not agree, as where a replica of ZPA lags. */
class NamesDifferError extends Error {
  override readonly name = 'NamesDifferError';
  readonly fault: ZpaFault;

  constructor() {
    super('what was found by its name has another name, or is gone');
    const { message: reason } = this;
    // A replica that lags passes with the next try, and a search that never agrees ends the change after its tries.
    this.fault = { code: 'names-differ', class: 'unknown', scope: 'change', effect: 'none', reason };
  }
}

/**
 * Reads the live state for `changes`, which one step writes together. A group or an application that a change names has that
 * name also when it is read by its id: otherwise it is searched for once more, and then the fault is `names-differ`. Rejects as
 * the `Zpa` port does.
 */
export async function readLive(zpa: Zpa, changes: readonly ChangeRequest[], reading: LiveReading): Promise<LiveView> {
  const live =
    (await readOnce(zpa, changes, reading)) ??
    (await readOnce(zpa, changes, { ...reading, knownId: async () => undefined }).catch(undefinedIfOlder));
  if (live === undefined) throw new NamesDifferError();
  return live;
}

/** A lane that has just read the group refuses the same search as older: without a count of tries that would go on for ever. */
function undefinedIfOlder(error: unknown): undefined {
  if (!isZpaFault(error) || error.fault.code !== 'older-reading') throw error;
}

/** undefined: an object that was found by its name does not have that name. */
async function readOnce(
  zpa: Zpa,
  changes: readonly ChangeRequest[],
  reading: LiveReading,
): Promise<LiveView | undefined> {
  const [change] = changes;
  if (change === undefined) throw new Error('a step holds a change');
  const names = await lookUp(zpa, change, changes, reading);
  if (names === undefined) return undefined;
  const { applications, nameTakenBy, approvedBefore, groupId } = names;
  const before = { applications, nameTakenBy, approvedBefore, soughtBefore: undefined };
  let looked: Ends | undefined;
  /** The groups are read before the rules where they may show that no rule is needed; else they are read again after them. */
  const isNeeded = async () => {
    const seen = await readEnds(zpa, change, names, reading);
    const alters = reading.altersReach?.({ ...before, ...seen, rules: undefined, reading: NO_RULES }) ?? true;
    looked = alters ? undefined : seen;
    return alters;
  };
  const certain =
    reading.altersReach === undefined || changes.some((one) => movesCertainly(one, applications, groupId));
  const rules = await rulesFor(zpa, change, groupId, reading, certain ? undefined : isNeeded);
  const read = looked ?? (await readEnds(zpa, change, names, reading));
  const { group, destination } = read;
  if (isNamedOtherwise(change.group, groupId, group)) return undefined;
  if (isNamedOtherwise(destinationOf(change), names.destinationId, destination)) return undefined;
  const soughtBefore = isInVain(changes, group, applications) ? await reading.soughtBefore?.() : undefined;
  return { ...before, ...read, ...rules, soughtBefore };
}

/** The objects to which the names of the changes lead, before any group is read. */
type LookedUp = Pick<LiveView, 'applications' | 'nameTakenBy' | 'approvedBefore'> & {
  groupId: Found<string>;
  sourceIds: string[];
  destinationId: Found<string> | undefined;
};

/** undefined: an application segment that was found by its name does not have that name. */
async function lookUp(
  zpa: Zpa,
  change: ChangeRequest,
  changes: readonly ChangeRequest[],
  reading: LiveReading,
): Promise<LookedUp | undefined> {
  const approvedBefore = change.action === 'accept' ? await reading.approvedBefore?.(change) : undefined;
  const references = changes.flatMap((one) => applicationsToRead(one, approvedBefore));
  const applications = await readApplications(zpa, references, reading);
  if (applications === undefined) return undefined;
  const known = 'name' in change.group ? await reading.knownId?.(change.group.name) : undefined;
  const groupId: Found<string> =
    known === undefined
      ? await resolveGroup(zpa, change.group, reading, change.action === 'create')
      : { kind: 'found', value: known };
  const newName = change.action === 'update' ? newNameOf(change) : undefined;
  const nameTakenBy = newName === undefined ? [] : (await zpa.findGroups(newName, scopeOf(reading))).map(idAndName);
  const sourceIds = sourcesOf(change, applications, groupId);
  const destination = destinationOf(change);
  const destinationId = destination && (await resolveGroup(zpa, destination, reading));
  return { applications, nameTakenBy, approvedBefore, groupId, sourceIds, destinationId };
}

/** The groups and application segments that are written, each as one read shows it. */
type Ends = Pick<LiveView, 'sources' | 'destination' | 'group' | 'memberNames'>;

/** Reads the groups of a change one right after the other, its own last. */
async function readEnds(
  zpa: Zpa,
  change: ChangeRequest,
  { sourceIds, destinationId, groupId }: LookedUp,
  reading: LiveReading,
): Promise<Ends> {
  const ends = sourceIds.length + (destinationId === undefined ? 0 : 1);
  // Emptying a group before it is deleted is one more write to it.
  const emptying = change.action === 'delete' && destinationId !== undefined ? 1 : 0;
  // Each write of a move but the first reads its group once more.
  const later = ends + emptying;
  await reading.beforeGroup?.({ reads: 1 + ends + later, writes: change.action === 'accept' ? 0 : 1 + later });
  const scope = scopeOf(reading);
  const memberNames = new Map<string, string>();
  const sources = await readExisting(zpa, sourceIds, scope, memberNames);
  const destination = destinationId && (await readFound(zpa, destinationId, scope, memberNames));
  const group = await readFound(zpa, groupId, scope, memberNames);
  return { sources, destination, group, memberNames };
}

const NO_RULES: RuleReading = { status: 'unread', reason: 'the policy rules are not read yet' };

/** Tells whether ZPA lacks what one of the changes would end. */
function isInVain(
  changes: readonly ChangeRequest[],
  group: LiveView['group'],
  applications: LiveView['applications'],
): boolean {
  return changes.some(
    (change) =>
      (change.action === 'delete' && group.kind === 'missing') ||
      idsRemoved(change).some((id) => applications.get(referenceKey({ id }))?.kind === 'missing'),
  );
}

/** The reference is a name, by which a group was found that does not have it, or is gone. */
const isNamedOtherwise = (
  reference: Reference | undefined,
  searched: Found<string> | undefined,
  read: Found<SegmentGroup> | undefined,
): boolean =>
  reference !== undefined &&
  'name' in reference &&
  searched?.kind === 'found' &&
  !(read?.kind === 'found' && isSameText(read.value.name, reference.name));

/** A delete is decided on all rules, read now; the reach of other changes on rules cached for some minutes. */
async function rulesFor(
  zpa: Zpa,
  change: ChangeRequest,
  groupId: Found<string>,
  reading: LiveReading,
  isNeeded: IsNeeded | undefined,
): Promise<Pick<LiveView, 'rules' | 'reading'>> {
  const isNew = groupId.kind === 'missing';
  if (change.action !== 'delete') return { rules: undefined, reading: await reading.rules(isNew, isNeeded) };
  if (groupId.kind !== 'found') {
    return { rules: undefined, reading: { status: 'unread', reason: 'there is no segment group' } };
  }
  const isEnough: IsEnough = (rules) => isInUse(groupId.value, rules);
  const all = await readEveryRule(zpa, reading, { clock: reading.clock, isEnough, read: reading.allRules });
  return { rules: scanFor(groupId.value, all), reading: { status: 'read', ...all } };
}

/** The other groups that a change takes applications from: each is written too, so each is read. */
function sourcesOf(change: ChangeRequest, applications: LiveView['applications'], groupId: Found<string>): string[] {
  if (change.action !== 'update' || !change.takeFromOtherGroups) return [];
  const membership = membershipOf(change);
  const homes = (membership?.replace ?? membership?.add ?? []).map((reference) => {
    const found = applications.get(referenceKey(reference));
    return found?.kind === 'found' ? found.value.segmentGroupId : undefined;
  });
  const own = groupId.kind === 'found' ? groupId.value : undefined;
  return [...new Set(homes)].filter((id) => id !== undefined && id !== own).map(String);
}
