import { describe, expect, it } from 'vitest';
import { acquireLane } from '../../../../functions/apply/lane/lane-session.ts';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { releasedOutcome } from '../../../../shared/domain/intent/unknown-outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import {
  openIntents,
  type ReleasePorts,
  refuseRelease,
  releaseIntents,
} from '../../../../shared/ledger/release-intent.ts';
import type { Zpa } from '../../../../shared/ports/ports.ts';
import { interrupted, type PortCall } from '../../../fakes/interrupted.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { LANE, type LaneWorld, laneWith } from '../lane-world.ts';
import { adding, LOST, refs, rename, taking, update, upTo } from '../requests.ts';

/** An operator releases the open intents of a lane while a worker stands still, or is dead, between any two of its calls. */

const scenes: { name: string; changes: Record<string, unknown>[] }[] = [
  { name: 'an update', changes: [rename] },
  { name: 'a create', changes: [{ action: 'create', group: { name: 'Annex' }, applications: refs('13') }] },
  { name: 'a move', changes: [taking('21')] },
  { name: 'two coalesced adds', changes: [adding('11'), adding('12')] },
  { name: 'writes of two groups', changes: [rename, update('500', { set: { name: 'Room' } })] },
];

const build = () =>
  laneWith(
    [{}, { id: '500', name: 'Empty' }, { id: '600', name: 'Full', applicationIds: ['21'] }],
    ['11', '12', '13', '21'],
  );

/** Every outcome that any process wrote into the ledger, by generation; ports of both processes write through it. */
function recordOutcomes(world: LaneWorld) {
  const outcomes = new Map<string, Set<string>>();
  const { writeChange } = world.ports.ledger;
  world.ports.ledger.writeChange = async (record, expected) => {
    const result = await writeChange(record, expected);
    if (result.written && record.state === 'settled') {
      const key = `${record.ref.idempotencyKey} ${record.generation}`;
      const { at: _at, ...outcome } = record.outcome ?? { at: 0 };
      outcomes.set(key, (outcomes.get(key) ?? new Set()).add(JSON.stringify(outcome)));
    }
    return result;
  };
  /** Later workers come; each change ends once. */
  return async (accepted: readonly ChangeRecord[]) => {
    await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
    await world.settle(accepted);
    expect([...outcomes.values()].map((one) => one.size)).toEqual(accepted.map(() => 1));
  };
}

/** As the real client: nothing is sent after `sendBefore`, whatever held the call up. */
function punctual(world: LaneWorld, zpa: Zpa): Zpa {
  return {
    ...zpa,
    async write(write, before, options = {}) {
      if ((options.sendBefore ?? Number.POSITIVE_INFINITY) <= world.clock.now()) {
        const fault = aFault({ code: 'too-late', class: 'transient', scope: 'tenant', effect: 'none' });
        throw Object.assign(new Error('too late'), { code: 'too-late', scope: 'tenant', fault });
      }
      return zpa.write(write, before, options);
    },
  };
}

type At = (call: PortCall) => void | Promise<void>;
/** The ports whose calls are awaited by `at`. */
function watched(world: LaneWorld, at: At) {
  const counter = { calls: 0 };
  const { ledger, failures, outcomes, zpaFor } = world.ports;
  const ports: ApplyPorts = {
    ...world.ports,
    ledger: interrupted(ledger, 'ledger', at, counter),
    failures: interrupted(failures, 'failures', at, counter),
    outcomes: interrupted(outcomes, 'outcomes', at, counter),
    zpaFor: (tenant, limiter) => interrupted(punctual(world, zpaFor(tenant, limiter)), 'zpa', at, counter),
  };
  return { ports, counter };
}
const watchedLedger = ({ ports }: LaneWorld, at: At) => ({ ...ports, ledger: interrupted(ports.ledger, 'ledger', at) });

const why = { by: 'lena (operator)', reason: 'the tenant is gone' };

/** Reads the lane and releases it, as `lanes release` does; answers the refusal or the settled changes. */
async function release(world: LaneWorld, ports: ReleasePorts = world.ports) {
  const { timing, clock } = world.ports;
  const lane = await ports.ledger.readLane(LANE);
  const refusal = refuseRelease(lane, clock.now(), timing);
  if (refusal !== undefined) return refusal.code;
  const outcomes = new Map(openIntents(lane).map((one) => [one, releasedOutcome(one, { live: null }, why)]));
  return releaseIntents(ports, lane, outcomes, { owner: 'operator', leaseMs: timing.leaseMs });
}

const targetOf = ({ change: { group } }: ChangeRecord) => ('id' in group ? group.id : group.name);

/** The groups that were written after the first `from` writes. */
const writtenSince = (world: LaneWorld, from: number) =>
  world.tenant.writes.slice(from).map((write) => (write.kind === 'create' ? write.name : write.groupId));

describe.each(scenes)('a release during $name', ({ changes }) => {
  /** The places of all calls of one worker. */
  async function places(): Promise<number[]> {
    const world = build();
    const { ports, counter } = watched(world, () => undefined);
    await world.invoke(await world.acceptAll(...changes), ports);
    expect(counter.calls).toBeGreaterThan(8);
    return upTo(counter.calls);
  }

  it('is refused while a worker holds the lease, between any two of its calls', async () => {
    for (const at of await places()) {
      const world = build();
      const answers: unknown[] = [];
      const { ports } = watched(world, async ({ index, phase }) => {
        if (index === at && phase === 'after') answers.push(await release(world));
      });
      await world.invoke(await world.acceptAll(...changes), ports);
      expect(answers.filter((one) => one !== 'lane-busy' && one !== 'no-open-intent')).toEqual([]);
    }
  });

  it('yields one outcome and no later write, wherever a worker stands still until its lease is over', async () => {
    let released = 0;
    const phases = (await places()).flatMap((at) => [{ at, when: 'before' } as const, { at, when: 'after' } as const]);
    for (const { at, when } of phases) {
      const world = build();
      const expectOnce = recordOutcomes(world);
      let [ended, writes]: [ChangeRecord[], number] = [[], 0];
      const { ports } = watched(world, async (call) => {
        if (call.index !== at || call.phase !== when) return;
        await world.clock.advance(3 * world.ports.timing.leaseMs);
        const answer = await release(world);
        if (Array.isArray(answer)) [ended, writes] = [answer, world.tenant.writes.length];
      });
      const accepted = await world.acceptAll(...changes);
      await world.invoke(accepted, ports);
      await expectOnce(accepted);
      for (const { ref } of accepted)
        expect(await world.read(ref.idempotencyKey)).toMatchObject({ state: 'settled', pending: [] });
      const targets = ended.filter(({ outcome }) => outcome?.kind === 'rejected').map(targetOf);
      released += targets.length;
      expect(writtenSince(world, writes).filter((one) => ended.length > 0 && targets.includes(one))).toEqual([]);
      expect(await world.lane()).not.toHaveProperty('intent');
    }
    expect(released).toBeGreaterThan(2);
  });

  it('yields one outcome and no later write where the worker goes on while the operator settles', async () => {
    for (const at of await places()) {
      const world = build();
      const expectOnce = recordOutcomes(world);
      const [stalled, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const { ports } = watched(world, ({ index, phase }) => {
        if (index !== at || phase !== 'before') return undefined;
        stalled.resolve();
        return goOn.promise;
      });
      const accepted = await world.acceptAll(...changes);
      const invoked = world.invoke(accepted, ports);
      await stalled.promise;
      await world.clock.advance(3 * world.ports.timing.leaseMs);
      let writes: number | undefined;
      const decided = async ({ method, phase }: PortCall) => {
        if (method !== 'writeLane' || phase !== 'after' || writes !== undefined) return;
        writes = world.tenant.writes.length;
        goOn.resolve();
        await invoked;
      };
      await release(world, watchedLedger(world, decided));
      goOn.resolve();
      await invoked;
      if (writes !== undefined) expect(world.tenant.writes).toHaveLength(writes);
      await expectOnce(accepted);
    }
  });

  it('is completed by the next worker if the operator dies between any two calls of it', async () => {
    /** The tenant stops to answer with the last write of the first step. */
    async function stuck(): Promise<{ world: LaneWorld; accepted: ChangeRecord[] }> {
      const world = build();
      let writes = 0;
      world.tenant.interfere = (method) => {
        if (method === 'write') writes += 1;
        return writes > 0 ? { fault: { ...LOST, class: 'unknown', scope: 'change' } } : undefined;
      };
      const accepted = await world.acceptAll(...changes);
      await world.invoke(accepted);
      await world.clock.advance(2 * world.ports.timing.leaseMs);
      return { world, accepted };
    }
    for (let at = 1, last = false; !last; at += 1) {
      const { world, accepted } = await stuck();
      const expectOnce = recordOutcomes(world);
      const { ports } = watched(world, ({ index, phase }) => {
        if (index > at || (index === at && phase === 'after')) throw new Error('dead');
      });
      last = await release(world, ports).then(
        () => true,
        () => false,
      );
      const { intent } = await world.lane();
      const decided = last || intent?.released !== undefined || intent === undefined;
      world.tenant.interfere = () => undefined;
      const writes = world.tenant.writes.length;
      await expectOnce(accepted);
      const [first] = accepted;
      const outcome = await world.outcome();
      if (decided) {
        expect(outcome).toMatchObject({ kind: 'rejected', code: 'outcome-unknown', details: { releasedBy: why.by } });
        expect(writtenSince(world, writes)).not.toContain(first && targetOf(first));
      } else expect(outcome?.kind).toBe('applied');
    }
  });
});

describe('a release of a write without an answer', () => {
  async function unanswered(): Promise<LaneWorld> {
    const world = build();
    const fault = { ...LOST, class: 'unknown', scope: 'change' } as const;
    world.tenant.interfere = (method) => (method === 'write' ? { fault } : undefined);
    await world.invoke(await world.acceptAll(rename));
    return world;
  }

  it('is refused until ZPA can no longer be carrying it out, and says from when on it is not', async () => {
    const world = await unanswered();
    const { clock } = world;
    const { timing } = world.ports;
    const refusal = refuseRelease(await world.lane(), clock.now(), timing);
    if (refusal?.code !== 'write-under-way') throw new Error(`it is ${refusal?.code}`);
    expect(refusal.until - clock.now()).toBeGreaterThan(timing.requestTimeoutMs);
    await clock.advance(refusal.until - clock.now() - 1);
    expect(await release(world)).toBe('write-under-way');
    await clock.advance(1);
    expect(await release(world)).toMatchObject([{ outcome: { code: 'outcome-unknown' } }]);
  });

  it('leaves the lane to the worker that took it over from an operator who stood still', async () => {
    const world = await unanswered();
    const { timing } = world.ports;
    await world.clock.advance(2 * timing.leaseMs);
    let owner: string | undefined;
    let lanes = 0;
    const takeOver = async ({ method, phase }: PortCall) => {
      if (method !== 'writeLane' || phase !== 'before') return;
      lanes += 1;
      if (lanes !== 2) return;
      await world.clock.advance(2 * timing.leaseMs);
      const session = await acquireLane(world.ports, LANE, { reads: 16, writes: 10, windowMs: 10_000 }, new Set());
      owner = session?.lane().lease?.owner;
    };
    await release(world, watchedLedger(world, takeOver));
    expect(owner).toBeDefined();
    expect((await world.lane()).lease?.owner).toBe(owner);
  });

  it('is refused where the lane has been written since it was shown', async () => {
    const world = await unanswered();
    await world.clock.advance(2 * world.ports.timing.leaseMs);
    const shown = await world.lane();
    await world.setLane({ paused: { by: 'max', reason: 'x', since: 1 } });
    expect(await releaseIntents(world.ports, shown, new Map(), { owner: 'operator', leaseMs: 1 })).toBeUndefined();
    expect(await world.read('T-1')).toMatchObject({ state: 'queued' });
  });
});
