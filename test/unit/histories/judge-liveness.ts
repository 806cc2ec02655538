import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { unitOf } from './chronicle.ts';
import { touchesOf } from './judge-order.ts';
import { namesOfObject } from './lasting-fault.ts';
import type { Scene } from './scene.ts';
import { firstGroups } from './small-tenant.ts';

/** Outages, freezes and crashes of a history hold everything up for so long at most. */
const OTHER_TROUBLE_MS = 3_600_000;
/** The six tries of one change that the fault concerns, which hold its lane. */
const TRIES_MS = 1_800_000;
/**
 * The tries of one change that meets a 429: half an hour is over in the next to last pause, and each pause is an eighth of all
 * waited before. A step of two changes is tried as a whole first, and then each of them.
 */
const LIMITED_TRIES_MS = 3_600_000;

/** Under a fault of one object that never passes, every change that has nothing to do with that object ends in time. */
export function judgeLiveness(scene: Scene): string[] {
  return waitsOf(scene)
    .filter(isTooLong)
    .map(({ unit, waitMs }) => `${unit} waited ${waitMs} ms because of ${scene.history.lasting?.call}`);
}

/** How long a change waited, and how long it may at most in its history. */
export type Wait = { unit: string; waitMs: number; boundMs: number };
export const isTooLong = ({ waitMs, boundMs }: Wait): boolean => waitMs > boundMs;

/** The longest that the changes which the lasting fault concerns hold their lane up, one after the other. */
export function heldUpMs(scene: Scene): number {
  const { lasting } = scene.history;
  if (lasting === undefined) return 0;
  const concerned = unitsOf(scene).filter((one) => one.concerned).length;
  return concerned * (lasting.kind === 'limited' ? LIMITED_TRIES_MS : TRIES_MS);
}

/** The waits of the changes that the lasting fault does not concern: from acceptance, redrive or their own time to the end. */
export function waitsOf(scene: Scene): Wait[] {
  const { opened } = scene.chronicle;
  const boundMs = OTHER_TROUBLE_MS + heldUpMs(scene);
  return scene.history.lasting === undefined
    ? []
    : unitsOf(scene)
        .filter(({ concerned }) => !concerned)
        .map(({ unit, change, at }) => ({
          unit,
          waitMs: at - Math.max(opened.get(unit) ?? TEST_START, opens(change)),
          boundMs,
        }));
}

const opens = ({ notBefore }: ChangeRequest): number => (notBefore === undefined ? 0 : Date.parse(notBefore));

/** Keys of the changes that the lasting fault concerns. */
export const concernedKeys = (scene: Scene): Set<string> =>
  new Set(unitsOf(scene).flatMap(({ ref, concerned }) => (concerned ? [ref.idempotencyKey] : [])));

/** Every generation of every change, and whether it hangs together with the object of the lasting fault. */
function unitsOf({ chronicle, truth, history, clock, lane }: Scene) {
  const open = truth.allChanges().filter(({ state, ref }) => state !== 'settled' && ref.lane === lane);
  const units = [
    ...chronicle.settles,
    ...open.map((one) => ({ ...one, unit: unitOf(one.ref, one.generation), at: clock.now() })),
  ].map(({ unit, ref, change, outcome, at }) => ({
    unit,
    ref,
    change,
    at,
    touches: tokensOf({ ref, change, outcome }),
  }));
  const groups = firstGroups(history.groups, history.homes).map(({ id, name, applicationIds }) => [
    ...[`group ${id}`, `name ${name}`],
    ...applicationIds.map((one) => `application ${one}`),
  ]);
  const edits = chronicle.edits.map(({ left, applications }) => [
    ...[...left.keys()].map((id) => `group ${id}`),
    ...applications.map((one) => `application ${one}`),
  ]);
  const named = history.lasting === undefined ? [] : namesOfObject(history.lasting, history);
  const names = named.flatMap((one) => ['group', 'name', 'application', 'key'].map((kind) => `${kind} ${one}`));
  const concerned = reachedFrom(names, [...units.map(({ touches }) => touches), ...groups, ...edits]);
  return units.map((one) => ({ ...one, concerned: one.touches.some((token) => concerned.has(token)) }));
}

function tokensOf(one: Parameters<typeof touchesOf>[0] & { ref: { idempotencyKey: string } }): string[] {
  const { changeSet } = one.change;
  const set = changeSet === undefined ? [] : [`set ${changeSet.id}`];
  return [...touchesOf(one), ...set, `key ${one.ref.idempotencyKey}`];
}

/** Everything that hangs together with one of the tokens through any number of bundles. */
function reachedFrom(tokens: readonly string[], bundles: readonly (readonly string[])[]): Set<string> {
  const reached = new Set(tokens);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const bundle of bundles) {
      if (bundle.some((one) => reached.has(one))) for (const one of bundle) reached.add(one);
    }
  }
  return reached;
}
