import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { applicationReferences, destinationOf } from '../../../shared/domain/group/live-view.ts';
import { groupAfterWrite } from '../../../shared/domain/intent/intent-writes.ts';
import { takeOver } from './carry-out.ts';
import type { ConsoleEdit, Effect, Settle } from './chronicle.ts';
import { carriersOf, changedAnything, editedBetween, longestWindowMs, placeOf, stepWritesOf } from './effects.ts';
import { leftBehind } from './left-behind.ts';
import { applicationOf, contentOf, expectedOf, findGroup, type State } from './own-model.ts';
import type { Scene } from './scene.ts';
import { firstGroups, GROUP_IDS } from './small-tenant.ts';

/**
 * Goes through everything that happened in the order it happened, on a tenant of the judge's own: console edits as they
 * were made, writes as no more than what they changed. In the end both tenants must be the same, so nothing was
 * overwritten that no change named; and every outcome must be that of the plain model at that place.
 */
export function judgeReplay(scene: Scene): string[] {
  const { history, tenant } = scene;
  const breaches: string[] = [];
  const state: State = new Map(firstGroups(history.groups, history.homes).map((group) => [group.id, group]));
  const ruled = history.groups > history.ruled ? GROUP_IDS[history.ruled] : undefined;
  for (const { act } of timeline(scene, ruled, breaches)) act(state);
  if (contentOf(state) !== contentOf(tenant.groups)) {
    breaches.push(`the tenant is\n${contentOf(tenant.groups)}\nand should be\n${contentOf(state)}`);
  }
  return breaches;
}

type Happening = { at: number; rank: number; act: (state: State) => void };

function timeline(scene: Scene, ruled: string | undefined, breaches: string[]): Happening[] {
  const { chronicle } = scene;
  const effects = chronicle.effects.filter(changedAnything);
  const steps = stepsOf(scene);
  return [
    ...chronicle.edits.map(({ at, act }) => ({ at, rank: 1, act })),
    ...steps.map((step) => ({ at: step.at, rank: 0, act: (state: State) => judgeStep(state, step, ruled, breaches) })),
    ...effects.map((effect) => ({ at: effect.at, rank: 2, act: (state: State) => replay(scene, state, effect) })),
    ...steps.map((step) => ({ at: step.endsAt, rank: 3, act: (state: State) => judgeEnd(state, step, breaches) })),
  ].sort((a, b) => a.at - b.at || a.rank - b.rank);
}

/** Units that took place together, and what the model makes of them. */
type Step = {
  at: number;
  endsAt: number;
  /** In lane order. */
  settles: Settle[];
  /** Edits made at the console while the change was worked: the model knows nothing of their objects. */
  edits: ConsoleEdit[];
  /** The groups it wrote. */
  written: string[];
  /** A part of it waited for a setting, and writes that shared nothing with it went before the rest. */
  isSpread: boolean;
  expected?: string;
};

function stepsOf({ chronicle, history: { deaf, misset } }: Scene): Step[] {
  const units = chronicle.settles.filter(
    ({ outcome }) => outcome.kind !== 'superseded' && outcome.kind !== 'cancelled',
  );
  const groups = Map.groupBy(units, (settle) => stepKey(chronicle, settle));
  return [...groups.values()].map((settles) => {
    const writes = settles.flatMap((one) => stepWritesOf(chronicle, one));
    const at = Math.min(...settles.map((one) => placeOf(chronicle, one)));
    const takenUp = (one: Settle) => chronicle.takenUp.get(one.unit)?.findLast((when) => when <= at) ?? at;
    const workedSince = (one: Settle) => takenUpForWrite(chronicle, one) ?? one.takenUpAt;
    const since = (one: Settle) => (writes.length > 0 ? takenUp(one) : workedSince(one));
    const edits = chronicle.edits.filter((edit) => settles.some((one) => since(one) <= edit.at && edit.at <= one.at));
    const endsAt = Math.max(at, ...writes.map((one) => one.at));
    const written = writes.map((one) => one.groupId);
    const isSpread = deaf && misset && endsAt > at;
    return { at, endsAt, edits, written, isSpread, settles: settles.toSorted((a, b) => a.sequence - b.sequence) };
  });
}

/**
 * When the worker took the change up for the write that it is `applied` by, though that write changed nothing: a colleague
 * made the same edit between the read and the write. A failed read-back takes the change up again, after that edit.
 */
function takenUpForWrite(chronicle: Scene['chronicle'], { unit, outcome }: Settle): number | undefined {
  if (outcome.kind !== 'applied') return undefined;
  const [write] = carriersOf(chronicle, unit).filter(({ intent }) => intent?.writeId === outcome.writeId);
  return write && chronicle.takenUp.get(unit)?.findLast((when) => when <= write.sentAt);
}

/** Members of one intent that took effect are one step; everything else is a step of its own. */
const stepKey = (chronicle: Scene['chronicle'], settle: Settle): string =>
  stepWritesOf(chronicle, settle)[0]?.intent?.writeId ?? settle.unit;

/** Rejections that come from what went wrong on the way, or from the time and the set, not from the change and the tenant; and from
 * the configuration, which `judge-configuration.ts` judges. */
const MISFORTUNES = new Set([
  'not-permitted',
  'guarded',
  'zpa-refused',
  'unclassified',
  'worker-crashed',
  'outcome-unknown',
  'retry-window-exhausted',
  'window-closed',
  'not-attempted',
]);

function judgeStep(state: State, step: Step, ruled: string | undefined, breaches: string[]): void {
  const touchesWritten = (edit: ConsoleEdit) => step.written.some((id) => edit.left.has(id));
  const concernsOne = (edit: ConsoleEdit) => step.settles.some(({ change }) => concerns(edit, change, state));
  if (step.edits.some((edit) => touchesWritten(edit) || concernsOne(edit))) return;
  // In doubt is in doubt: half of it may show.
  if (step.settles.some(({ outcome }) => outcome.kind === 'rejected' && outcome.code === 'outcome-unknown')) return;
  let after = state;
  for (const { unit, change, outcome } of step.settles) {
    const actual = outcome.kind === 'rejected' ? `rejected ${outcome.code}` : outcome.kind;
    if (outcome.kind === 'rejected' && MISFORTUNES.has(outcome.code)) {
      after = leftBehind(after, outcome);
      continue;
    }
    const expected = expectedOf(after, change, ruled);
    if (expected.verdict !== actual) breaches.push(`${unit} is ${actual} and should be ${expected.verdict}`);
    after = expected.after;
  }
  if (!step.isSpread && !step.edits.some(({ at }) => step.at <= at && at <= step.endsAt))
    step.expected = contentOf(after);
}

/** The change's decision, or whether it is carried out, may depend on this edit. */
function concerns(edit: ConsoleEdit, change: ChangeRequest, state: State): boolean {
  const applications = applicationReferences(change).map(applicationOf);
  const homes = [...state.values()].filter((one) => one.applicationIds.some((id) => applications.includes(id)));
  const named = [change.group, destinationOf(change)].map((one) => one && findGroup(state, one)?.id);
  const groups = [...named, ...homes.map((one) => one.id)];
  return (
    edit.named ||
    groups.some((id) => id !== undefined && edit.left.has(id)) ||
    edit.applications.some((id) => applications.includes(id))
  );
}

function judgeEnd(state: State, { expected, settles }: Step, breaches: string[]): void {
  if (expected === undefined || expected === contentOf(state)) return;
  const units = settles.map(({ unit }) => unit).join();
  breaches.push(`${units} left\n${contentOf(state)}\nand should have left\n${expected}`);
}

/** A write as no more than the difference it was meant to make. */
function replay({ chronicle, history }: Scene, state: State, effect: Effect): void {
  const { write, groupId, intent } = effect;
  if (write.kind === 'delete') {
    state.delete(groupId);
    return;
  }
  const planned = intent?.writes[intent.cursor];
  const intended = planned && groupAfterWrite(planned);
  const group = write.kind === 'create' ? intended : state.get(groupId);
  if (planned === undefined || intended == null || group == null) return;
  const { before } = planned;
  const next: SegmentGroup = { ...group, id: groupId };
  if (write.kind === 'update' && before !== null) {
    // ZPA takes name, description and enabled whole: an edit between read and write is lost, and documented so.
    const readAt = Math.max(effect.readAt, effect.sentAt - longestWindowMs(effect));
    const inWindow = editedBetween(chronicle, readAt, effect.at);
    if (inWindow || write.fields.name !== before.name) next.name = write.fields.name;
    if (inWindow || write.fields.description !== before.description) next.description = write.fields.description;
    if (inWindow || write.fields.enabled !== before.enabled) next.enabled = write.fields.enabled;
    const base = write.via === 'v1' && inWindow ? before.applicationIds : group.applicationIds;
    const left = base.filter((id) => !write.deletedApps.includes(id));
    // Additions that such a tenant's v2 ignores are no effect of ours, and nothing is overwritten by them.
    const heard = !(history.deaf && write.via === 'v2');
    if (heard) next.applicationIds = [...new Set([...left, ...write.addedApps])].sort();
  }
  takeOver(state, groupId, next.applicationIds);
  state.set(groupId, next);
}
