import { describe, expect, it } from 'vitest';
import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { aRejected } from '../../fakes/records.ts';
import { createLaneWorld, LANE, messageIdOf, toQueueRecord } from './lane-world.ts';

const enabling = { action: 'update', group: { name: 'Warehouse' }, set: { enabled: true } };
const failing = (wanted: string, times = Number.POSITIVE_INFINITY) => {
  let left = times;
  return ({ method, phase }: PortCall) => {
    if (method !== wanted || phase !== 'before' || left === 0) return;
    left -= 1;
    throw new Error(`${wanted} failed`);
  };
};

describe('a batch in which our own services fail', () => {
  it('gives back the records whose changes cannot be read, and works the others', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const records = [await world.accept('T-1', enabling), await world.accept('T-2', enabling)];
    const ledger = interrupted(world.ledger, 'ledger', failing('readChange', 1));
    expect(await world.invoke(records, { ...world.ports, ledger })).toEqual(['m-T-1-1']);
    expect((await world.read('T-2')).state).toBe('settled');
    expect(await world.invoke(records)).toEqual([]);
  });

  it('hides all of a lane’s records for the shortest time when the lane cannot be worked, and counts it', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const records = [await world.accept('T-1', enabling), await world.accept('T-2', enabling)];
    const ledger = interrupted(world.ledger, 'ledger', failing('openChanges'));
    expect(await world.invoke(records, { ...world.ports, ledger })).toEqual(records.map(messageIdOf));
    expect(world.deferral.deferred).toEqual([{ messageIds: records.map(messageIdOf), delayMs: 30_000 }]);
    expect(world.meter.total('WorkerError')).toBe(1);
  });

  it('gives records back that cannot be hidden: they come when their visibility ends', async () => {
    const world = createLaneWorld();
    const record = await world.accept('T-1', enabling);
    const ports = { ...world.ports, ledger: interrupted(world.ledger, 'ledger', failing('openChanges')) };
    world.deferral.refused.add(messageIdOf(record));
    expect(await world.invoke([record], ports)).toEqual([messageIdOf(record)]);
    const said = world.log.lines.filter(({ message }) => message === 'some records could not be deferred');
    expect(said).toMatchObject([{ level: 'warn', fields: { failed: 1 } }]);
    const deferral = interrupted(world.deferral, 'deferral', failing('defer'));
    expect(await world.invoke([record], { ...ports, deferral })).toEqual([messageIdOf(record)]);
  });

  it('reads no change again that it has settled itself', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const reads: unknown[] = [];
    const ledger = {
      ...world.ledger,
      readChange: (ref: Parameters<typeof world.ledger.readChange>[0]) => {
        reads.push(ref.idempotencyKey);
        return world.ledger.readChange(ref);
      },
    };
    expect(await world.invoke([await world.accept('T-1', enabling)], { ...world.ports, ledger })).toEqual([]);
    // One read at the start of the batch, and one before the write, for a cancel request.
    expect(reads).toEqual(['T-1', 'T-1']);
  });

  it('says of what waits for time that there is more', async () => {
    const world = createLaneWorld();
    const record = await world.accept('T-1', enabling);
    await world.invoke([record], world.ports, 1000);
    expect(world.deferral.deferred).toEqual([{ messageIds: [messageIdOf(record)], delayMs: 0 }]);
  });

  it('hides nothing where everything is settled', async () => {
    const world = createLaneWorld();
    world.addGroup();
    expect(await world.invoke([await world.accept('T-1', enabling)])).toEqual([]);
    expect(world.deferral.deferred).toEqual([]);
  });

  it('keeps the message of a settled change, in a group of its own, until its sends are done', async () => {
    const world = createLaneWorld();
    const record = { ...(await world.accept('T-1', enabling)), state: 'settled' as const, outcome: aRejected() };
    await world.ledger.writeChange({ ...record, pending: ['sns'] }, 1);
    const outcomes = interrupted(world.outcomes, 'outcomes', failing('publish', 2));
    const ports = { ...world.ports, outcomes };
    expect(await world.invoke([record], ports)).toEqual([]);
    const [apart] = world.queue.sent.map((message) => ({ ...toQueueRecord(record), body: JSON.stringify(message) }));
    if (apart === undefined) throw new Error('the message is lost');
    const invocation = { remainingMs: () => 60_000, signal: new AbortController().signal };
    expect(await applyBatch(ports, [apart], invocation)).toEqual([messageIdOf(record)]);
    expect(await applyBatch(ports, [apart], invocation)).toEqual([]);
    expect(world.outcomes.published).toHaveLength(1);
    expect(await world.ledger.readLane(LANE)).toMatchObject({ fence: 0 });
  });
});

describe('a message that is not what the ledger accepted', () => {
  it('is counted, and not executed', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const record = await world.accept('T-1', enabling);
    expect(await world.invoke([{ ...record, fingerprint: '0'.repeat(64) }])).toEqual([]);
    expect(world.meter.total('UnknownOrigin')).toBe(1);
    expect(world.failures.sent).toMatchObject([{ rejection: { code: 'unknown-origin' }, attempts: 1 }]);
    expect((await world.read('T-1')).state).toBe('queued');
    expect(world.tenant.writes).toEqual([]);
  });
});

describe('a message of an older generation', () => {
  it('is acknowledged: the newer one has a message of its own', async () => {
    const world = createLaneWorld();
    const record = await world.accept('T-1', enabling);
    await world.ledger.writeChange({ ...record, generation: 2 }, record.version);
    expect(await world.invoke([record])).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ generation: 2, state: 'queued' });
    expect(world.tenant.calls).toEqual([]);
  });
});

describe('a message that cannot be read', () => {
  it('is dead-lettered with as much of it as is useful', async () => {
    const world = createLaneWorld();
    const record = { messageId: 'm', receiptHandle: 'r', body: 'x'.repeat(10_000), receiveCount: 3 };
    const invocation = { remainingMs: () => 60_000, signal: new AbortController().signal };
    expect(await applyBatch(world.ports, [record], invocation)).toEqual([]);
    expect(world.failures.sent).toMatchObject([
      {
        rejection: { code: 'malformed-message' },
        original: 'x'.repeat(4096),
        attempts: 3,
        failedAt: world.clock.now(),
      },
    ]);
  });
});
