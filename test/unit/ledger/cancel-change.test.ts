import { describe, expect, it } from 'vitest';
import { cancelRequestOf, isUnderWay, requestCancel } from '../../../shared/domain/ledger/cancellation.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { newLane } from '../../../shared/domain/records/lane-record.ts';
import {
  type CancelPorts,
  cancelChange,
  completeCancel,
  sentenceOf,
  supersedeChange,
} from '../../../shared/ledger/cancel-change.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { aChange, anApplied, aRef, TEST_LANE } from '../../fakes/records.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../apply/lane-world.ts';

const WHY = { by: 'helpdesk', reason: 'approval withdrawn' };
const ref = aRef();

/** An intent that names these changes; its other fields do not matter here. */
const intentOf = (...members: ChangeRecord[]): Intent => ({
  writeId: 'w',
  tenant: 'acme-test',
  members: members.map((one) => {
    const { effect, approved, reach } = anApplied();
    return {
      ref: one.ref,
      generation: one.generation,
      sequence: one.sequence,
      ending: { kind: 'applied', effect, approved, reach },
    };
  }),
  writes: [],
  cursor: 0,
  sendBefore: 0,
});

async function desk(over: Partial<ChangeRecord> = {}, intent?: Intent) {
  const ledger = createMemoryLedger();
  const clock = createFakeClock();
  await ledger.writeChange(aChange(over), 0);
  if (intent !== undefined) await ledger.writeLane({ ...newLane(TEST_LANE), intent }, 0);
  const read = async () => (await ledger.readChange(ref)) ?? aChange();
  return { ledger, clock, read };
}

describe('a change asked back', () => {
  it.each(['accepted', 'queued', 'scheduled'] as const)('while %s is cancelled, by whom and why', async (state) => {
    const world = await desk({ state, attempts: 2 });
    expect(await cancelChange(world, ref, WHY)).toMatchObject({ kind: 'cancelled' });
    expect(await world.read()).toMatchObject({
      state: 'settled',
      failed: false,
      pending: ['sns'],
      outcome: { kind: 'cancelled', ...WHY, generation: 1, at: world.clock.now(), attempts: 2 },
    });
  });

  it('again is cancelled still, by whom and why it was', async () => {
    const world = await desk();
    await cancelChange(world, ref, WHY);
    const { writes } = world.ledger;
    expect(await cancelChange(world, ref, { by: 'somebody', reason: 'else' })).toMatchObject({
      kind: 'cancelled',
      record: { outcome: WHY },
    });
    expect(world.ledger.writes).toBe(writes);
  });

  it('that has another outcome keeps it', async () => {
    const world = await desk({ state: 'settled', outcome: anApplied() });
    expect(await cancelChange(world, ref, WHY)).toMatchObject({ kind: 'settled' });
    expect(await world.read()).toMatchObject({ version: 1, outcome: { kind: 'applied' } });
  });

  it('that an open intent names is under way: the request stands and nothing is settled', async () => {
    const world = await desk({ state: 'queued' }, intentOf(aChange()));
    expect(await cancelChange(world, ref, WHY)).toMatchObject({ kind: 'under-way' });
    const record = await world.read();
    expect(record.state).toBe('queued');
    expect(cancelRequestOf(record)).toMatchObject(WHY);
  });

  it('is not under way for an intent of another change or another generation', () => {
    const lane = {
      ...newLane(TEST_LANE),
      intent: intentOf(aChange({ ref: aRef('other') }), aChange({ generation: 2 })),
    };
    expect(isUnderWay(lane, aChange())).toBe(false);
    expect(isUnderWay(lane, aChange({ generation: 2 }))).toBe(true);
    expect(isUnderWay(newLane(TEST_LANE), aChange())).toBe(false);
  });

  it('in an earlier generation is not asked back in this one', () => {
    const asked = requestCancel(aChange(), 'x', 'y', 5);
    expect(asked && cancelRequestOf(asked)).toEqual({ generation: 1, by: 'x', reason: 'y', at: 5 });
    expect(asked && requestCancel(asked, 'z', 'y', 6)).toBeUndefined();
    const redriven = asked && { ...asked, generation: 2 };
    expect(redriven && cancelRequestOf(redriven)).toBeUndefined();
    expect(redriven && requestCancel(redriven, 'z', 'y', 6)?.cancelRequest).toMatchObject({ by: 'z', generation: 2 });
  });

  it('as it was shown is not asked back where it was retried since, also at the last moment', async () => {
    const world = await desk({ state: 'queued' });
    const { ledger } = world;
    const retried = aChange({ state: 'queued', generation: 2, version: 1 });
    const readChange: typeof ledger.readChange = async (one) => {
      const shown = await ledger.readChange(one);
      if (shown?.generation === 1) await ledger.writeChange(retried, 1);
      return shown;
    };
    for (const read of [readChange, ledger.readChange]) {
      const late = { ...world, ledger: { ...ledger, readChange: read } };
      const result = await cancelChange(late, ref, { ...WHY, generation: 1 });
      expect(sentenceOf(result)).toMatch(/retried/);
      expect(await world.read()).toMatchObject({ state: 'queued', generation: 2 });
      expect(await world.read()).not.toHaveProperty('cancelRequest');
    }
    expect(await cancelChange(world, ref, { ...WHY, generation: 2 })).toMatchObject({ kind: 'cancelled' });
  });

  it('that nobody sent is unknown', async () => {
    expect(await cancelChange(await desk(), aRef('unheard-of'), WHY)).toEqual({ kind: 'unknown' });
  });
});

describe('a change whose place another approval takes', () => {
  const BY = { by: 'appr2', reason: 'The ticket was approved again.' };

  it.each(['accepted', 'queued', 'scheduled'] as const)('while %s ends as superseded', async (state) => {
    const world = await desk({ state, attempts: 1 });
    await supersedeChange(world, await world.read(), BY);
    expect(await world.read()).toMatchObject({
      state: 'settled',
      failed: false,
      pending: ['sns'],
      outcome: { kind: 'superseded', ...BY, generation: 1, attempts: 1 },
    });
  });

  it('that an open intent names is under way, and superseded if that turns out not to have happened', async () => {
    const world = await desk({ state: 'queued' }, intentOf(aChange()));
    expect(await supersedeChange(world, await world.read(), BY)).toMatchObject({ kind: 'under-way' });
    await world.ledger.writeLane(newLane(TEST_LANE), 1);
    await completeCancel(world, await world.read());
    expect((await world.read()).outcome).toMatchObject({ kind: 'superseded', ...BY });
  });

  it('and that was asked back before is cancelled, by whom and why it was', async () => {
    const world = await desk({}, intentOf(aChange()));
    await cancelChange(world, ref, WHY);
    await world.ledger.writeLane(newLane(TEST_LANE), 1);
    await supersedeChange(world, await world.read(), BY);
    expect((await world.read()).outcome).toMatchObject({ kind: 'cancelled', ...WHY });
  });

  it('keeps the outcome it has', async () => {
    const world = await desk({ state: 'settled', outcome: anApplied() });
    expect(await supersedeChange(world, await world.read(), BY)).toMatchObject({ kind: 'settled' });
    expect(await world.read()).toMatchObject({ version: 1, outcome: { kind: 'applied' } });
  });
});

class Crash extends Error {}
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };

async function build() {
  const world = createLaneWorld();
  world.addGroup();
  const change = await world.accept('T-1', rename);
  const other = await world.accept('T-2', { ...rename, set: { description: 'beside it' } });
  return { world, change, changes: [change, other] };
}

/** In every order of calls, ZPA holds the change if and only if its outcome says so. */
async function expectOneTruth(
  world: LaneWorld,
  said: string | undefined,
  ended: 'cancelled' | 'superseded' = 'cancelled',
) {
  const { outcome, pending } = await world.read('T-1');
  expect(pending).toEqual([]);
  const written = world.tenant.groups.get(GROUP)?.name === 'Depot';
  expect(outcome?.kind).toBe(written ? 'applied' : ended);
  if (said === ended) expect(written).toBe(false);
  if (said === 'settled') expect(written).toBe(true);
  expect((await world.read('T-2')).outcome?.kind).toBe('applied');
}

/** Calls of the worker over its ledger and ZPA; `at` is called before and after each. */
function watched(world: LaneWorld, at: (call: PortCall) => void | Promise<void>) {
  const counter = { calls: 0 };
  const ports = {
    ...world.ports,
    ledger: interrupted(world.ports.ledger, 'ledger', at, counter),
    zpaFor: (...args: Parameters<typeof world.ports.zpaFor>) =>
      interrupted(world.ports.zpaFor(...args), 'zpa', at, counter),
  };
  return { ports, counter };
}

async function workerCalls(): Promise<number> {
  const { world, changes } = await build();
  const { ports, counter } = watched(world, () => undefined);
  await world.invoke(changes, ports);
  return counter.calls;
}

async function cancelT1(world: LaneWorld): Promise<string> {
  const { ref: asked } = await world.read('T-1');
  return (await cancelChange(world.ports, asked, WHY)).kind;
}

async function supersedeT1(world: LaneWorld): Promise<string> {
  const ending = await supersedeChange(world.ports, await world.read('T-1'), { by: 'appr2', reason: 'again' });
  return 'record' in ending && ending.record.outcome?.kind === 'superseded' ? 'superseded' : ending.kind;
}

describe('a canceller beside a worker', () => {
  it('that comes in between any two calls of the worker: written or cancelled, never both', async () => {
    const calls = await workerCalls();
    const said = new Set<string>();
    for (let at = 1; at <= calls; at += 1) {
      const { world, change, changes } = await build();
      let answer: string | undefined;
      const { ports } = watched(world, async (call) => {
        if (call.index !== at || call.phase !== 'before') return;
        answer = (await cancelChange(world.ports, change.ref, WHY)).kind;
      });
      await world.invoke(changes, ports);
      await world.settle(changes);
      await expectOneTruth(world, answer);
      said.add(answer ?? 'nothing');
    }
    expect(said).toEqual(new Set(['cancelled', 'under-way', 'settled']));
  });

  it('that takes a change out for another approval: written or superseded, never both', async () => {
    const calls = await workerCalls();
    const seen = new Set<string>();
    for (let at = 1; at <= calls; at += 1) {
      const { world, changes } = await build();
      let answer: string | undefined;
      const { ports } = watched(world, async (call) => {
        if (call.index !== at || call.phase !== 'before') return;
        answer = await supersedeT1(world);
      });
      await world.invoke(changes, ports);
      await world.settle(changes);
      await expectOneTruth(world, answer, 'superseded');
      seen.add(answer ?? 'nothing');
    }
    expect(seen).toEqual(new Set(['superseded', 'under-way', 'settled']));
  });

  it('whose own calls fall apart, each anywhere among those of the worker: written or cancelled, never both', async () => {
    const calls = await workerCalls();
    for (let first = 1; first <= calls; first += 1) {
      for (let second = first; second <= calls; second += 1) {
        const { world, change, changes } = await build();
        // The request runs at the worker's `first` call, the read of the lane at its `second`, the settling at the next.
        const turns = [first, second, second + 1].map((at) => ({ at, open: Promise.withResolvers<void>() }));
        const order = ['writeChange', 'readLane', 'writeChange'];
        let step = 0;
        const ledger = interrupted(world.ports.ledger, 'ledger', async (call) => {
          if (call.phase === 'before' && call.method === order[step]) await turns[step++]?.open.promise;
        });
        let reached = 0;
        const pending = cancelChange({ ledger, clock: world.clock }, change.ref, WHY);
        const { ports } = watched(world, async (call) => {
          if (call.phase !== 'before') return;
          reached = call.index;
          for (const { at, open } of turns) if (reached >= at) open.resolve();
          await new Promise<void>((resolve) => setImmediate(resolve));
        });
        await world.invoke(changes, ports);
        for (const { open } of turns) open.resolve();
        const { kind } = await pending;
        await world.settle(changes);
        await world.settle(changes);
        const written = world.tenant.groups.get(GROUP)?.name === 'Depot';
        const { outcome } = await world.read('T-1');
        expect({ first, second, kind: outcome?.kind }).toEqual({
          first,
          second,
          kind: written ? 'applied' : 'cancelled',
        });
        if (kind === 'cancelled') expect(written).toBe(false);
      }
    }
  });

  it('that dies before or after any of its calls: the worker completes what was asked, or nothing was', async () => {
    for (let at = 1; at <= 4; at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { world, change, changes } = await build();
        const ledger = interrupted(world.ports.ledger, 'ledger', (call) => {
          if (call.index === at && call.phase === phase) throw new Crash();
        });
        const ports: CancelPorts = { ledger, clock: world.clock };
        await expect(cancelChange(ports, change.ref, WHY)).rejects.toThrow(Crash);
        const asked = cancelRequestOf(await world.read('T-1')) !== undefined;
        await world.settle(changes);
        await expectOneTruth(world, asked ? 'cancelled' : 'settled');
      }
    }
  });

  it.each([
    ['cancelled', cancelT1],
    ['superseded', supersedeT1],
  ] as const)('and a worker that dies at any call: written or %s, never both', async (ended, take) => {
    const calls = await workerCalls();
    for (let at = 1; at <= calls; at += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { world, changes } = await build();
        let dead = false;
        const { ports } = watched(world, (call) => {
          if (call.index === at && call.phase === phase) dead = true;
          if (dead) throw new Crash();
        });
        await world.invoke(changes, ports).catch(() => []);
        const kind = await take(world);
        await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
        await world.settle(changes);
        await expectOneTruth(world, kind, ended);
      }
    }
  });
});
