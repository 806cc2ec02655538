import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import type { ZpaWrite } from '../../../../shared/domain/records/intent.ts';
import { aFault, type Interference } from '../../../fakes/memory-zpa.ts';
import { failWrites } from '../interfere.ts';
import { GROUP, type LaneWorld, laneWith } from '../lane-world.ts';
import { CLASH, HOUR, LOST, MINUTE, OTHER, refs, THIRD, taking, update, upTo } from '../requests.ts';

const broken = aFault({ code: 'server-error', class: 'unknown', effect: 'unknown', status: 500 });
const forbidden = aFault({ code: 'forbidden', class: 'unknown', status: 403 });
const limited = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: 4000 });

const build = () =>
  laneWith(
    [{ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['11', '12'] }],
    ['10', '11', '12'],
  );

/** The calls about the group that is joined, after the first write, are answered so; all others as before. */
function joining(world: LaneWorld, answer: (method: string) => Interference | undefined) {
  const { interfere } = world.tenant;
  world.tenant.interfere = (method, argument) => {
    const about = method === 'write' ? (argument as { groupId?: string }).groupId : argument;
    const isIt = world.tenant.writes.length > 0 && about === GROUP;
    return (isIt ? answer(method) : undefined) ?? interfere(method, argument);
  };
}

/** Fails so many of these calls. */
function failJoining(
  world: LaneWorld,
  wanted: 'write' | 'getGroup',
  fault: ZpaFault,
  times = Number.POSITIVE_INFINITY,
) {
  let left = times;
  joining(world, (method) => {
    if (method !== wanted || left <= 0) return undefined;
    left -= 1;
    return { fault };
  });
}

/** Works the move; says what became of it, who is in the groups, and how long it took. */
async function work(world: LaneWorld) {
  const began = world.clock.now();
  await world.settle(await world.acceptAll(taking('11'), { action: 'create', group: { name: 'Next' } }), 200);
  const outcome = await world.outcome();
  expect(await world.endings('T-2')).toEqual(['applied']);
  for (const field of ['intent', 'trouble']) expect(await world.lane()).not.toHaveProperty(field);
  const members = [GROUP, OTHER].map((id) => world.group(id)?.applicationIds);
  return { outcome, members, ungrouped: world.meter.total('LeftUngrouped'), tookMs: world.clock.now() - began };
}
const APART = [['10'], ['11', '12']];

describe('the second write of a move', () => {
  it('that never gets an answer is compensated, also where one look at it fails in between', async () => {
    const world = build();
    let [sent, hidden] = [0, false];
    joining(world, (method) => {
      if (sent === 6) return undefined;
      if (method === 'write') sent += 1;
      if (method === 'write') return { fault: LOST };
      if (method !== 'getGroup' || sent !== 5 || hidden) return undefined;
      hidden = true;
      return { fault: aFault({ ...LOST, effect: 'none' }) };
    });
    const { outcome, members } = await work(world);
    expect([sent, hidden, members[1]]).toEqual([6, true, ['11', '12']]);
    expect(outcome).toMatchObject({ code: 'zpa-refused', sentence: expect.stringContaining('not confirmed') });
  });

  it('that clashes five times is repeated within seconds', async () => {
    const world = build();
    failJoining(world, 'write', CLASH, 5);
    const { outcome, members } = await work(world);
    expect(outcome).toMatchObject({ kind: 'applied', effect: { added: ['11'] } });
    expect(outcome?.kind === 'applied' && outcome.effect.ungroupedMs).toBeLessThan(MINUTE);
    expect(members[0]).toEqual(['10', '11']);
  });

  it('does not count the tries before the first write, nor five looks in vain afterwards', async () => {
    const world = build();
    failWrites(world, upTo(5), CLASH);
    failJoining(world, 'write', CLASH, 5);
    let looks = 5;
    joining(world, (method) => {
      if (method !== 'getGroup' || world.tenant.writes.length < 2 || looks === 0) return undefined;
      looks -= 1;
      return { fault: forbidden };
    });
    expect((await work(world)).outcome).toMatchObject({ kind: 'applied', attempts: expect.any(Number) });
    expect(looks).toBe(0);
  });

  it.each([
    ['clashes', 'write', CLASH, MINUTE],
    ['gets no definite answer and has no effect,', 'write', broken, 15 * MINUTE],
    ['cannot be prepared because its group cannot be read,', 'getGroup', forbidden, MINUTE],
    ['meets a 429', 'write', limited, 45 * MINUTE],
    ['cannot be prepared because its group meets a 429', 'getGroup', limited, 45 * MINUTE],
  ] as const)('that %s for ever is taken back', async (_, method, fault, withinMs) => {
    const world = build();
    failJoining(world, method, fault);
    const seen = await work(world);
    const said = fault === limited ? { remedy: expect.stringContaining('retry') } : { attempts: 6 };
    expect(seen.outcome).toMatchObject({
      kind: 'rejected',
      code: 'zpa-refused',
      zpaError: { code: fault.code },
      ...said,
    });
    expect(seen).toMatchObject({ members: APART, ungrouped: 0 });
    expect(seen.tookMs).toBeLessThan(withinMs);
  });

  it.each([
    ['clashes', CLASH],
    ['gets no definite answer', broken],
    ['meets a 429', limited],
  ])('that %s for ever, as its compensation does, is alarmed and named in the failure', async (_, fault) => {
    const world = build();
    world.tenant.interfere = (method, argument) =>
      method === 'write' && world.tenant.writes.length > 0 && (argument as ZpaWrite).kind === 'update'
        ? { fault }
        : undefined;
    const { outcome, ungrouped } = await work(world);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'zpa-refused', details: { applications: ['11'] } });
    expect(outcome).not.toHaveProperty('details.fields');
    expect([ungrouped, world.failures.sent.length]).toEqual([1, 1]);
  });

  it('that is refused, as its compensation is, leaves fields as they were written, and the failure names them', async () => {
    const world = build();
    failWrites(world, [2, 3], aFault({ code: 'refused', class: 'permanent', status: 400 }));
    const set = { description: 'north', enabled: true };
    const leaving = { applications: { remove: refs('10') }, moveTo: { id: OTHER } };
    await world.settle([await world.accept('T-1', update(GROUP, { set, ...leaving }))], 50);
    expect(await world.outcome()).toMatchObject({
      code: 'zpa-refused',
      sentence: expect.stringMatching(
        new RegExp(`1 application segment is in no group and segment group ${GROUP} keeps its new description`),
      ),
      details: { applications: ['10'], fields: { [GROUP]: { description: 'north' } } },
    });
    expect(world.group(GROUP)).toMatchObject({ description: 'north', applicationIds: [] });
  });

  describe('of three, whose compensation is refused half-way,', () => {
    /** 11 joins the group, 10 leaves it for the yard, and the group has a new description. The yard refuses. */
    async function workOn(world: LaneWorld, meanwhile = () => {}) {
      world.addGroup({ id: THIRD, name: 'Yard' });
      const refused = aFault({ code: 'refused', class: 'permanent', status: 400 });
      failWrites(world, [3, 5], refused, 'before', meanwhile);
      const asked = { applications: { add: refs('11'), remove: refs('10') }, moveTo: { id: THIRD } };
      const more = { set: { description: 'north' }, takeFromOtherGroups: true };
      await world.settle([await world.accept('T-1', update(GROUP, { ...asked, ...more }))], 50);
      return world.outcome();
    }

    it('names what is left, and nothing that is put back', async () => {
      const world = build();
      const outcome = await workOn(world);
      expect(outcome).toMatchObject({
        code: 'zpa-refused',
        sentence: expect.stringMatching(/undoing it was refused too, 1 application segment is in no group$/),
        details: { applications: ['11'] },
      });
      expect(outcome).not.toHaveProperty('details.fields');
      expect(world.group(GROUP)).toMatchObject({ applicationIds: ['10'], description: '' });
    });

    it('ends at once also where ZPA ignored what it had answered: people must act', async () => {
      const world = build();
      const outcome = await workOn(world, () => {
        world.tenant.ignoresDeltas = true;
      });
      expect(outcome).toMatchObject({ code: 'zpa-refused', details: { applications: ['11'] } });
      expect([world.meter.total('LeftUngrouped'), world.meter.total('LaneStopped')]).toEqual([1, 0]);
    });
  });

  it('that clashes for ever is taken back, although the compensation clashes five times as well', async () => {
    const world = build();
    failWrites(
      world,
      upTo(11).map((n) => n + 1),
      CLASH,
    );
    expect(await work(world)).toMatchObject({ outcome: { code: 'zpa-refused' }, members: APART, ungrouped: 0 });
  });

  it('waits for its tenant where other reads fail too: nothing is taken back', async () => {
    const world = build();
    const answersAt = world.clock.now() + HOUR;
    const isDown = () => world.tenant.writes.length > 0 && world.clock.now() < answersAt;
    world.tenant.interfere = (method) => (isDown() ? { fault: method === 'write' ? CLASH : broken } : undefined);
    expect((await work(world)).outcome).toMatchObject({ kind: 'applied', effect: { added: ['11'] } });
  });
});
