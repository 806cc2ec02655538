import {
  type ChangeRequest,
  membershipOf,
  type Reference,
  referenceKey,
} from '../../../shared/domain/change/change.ts';
import { applicationReferences, newNameOf } from '../../../shared/domain/group/live-view.ts';
import { isSameSet } from '../../../shared/domain/ledger/change-set.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { createKeySet } from './key-set.ts';

/**
 * Chooses the open changes that the worker takes up next (docs/architecture.md#one-step). A lane is worked in ledger order.
 * Membership changes of one group are coalesced into one step; they may pass changes that share no group, name or
 * application with them. References that may lead to the same object (an id and a name) count as shared.
 */

/** Bounds that keep an intent within one ledger item. */
const MAX_STEP_CHANGES = 50;
const MAX_STEP_APPLICATIONS = 1000;

/** In lane order. */
export type Step = readonly [ChangeRecord, ...ChangeRecord[]];

/**
 * Answers a step. `open`: unsettled changes of the lane, lowest sequence first, at least one.
 * `awaiting`: changes that await their read-back; a step may pass them only under the same condition.
 */
export function chooseStep(
  open: readonly ChangeRecord[],
  lane: Pick<LaneRecord, 'oneByOneUntil'>,
  awaiting: readonly ChangeRecord[] = [],
): Step {
  const [head, ...rest] = open;
  if (head === undefined) throw new Error('a step needs an open change');
  const records: [ChangeRecord, ...ChangeRecord[]] = [head];
  if (!mustBeAlone(head, lane) && isMembershipOnly(head)) {
    const taken = startStep(head);
    const passed = { groups: createKeySet(), applications: createKeySet() };
    const passOver = (record: ChangeRecord) => {
      passed.groups.add(groupKeys(record));
      passed.applications.add(applicationKeys(record));
    };
    awaiting.forEach(passOver);
    for (const candidate of rest) {
      if (taken.isFullFor(candidate)) break;
      const isFree =
        !passed.groups.mayOverlap(groupKeys(candidate)) && !passed.applications.mayOverlap(applicationKeys(candidate));
      if (isFree && taken.takes(candidate)) {
        records.push(candidate);
        taken.put(candidate);
      } else {
        passOver(candidate);
      }
    }
  }
  return records;
}

/** A coalesced write was refused or crashed the worker: up to `oneByOneUntil` each change is taken by itself. */
export const mustBeAlone = (
  { sequence }: ChangeRecord,
  { oneByOneUntil }: Pick<LaneRecord, 'oneByOneUntil'>,
): boolean => oneByOneUntil !== undefined && sequence <= oneByOneUntil;

/** The change only adds or removes applications: it may change places with such changes of other applications. */
function isMembershipOnly({ change }: ChangeRecord): boolean {
  if (change.action !== 'update' || change.set !== undefined || change.expect !== undefined || isMove(change))
    return false;
  const requested = membershipOf(change);
  return requested !== undefined && requested.replace === undefined;
}

/** A step as far as it is chosen. */
function startStep(head: ChangeRecord) {
  const group = groupKeys(head).join();
  const added = createKeySet();
  const removed = createKeySet();
  let changes = 0;
  let applications = 0;
  const step = {
    put(record: ChangeRecord): void {
      const requested = directions(record);
      changes += 1;
      applications += applicationReferences(record.change).length;
      added.add(requested.added);
      removed.add(requested.removed);
    },
    isFullFor: ({ change }: ChangeRecord): boolean =>
      changes >= MAX_STEP_CHANGES || applications + applicationReferences(change).length > MAX_STEP_APPLICATIONS,
    /** True if the change may join: the step must not add an application that it also removes, also not under another reference. */
    takes(candidate: ChangeRecord): boolean {
      if (!isMembershipOnly(candidate) || !sameScope(head, candidate) || groupKeys(candidate).join() !== group)
        return false;
      const requested = directions(candidate);
      return !added.mayOverlap(requested.removed) && !removed.mayOverlap(requested.added);
    },
  };
  step.put(head);
  return step;
}

/** A name leads to the same object only within one tenant and microtenant. */
export const sameScope = (a: ChangeRecord, b: ChangeRecord) =>
  a.change.tenant === b.change.tenant && a.change.microtenant === b.change.microtenant;

function directions({ change }: ChangeRecord): { added: string[]; removed: string[] } {
  const requested = change.action === 'update' ? membershipOf(change) : undefined;
  const keys = (list: Reference[] | undefined) => (list ?? []).map(referenceKey);
  return { added: keys(requested?.add), removed: keys(requested?.remove) };
}

/** Two changes share a group, a name, an application or their change set, or may do so: one must not overtake the other. */
export function shares(a: Pick<ChangeRecord, 'ref' | 'change'>, b: Pick<ChangeRecord, 'ref' | 'change'>): boolean {
  if (isSameSet(a, b)) return true;
  return mayOverlap(groupKeys(a), groupKeys(b)) || mayOverlap(applicationKeys(a), applicationKeys(b));
}

/** The change may write other groups than the one that it names. */
export function isMove(change: ChangeRequest): boolean {
  if (change.action === 'update') return change.takeFromOtherGroups || change.moveTo !== undefined;
  return change.action === 'delete' && change.moveApplicationsTo !== undefined;
}

/** A move may touch any group: `*` overlaps every key. */
function groupKeys({ change }: Pick<ChangeRecord, 'change'>): string[] {
  if (isMove(change)) return ['*'];
  const newName = newNameOf(change);
  const keys = [referenceKey(change.group), ...(newName === undefined ? [] : [`name:${newName}`])];
  return [...new Set(keys)];
}

/** A change that states the whole membership touches applications that it does not name: `*` overlaps every key. */
function applicationKeys({ change }: Pick<ChangeRecord, 'change'>): string[] {
  const replacesAll = change.action === 'update' && membershipOf(change)?.replace !== undefined;
  return replacesAll ? ['*'] : applicationReferences(change).map(referenceKey);
}

function mayOverlap(a: readonly string[], b: readonly string[]): boolean {
  const keys = createKeySet();
  keys.add(a);
  return keys.mayOverlap(b);
}

type Places = Pick<LaneRecord, 'through' | 'skipped'>;

/**
 * Open changes that were stored below a sequence that is already settled (two deliveries raced between taking a sequence and
 * writing the record). They get a new sequence, so that effects keep the order of the ledger. One that is written and awaits its
 * read-back keeps its own: its effect has its place already.
 */
export function lateComers(
  unsettled: readonly ChangeRecord[],
  { through, skipped, answered = [] }: Places & Pick<LaneRecord, 'answered'>,
): ChangeRecord[] {
  const written = answered.flatMap(({ members }) => members.map(({ sequence }) => sequence));
  const expected = new Set([...skipped, ...written]);
  return unsettled.filter(({ sequence }) => sequence < through && !expected.has(sequence));
}

/** The open places that a step passes over, or an earlier step has: once this one is settled, they are no late-comers. */
export function placesPassed(
  step: readonly ChangeRecord[],
  unsettled: readonly ChangeRecord[],
  { skipped }: Pick<LaneRecord, 'skipped'>,
): number[] {
  const last = step.at(-1)?.sequence ?? 0;
  const isPassed = (one: ChangeRecord) =>
    skipped.includes(one.sequence) || (one.sequence < last && !step.includes(one));
  return unsettled.filter(isPassed).map(({ sequence }) => sequence);
}

/**
 * How far the lane came by the changes that a worker named before it crashed: the highest settled place, and the open ones below
 * it.
 */
export function placesNamed(unsettled: readonly ChangeRecord[], { working, through, skipped }: LaneRecord): Places {
  const named = (working?.members ?? []).map((member) => member.sequence);
  const open = new Set(unsettled.map(({ sequence }) => sequence));
  const highest = Math.max(through, ...named.filter((sequence) => !open.has(sequence)));
  const passed = named.filter((sequence) => sequence < highest && open.has(sequence));
  return { through: highest, skipped: [...new Set([...skipped, ...passed])] };
}
