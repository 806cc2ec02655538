import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { requestCancel } from '../../../../shared/domain/ledger/cancellation.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anApplied } from '../../../fakes/records.ts';
import { GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { groupIn, laneOf, leave, updating, watch, wroteAs } from './found-intent.ts';

const OTHER = '72057594037930002';
const THIRD = '72057594037930003';
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const adding = (id: string, over: Record<string, unknown> = {}) => ({
  ...{ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } },
  ...over,
});
const moving = adding('11', { takeFromOtherGroups: true });
const build = () => laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['11', '12'] });
const read = (world: LaneWorld) => world.ledger.readLane(LANE);
const outcomeOf = async (world: LaneWorld, key = 'T-1') => (await world.read(key)).outcome;
const iso = (ms: number) => new Date(ms).toISOString();
const unreachable = aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' });

/** ZPA refuses the n-th write with this fault; the write has no effect. */
function refuse(
  world: LaneWorld,
  nth: number,
  fault: ReturnType<typeof aFault>,
  meanwhile = () => undefined as undefined,
) {
  let writes = 0;
  watch(world);
  const { interfere } = world.tenant;
  world.tenant.interfere = (method, argument) => {
    interfere(method, argument);
    writes += method === 'write' ? 1 : 0;
    if (method !== 'write' || writes !== nth) return undefined;
    meanwhile();
    return { fault };
  };
}

/** A ledger that needs `ms` to store the lane when `slow` is true for it. */
function slowLedger(world: LaneWorld, ms: number, slow: (cursor: number | undefined) => boolean): ApplyPorts {
  const writeLane: typeof world.ledger.writeLane = async (record, expected) => {
    const result = await world.ledger.writeLane(record, expected);
    if (slow(record.intent?.cursor)) await world.clock.sleep(ms);
    return result;
  };
  return { ...world.ports, ledger: { ...world.ledger, writeLane } };
}

/** A ZPA with slow writes. */
function slowZpa(world: LaneWorld, ports: ApplyPorts, ms: number): ApplyPorts {
  return {
    ...ports,
    zpaFor: (tenant, limiter) => {
      const zpa = ports.zpaFor(tenant, limiter);
      const write: typeof zpa.write = async (...args) => {
        const answer = await zpa.write(...args);
        await world.clock.sleep(ms);
        return answer;
      };
      return { ...zpa, write };
    },
  };
}
const reasons = (world: LaneWorld) =>
  world.log.lines.filter(({ message }) => message === 'deferred').map(({ fields }) => fields.reason);

describe('the writes of a move', () => {
  it('follow each other with one read in between: of the group that is written next', async () => {
    const world = build();
    const calls = watch(world);
    await world.settle([await world.accept('T-1', moving)]);
    expect(calls.map(({ method }) => method)).toEqual([
      ...['getApplication', 'getGroup', 'getGroup', 'write', 'getGroup', 'write', 'getGroup', 'getGroup'],
    ]);
    expect(calls[4]).toMatchObject({ argument: GROUP });
  });

  it('wait for budget before the first read of them, for all that follow', async () => {
    const world = build();
    const change = await world.accept('T-1', moving);
    const lane = await read(world);
    // One read fewer is left than the application, the two groups, and the second group once more need.
    const reads = Array.from({ length: 13 }, () => world.clock.now() - 4000);
    await world.ledger.writeLane({ ...lane, budget: { reads, writes: [], notBefore: 0 } }, lane.version);
    const calls = watch(world);
    await world.settle([change]);
    const [first, second] = calls.filter(({ method }) => method === 'write');
    expect(first?.at).toBeGreaterThan(calls[0]?.at ?? 0);
    expect(second?.at).toBe(first?.at);
  });

  it('are finished although its window closes, or a freeze begins, after the first of them', async () => {
    const frozen = (world: LaneWorld): ApplyPorts => {
      const { acme } = world.ports.configuration.tenants;
      if (acme === undefined) throw new Error('acme is configured');
      const freezes = [{ from: iso(world.clock.now() + 2000), until: iso(world.clock.now() + 3_600_000) }];
      const tenants = { acme: { ...acme, freezes } };
      return { ...world.ports, configuration: { ...world.ports.configuration, tenants } };
    };
    for (const closing of [true, false]) {
      const world = build();
      const notAfter = iso(world.clock.now() + 2000);
      const change = await world.accept('T-1', closing ? { ...moving, notAfter } : moving);
      const ports = slowZpa(world, closing ? world.ports : frozen(world), 3000);
      expect(await world.invoke([change], ports)).toEqual([]);
      expect(await outcomeOf(world)).toMatchObject({ kind: 'applied' });
      expect(groupIn(world).applicationIds).toEqual(['10', '11']);
    }
  });

  it('go on in the next invocation at once if this one has no time left', async () => {
    const world = build();
    const change = await world.accept('T-1', moving);
    const began = world.clock.now();
    const ports = slowLedger(world, 8000, (cursor) => cursor === 1);
    expect(await world.invoke([change], ports, 37_000)).toHaveLength(1);
    expect(await read(world)).toMatchObject({ intent: { cursor: 1, sendBefore: 0 } });
    expect(world.tenant.writes).toHaveLength(1);
    expect(world.deferral.deferred).toMatchObject([{ delayMs: 0 }]);
    expect(reasons(world)).toEqual(['again']);
    expect(await world.invoke([change])).toEqual([]);
    // The wait is shorter than the eighty seconds of a write that may be under way.
    expect(world.clock.now() - began).toBeLessThan(20_000);
    expect(await outcomeOf(world)).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('are sent again at once where the second came too late to be sent', async () => {
    const world = build();
    refuse(world, 2, aFault({ code: 'too-late' }));
    expect(await world.invoke([await world.accept('T-1', moving)])).toEqual([]);
    expect(await outcomeOf(world)).toMatchObject({ kind: 'applied' });
    expect(world.tenant.writes).toMatchObject([{ groupId: OTHER }, { groupId: GROUP }]);
  });

  it('wait with the lane, and are not taken back, where the second is held up by the tenant', async () => {
    for (const fault of [aFault({ code: 'sign-in-refused', class: 'permanent', scope: 'tenant' }), unreachable]) {
      const world = build();
      refuse(world, 2, fault);
      const change = await world.accept('T-1', moving);
      expect(await world.invoke([change])).toHaveLength(1);
      expect(await read(world)).toMatchObject({ intent: { cursor: 1, sendBefore: 0 }, stopped: { code: fault.code } });
      await world.clock.advance(60_000);
      expect(await world.invoke([change])).toEqual([]);
      expect(await outcomeOf(world)).toMatchObject({ kind: 'applied' });
      expect(world.tenant.writes).toMatchObject([{ groupId: OTHER }, { groupId: GROUP }]);
    }
  });

  it('stay an open intent where a look at them fails, whatever the fault', async () => {
    const world = build();
    let refused = false;
    watch(world);
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, argument) => {
      interfere(method, argument);
      if (method === 'write' && world.tenant.writes.length === 1 && !refused) {
        refused = true;
        return { fault: aFault({ reason: 'no' }) };
      }
      return refused && method === 'getGroup' ? { fault: aFault({ code: 'odd', class: 'unknown' }) } : undefined;
    };
    const change = await world.accept('T-1', moving);
    expect(await world.invoke([change])).toHaveLength(1);
    expect(await outcomeOf(world)).toBeUndefined();
    expect(await read(world)).toMatchObject({ intent: { cursor: 1, sendBefore: 0, trouble: { tries: 5 } } });
    world.tenant.interfere = interfere;
    await world.clock.advance(60_000);
    await world.settle([change]);
    expect(await outcomeOf(world)).toMatchObject({ kind: 'applied' });
  });

  it('cannot be taken back where the group that was left is gone, and that is said', async () => {
    const world = build();
    refuse(world, 2, aFault({ reason: 'no' }), () => void world.tenant.groups.delete(OTHER));
    await world.settle([await world.accept('T-1', moving)]);
    expect(await outcomeOf(world)).toMatchObject({
      code: 'zpa-refused',
      details: { applications: ['11'], takingBack: { code: 'not-found' } },
    });
  });
});

describe('a move that goes on', () => {
  const half = (world: LaneWorld) => ({
    writes: [
      updating({ ...groupIn(world, OTHER), applicationIds: ['11', '12'] }, { deletedApps: ['11'] }),
      updating(groupIn(world), { addedApps: ['11'] }),
    ],
    intent: { cursor: 1 },
  });
  const halfDone = () => laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['12'] });

  it('counts no edit as overtaken that came before its second write', async () => {
    const world = halfDone();
    const { finish, outcome } = await leave(world, half(world));
    world.tenant.edit(GROUP, { description: 'by hand' });
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('waits for budget before it reads its group again, not after', async () => {
    const world = halfDone();
    const writes = Array.from({ length: 10 }, () => world.clock.now() - 4000);
    const { finish } = await leave(world, { ...half(world), lane: { budget: { reads: [], writes, notBefore: 0 } } });
    const calls = watch(world);
    await finish();
    const written = calls.findIndex(({ method }) => method === 'write');
    expect(calls[written - 1]).toMatchObject({ method: 'getGroup', argument: GROUP, at: calls[written]?.at });
    expect((calls[written]?.at ?? 0) - (calls[0]?.at ?? 0)).toBe(6001);
  });

  it('keeps its place where its group cannot be read again', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard' });
    const { finish, lane, outcome } = await leave(world, {
      writes: [
        updating({ ...groupIn(world, OTHER), applicationIds: ['11'] }, { deletedApps: ['11'] }),
        updating({ ...groupIn(world, THIRD), applicationIds: ['12'] }, { deletedApps: ['12'] }),
        updating(groupIn(world), { addedApps: ['11', '12'] }),
      ],
      intent: { cursor: 1, unanswered: 'timeout' },
    });
    wroteAs(world, THIRD, {});
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, id) =>
      method === 'getGroup' && id === GROUP ? { fault: unreachable } : undefined;
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'unreachable' });
    expect(lane().intent).toMatchObject({ cursor: 2, sendBefore: 0 });
    expect(lane().intent).not.toHaveProperty('unanswered');
    world.tenant.interfere = interfere;
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('does not take an error of ours for one of ZPA, and counts no edit as overtaken that came before', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard' });
    const { finish, outcome } = await leave(world, {
      writes: [
        updating({ ...groupIn(world, OTHER), applicationIds: ['11'] }, { deletedApps: ['11'] }),
        updating({ ...groupIn(world, THIRD), applicationIds: ['12'] }, { deletedApps: ['12'] }),
        updating(groupIn(world), { addedApps: ['11', '12'] }),
      ],
      intent: { cursor: 1, unanswered: 'timeout' },
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, id) => {
      if (method === 'getGroup' && id === GROUP) throw new TypeError('a bug of ours');
      return undefined;
    };
    await expect(finish()).rejects.toThrow('a bug of ours');
    world.tenant.interfere = interfere;
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(groupIn(world)).toMatchObject({ description: 'by hand', applicationIds: ['11', '12'] });
  });
});

describe('a write', () => {
  it('that our own error ended is no error of ZPA', async () => {
    const world = build();
    watch(world, (method) => {
      if (method === 'write') throw new TypeError('a bug of ours');
    });
    expect(await world.invoke([await world.accept('T-1', rename)])).toHaveLength(1);
    const [line] = world.log.lines.filter(({ message }) => message === 'lane work ended with an error');
    expect(line?.fields.error).toMatchObject({ message: 'a bug of ours' });
  });

  it('without an answer is remembered as that, and counted', async () => {
    const world = build();
    refuse(world, 1, aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' }));
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change])).toHaveLength(1);
    expect(await read(world)).toMatchObject({ intent: { unanswered: 'timeout', cursor: 0 } });
    expect(world.meter.total('WriteUnanswered')).toBe(1);
    const [line] = world.log.lines.filter(({ message }) => message === 'deferred');
    expect(line?.fields).toMatchObject({ delayMs: 85_000, reason: 'outcome-unknown' });
  });

  it('is not sent where storing its intent took the time', async () => {
    const world = build();
    const ports = slowLedger(world, 2000, (cursor) => cursor === 0);
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change], ports, 31_000)).toHaveLength(1);
    expect(reasons(world)).toEqual(['again']);
    expect(world.tenant.writes).toEqual([]);
    expect(await read(world)).not.toHaveProperty('intent');
    expect(await world.invoke([change])).toEqual([]);
  });

  it('of several starts before the first of their windows closes', async () => {
    const world = build();
    world.tenant.groups.set(OTHER, { ...groupIn(world, OTHER), applicationIds: [] });
    const sendBefore: unknown[] = [];
    const { zpaFor } = world.ports;
    world.ports.zpaFor = (tenant, limiter) => {
      const zpa = zpaFor(tenant, limiter);
      const write: typeof zpa.write = (planned, before, options) => {
        sendBefore.push(options?.sendBefore);
        return zpa.write(planned, before, options);
      };
      return { ...zpa, write };
    };
    const closes = world.clock.now() + 3000;
    await world.settle([
      await world.accept('T-1', adding('13')),
      await world.accept('T-2', adding('14', { notAfter: iso(closes) })),
      await world.accept('T-3', adding('12', { notAfter: iso(closes + 1000) })),
    ]);
    expect(sendBefore).toEqual([closes]);
  });

  it('is not sent once one of its changes is no longer as it was taken up', async () => {
    const spoilt: [(record: ChangeRecord) => ChangeRecord, object][] = [
      [(record) => requestCancel(record, 'desk', 'no longer needed', 0) ?? record, { kind: 'cancelled' }],
      [
        (record) => ({ ...record, state: 'settled', outcome: anApplied({ writeId: 'another' }) }),
        { writeId: 'another' },
      ],
      [(record) => ({ ...record, generation: 2 }), { kind: 'applied', generation: 2 }],
    ];
    for (const [spoil, outcome] of spoilt) {
      const world = build();
      const changes = [await world.accept('T-1', adding('13')), await world.accept('T-2', adding('14'))];
      let done = false;
      const writeLane: typeof world.ledger.writeLane = async (record, expected) => {
        if (record.intent !== undefined && !done) {
          done = true;
          const second = await world.read('T-2');
          await world.ledger.writeChange(spoil(second), second.version);
        }
        return world.ledger.writeLane(record, expected);
      };
      await world.invoke(changes, { ...world.ports, ledger: { ...world.ledger, writeLane } });
      expect(await outcomeOf(world, 'T-2')).toMatchObject(outcome);
      const isIn = groupIn(world).applicationIds.includes('14');
      expect(isIn).toBe('generation' in outcome);
    }
  });
});
