import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { requestCancel } from '../../../../shared/domain/ledger/cancellation.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anApplied } from '../../../fakes/records.ts';
import { configure, failWrites, slow, wrapZpa } from '../interfere.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, iso, LOST, OTHER, rename, THIRD, taking, UNREACHABLE } from '../requests.ts';
import { groupIn, laneOf, leave, moveOf, updating, watch, wroteAs } from './found-intent.ts';

const moving = taking('11');
const build = () => laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['11', '12'] });

/** The ledger needs `ms` to store an intent at this cursor. */
function slowAt(world: LaneWorld, cursor: number, ms: number): LaneWorld['ports'] {
  const writeLane: typeof world.ledger.writeLane = async (record, expected) => {
    const result = await world.ledger.writeLane(record, expected);
    if (record.intent?.cursor === cursor) await world.clock.sleep(ms);
    return result;
  };
  return { ...world.ports, ledger: { ...world.ledger, writeLane } };
}

const reasons = (world: LaneWorld) =>
  world.log.lines.filter(({ message }) => message === 'deferred').map(({ fields }) => fields.reason);

describe('the writes of a move', () => {
  it('follow each other with one read in between: of the group that is written next', async () => {
    const world = build();
    const calls = watch(world);
    await world.play(moving);
    expect(calls.map(({ method }) => method)).toEqual([
      ...['getApplication', 'getGroup', 'getGroup', 'write', 'getGroup', 'write', 'getGroup', 'getGroup'],
    ]);
    expect(calls[4]).toMatchObject({ argument: GROUP });
  });

  it('wait for budget before the first read of them, for all that follow', async () => {
    const world = build();
    // One read fewer is left than the application, the two groups, and the second group once more need.
    const reads = Array.from({ length: 13 }, () => world.clock.now() - 4000);
    await world.setLane({ budget: { reads, writes: [], notBefore: 0 } });
    const calls = watch(world);
    await world.play(moving);
    const [first, second] = calls.filter(({ method }) => method === 'write');
    expect(first?.at).toBeGreaterThan(calls[0]?.at ?? 0);
    expect(second?.at).toBe(first?.at);
  });

  it.each(['its window closes', 'a freeze begins'])('are finished although %s after the first of them', async (why) => {
    const world = build();
    const at = world.clock.now() + 2000;
    const closing = why === 'its window closes';
    const [change] = await world.acceptAll(closing ? { ...moving, notAfter: iso(at) } : moving);
    if (!closing) configure(world, { freezes: [{ from: iso(at), until: iso(at + 3_600_000) }] });
    slow(world, 'write', 3000);
    expect(await world.invoke(change === undefined ? [] : [change])).toEqual([]);
    expect(await world.outcome()).toMatchObject({ kind: 'applied' });
    expect(groupIn(world).applicationIds).toEqual(['10', '11']);
  });

  it('go on in the next invocation at once if this one has no time left', async () => {
    const world = build();
    const change = await world.accept('T-1', moving);
    const began = world.clock.now();
    expect(await world.invoke([change], slowAt(world, 1, 8000), 37_000)).toHaveLength(1);
    expect(await world.lane()).toMatchObject({ intent: { cursor: 1, sendBefore: 0 } });
    expect(world.written()).toEqual([OTHER]);
    expect([world.deferral.deferred, reasons(world)]).toMatchObject([[{ delayMs: 0 }], ['again']]);
    expect(await world.invoke([change])).toEqual([]);
    // The wait is shorter than the eighty seconds of a write that may be under way.
    expect(world.clock.now() - began).toBeLessThan(20_000);
    expect(await world.outcome()).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it.each<[string, ZpaFault]>([
    ['are sent again at once where the second came too late to be sent', aFault({ code: 'too-late' })],
    [
      'wait with the lane, and are not taken back, where the tenant refuses the second',
      aFault({ code: 'sign-in-refused', class: 'permanent', scope: 'tenant' }),
    ],
    ['wait so, too, where the tenant is not reached', UNREACHABLE],
  ])('%s', async (_, fault) => {
    const world = build();
    failWrites(world, 2, fault);
    const change = await world.accept('T-1', moving);
    const isHeldUp = fault.scope === 'tenant';
    expect(await world.invoke([change])).toHaveLength(isHeldUp ? 1 : 0);
    const waiting = { intent: { cursor: 1, sendBefore: 0 }, stopped: { code: fault.code } };
    expect(await world.lane()).toMatchObject(isHeldUp ? waiting : {});
    await world.clock.advance(60_000);
    expect(await world.invoke([change])).toEqual([]);
    expect([await world.endings(), world.written()]).toEqual([['applied'], [OTHER, GROUP]]);
  });

  it('stay an open intent where a look at them fails, whatever the fault', async () => {
    const world = build();
    let hidden = false;
    failWrites(world, 2, aFault({ reason: 'no' }), 'before', () => {
      hidden = true;
    });
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, argument) =>
      hidden && method === 'getGroup'
        ? { fault: aFault({ code: 'odd', class: 'unknown' }) }
        : interfere(method, argument);
    const change = await world.accept('T-1', moving);
    expect(await world.invoke([change])).toHaveLength(1);
    expect(await world.outcome()).toBeUndefined();
    expect(await world.lane()).toMatchObject({ intent: { cursor: 1, sendBefore: 0, trouble: { tries: 5 } } });
    hidden = false;
    await world.clock.advance(60_000);
    await world.settle([change]);
    expect(await world.outcome()).toMatchObject({ kind: 'applied' });
  });

  it('cannot be taken back where the group that was left is gone, and that is said', async () => {
    const world = build();
    failWrites(world, 2, aFault({ reason: 'no' }), 'before', () => void world.tenant.groups.delete(OTHER));
    expect(await world.play(moving)).toMatchObject({
      code: 'zpa-refused',
      details: { applications: ['11'], takingBack: { code: 'not-found' } },
    });
  });
});

describe('a move that goes on', () => {
  const half = (world: LaneWorld) => ({ writes: moveOf(world, ['11']), intent: { cursor: 1 } });
  const halfDone = () => laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['12'] });

  it('counts no edit as overtaken that came before its second write', async () => {
    const world = halfDone();
    const { ends } = await leave(world, half(world));
    world.tenant.edit(GROUP, { description: 'by hand' });
    expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [] });
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

  /** Two groups have given an application each; the answer to the second of these writes is missing. */
  async function ofThree() {
    const world = laneOf({}, { id: OTHER, name: 'Annex' }, { id: THIRD, name: 'Yard' });
    const [first, second] = [OTHER, THIRD].map((from, n) => moveOf(world, [`1${n + 1}`], { from })[0]);
    if (first === undefined || second === undefined) throw new Error('two are left');
    const writes = [first, second, updating(groupIn(world), { addedApps: ['11', '12'] })];
    return leave(world, { writes, intent: { cursor: 1, unanswered: 'timeout' } });
  }

  it('keeps its place where its group cannot be read again', async () => {
    const { world, finish, ends, lane } = await ofThree();
    wroteAs(world, THIRD, {});
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, id) =>
      method === 'getGroup' && id === GROUP ? { fault: UNREACHABLE } : undefined;
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'unreachable' });
    expect(lane().intent).toMatchObject({ cursor: 2, sendBefore: 0 });
    expect(lane().intent).not.toHaveProperty('unanswered');
    world.tenant.interfere = interfere;
    expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [] });
  });

  it('does not take an error of ours for one of ZPA, and counts no edit as overtaken that came before', async () => {
    const { world, finish, ends } = await ofThree();
    world.tenant.edit(GROUP, { description: 'by hand' });
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, id) => {
      if (method === 'getGroup' && id === GROUP) throw new TypeError('a bug of ours');
      return undefined;
    };
    await expect(finish()).rejects.toThrow('a bug of ours');
    world.tenant.interfere = interfere;
    expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [] });
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
    failWrites(world, 1, LOST);
    expect(await world.invoke([await world.accept('T-1', rename)])).toHaveLength(1);
    expect(await world.lane()).toMatchObject({ intent: { unanswered: 'timeout', cursor: 0 } });
    expect(world.meter.total('WriteUnanswered')).toBe(1);
    const [line] = world.log.lines.filter(({ message }) => message === 'deferred');
    expect(line?.fields).toMatchObject({ delayMs: 85_000, reason: 'outcome-unknown' });
  });

  it('is not sent where storing its intent took the time', async () => {
    const world = build();
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change], slowAt(world, 0, 2000), 31_000)).toHaveLength(1);
    expect([reasons(world), world.tenant.writes]).toEqual([['again'], []]);
    expect(await world.lane()).not.toHaveProperty('intent');
    expect(await world.invoke([change])).toEqual([]);
  });

  it('of several starts before the first of their windows closes', async () => {
    const world = build();
    world.tenant.groups.set(OTHER, { ...groupIn(world, OTHER), applicationIds: [] });
    const sendBefore: unknown[] = [];
    wrapZpa(world, (zpa) => ({
      write: (planned, before, options) => {
        sendBefore.push(options?.sendBefore);
        return zpa.write(planned, before, options);
      },
    }));
    const closes = world.clock.now() + 3000;
    const [soon, later] = [closes, closes + 1000].map((at) => ({ notAfter: iso(at) }));
    await world.play(adding('13'), adding('14', soon), adding('12', later));
    expect(sendBefore).toEqual([closes]);
  });

  it.each<[string, (record: ChangeRecord) => ChangeRecord, object]>([
    ['asked back', (record) => requestCancel(record, 'desk', 'no', 0) ?? record, { kind: 'cancelled' }],
    [
      'settled by another worker',
      (record) => ({ ...record, state: 'settled', outcome: anApplied({ writeId: 'another' }) }),
      { writeId: 'another' },
    ],
    ['redriven', (record) => ({ ...record, generation: 2 }), { kind: 'applied', generation: 2 }],
  ])('is not sent once one of its changes is no longer as it was taken up: %s', async (_, spoil, outcome) => {
    const world = build();
    const changes = await world.acceptAll(adding('13'), adding('14'));
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
    expect(await world.outcome('T-2')).toMatchObject(outcome);
    expect(groupIn(world).applicationIds.includes('14')).toBe('generation' in outcome);
  });
});
