import { describe, expect, it } from 'vitest';
import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import { failureId } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { previewRedrives, redriveChange } from '../../../shared/ledger/redrive-change.ts';
import type { QueueRecord } from '../../../shared/ports/ports.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

const KEYS = ['CHG1/1', 'CHG1/2'];
const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });

/** Both members of a set are rejected, for applications that exist since. */
async function rejectedSet(onReject: 'stop' | 'continue' = 'stop') {
  const world = createLaneWorld();
  world.addGroup();
  const records: ChangeRecord[] = [];
  for (const [n, key] of KEYS.entries()) {
    const changeSet = { id: 'CHG1', index: n + 1, size: 2, onReject };
    records.push(await world.accept(key, { ...adding(`40${n}`), changeSet }));
  }
  await world.settle(records);
  const failures = await Promise.all(KEYS.map((key) => world.read(key)));
  world.addApplications('400', '401');
  const [first, second] = failures;
  if (first === undefined || second === undefined) throw new Error('both were accepted');
  return { world, first, second };
}

const redrive = (world: LaneWorld, { ref, generation }: ChangeRecord) => redriveChange(world.ports, ref, generation);
const endings = (world: LaneWorld) => Promise.all(KEYS.map(async (key) => (await world.read(key)).outcome?.kind));

/** As the AWS console moves it back from the queue of failures. */
function movedBack(world: LaneWorld, { ref, generation }: ChangeRecord): QueueRecord {
  const sent = world.failures.sent.find((one) => one.ref?.idempotencyKey === ref.idempotencyKey);
  const id = failureId(ref, generation);
  return { messageId: id, receiptHandle: id, body: JSON.stringify(sent), receiveCount: 1 };
}

const invoke = (world: LaneWorld, ...records: QueueRecord[]) =>
  applyBatch(world.ports, records, { remainingMs: () => 60_000, signal: new AbortController().signal });

describe('a set that stops, redriven', () => {
  it('holds a member while one before it is rejected, and says which', async () => {
    const { world, first, second } = await rejectedSet();
    const { writes } = world.ledger;
    expect(await redrive(world, second)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'earlier-member', sentence: expect.stringContaining('CHG1/1'), remedy: expect.any(String) },
    });
    expect(world.ledger.writes).toBe(writes);
    const reopened = [await redrive(world, first), await redrive(world, second)];
    expect(reopened.map(({ kind }) => kind)).toEqual(['reopen', 'reopen']);
    await world.settle(reopened.flatMap((one) => (one.kind === 'reopen' ? [one.record] : [])));
    expect(await endings(world)).toEqual(['applied', 'applied']);
  });

  it('holds a member while one before it waits for its time, and no longer than that', async () => {
    const { world, first, second } = await rejectedSet();
    await redrive(world, first);
    const open = await world.read('CHG1/1');
    await world.ledger.writeChange({ ...open, state: 'scheduled' }, open.version);
    expect(await redrive(world, second)).toMatchObject({ kind: 'refused', refusal: { code: 'earlier-member' } });
    await world.ledger.writeChange(open, open.version + 1);
    expect(await redrive(world, second)).toMatchObject({ kind: 'reopen' });
  });

  it('is previewed as a whole, in its order, whatever order it was chosen in', async () => {
    const { world, first, second } = await rejectedSet();
    const rows = await previewRedrives(world.ports, [second, first]);
    expect(rows.map(({ record, decision }) => [record.ref.idempotencyKey, decision.kind])).toEqual([
      ['CHG1/1', 'reopen'],
      ['CHG1/2', 'reopen'],
    ]);
    expect((await previewRedrives(world.ports, [second])).map(({ decision }) => decision.kind)).toEqual(['refused']);
  });

  it('by the console in the wrong order is carried out in the order of the set', async () => {
    const { world, first, second } = await rejectedSet();
    const late = movedBack(world, second);
    expect(await invoke(world, late, movedBack(world, first))).toEqual([late.messageId]);
    expect((await world.read('CHG1/2')).generation).toBe(1);
    expect(await invoke(world, late)).toEqual([]);
    await world.settle(await Promise.all(KEYS.map((key) => world.read(key))));
    expect(await endings(world)).toEqual(['applied', 'applied']);
  });
});

describe('a set that continues, redriven', () => {
  it('holds no member', async () => {
    const { world, second } = await rejectedSet('continue');
    expect(await redrive(world, second)).toMatchObject({ kind: 'reopen' });
  });
});
