import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Scenario } from './scenario.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** Of changes of one group that took effect, the later in the write log has the later place in the ledger. */
export function keepsOrder(world: World): void {
  const applied = Object.values(world.changes).flatMap((record) => {
    const { outcome } = record;
    if (outcome?.kind !== 'applied') return [];
    return [{ record, group: outcome.effect.groupId, at: effectIndex(world, outcome.writeId) }];
  });
  for (const a of applied) {
    for (const b of applied) {
      if (a.group !== b.group || a.at >= b.at || a.record.sequence < b.record.sequence) continue;
      const places = [a, b].map(({ record }) => `${nameOf(record)} (place ${record.sequence})`);
      throw new Violation('order broken', `${places.join(' took effect before ')}`);
    }
  }
}

/** No member of a set that stops is done while an earlier member stands rejected. */
export function keepsSets(world: World): void {
  const records = Object.values(world.changes);
  for (const { change, outcome, ref } of records) {
    const set = change.changeSet;
    if (set?.onReject !== 'stop' || outcome === undefined || outcome.kind === 'rejected') continue;
    const before = records.find(
      (one) =>
        one.change.changeSet?.id === set.id &&
        one.change.changeSet.index < set.index &&
        one.outcome?.kind === 'rejected',
    );
    if (before === undefined) continue;
    throw new Violation('set order broken', `${ref.idempotencyKey} is ${outcome.kind} after ${nameOf(before)}`);
  }
}

const nameOf = (record: ChangeRecord) => record.ref.idempotencyKey;
const effectIndex = (world: World, writeId: string) => world.effects.findIndex((one) => one.writeId === writeId);

/** A member added at the console stays: the worker changes the memberships that a change names, not those that it read. */
export function keepsEdits({ edits = [] }: Scenario, world: World): void {
  for (const { label, groupId, stays } of edits) {
    if (stays === undefined || !world.edited.includes(label)) continue;
    if (world.groups[groupId]?.applicationIds.includes(stays)) continue;
    throw new Violation('edit lost', `${stays} is not in group ${groupId} any more`);
  }
}

/** If no administrator edited and every outcome is known, ZPA holds the desired state. */
export function holdsDesired(world: World): void {
  for (const desired of Object.values(world.desired)) {
    const live = world.groups[desired.groupId];
    if (desired.deleted !== undefined || live === undefined) {
      if ((desired.deleted !== undefined) === (live === undefined)) continue;
      throw new Violation('desired state not live', `group ${desired.groupId}: live ${live?.name ?? 'nowhere'}`);
    }
    const said = { name: desired.name?.value ?? live.name, enabled: desired.enabled?.value ?? live.enabled };
    const members = Object.entries(desired.members).filter(
      ([id, [is]]) => (is === 1) !== live.applicationIds.includes(id),
    );
    if (said.name === live.name && said.enabled === live.enabled && members.length === 0) continue;
    const differing = members.map(([id]) => id).join();
    throw new Violation(
      'desired state not live',
      `name ${said.name}, live ${live.name}; members ${differing || 'alike'}`,
    );
  }
}
