import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { generationKey } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { configure } from '../interfere.ts';
import { createLaneWorld, LANE, type LaneWorld, laneWith } from '../lane-world.ts';
import { CLASH, describing, HOUR, MINUTE, upTo } from '../requests.ts';

const NO_SECRET = aFault({ code: 'secret-missing', class: 'transient', scope: 'tenant' });
const TIMEOUT = aFault({ code: 'timeout', class: 'transient', scope: 'tenant' });
const LIMITED = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: HOUR });

async function laneOf(count: number) {
  const world = laneWith(upTo(count).map((n) => ({ id: `90${n}`, name: `Group ${n}` })));
  return { world, changes: await world.acceptAll(...upTo(count).map((n) => describing(`90${n}`))) };
}

const endingsOf = (world: LaneWorld, changes: readonly ChangeRecord[]) =>
  world.endings(...changes.map(({ ref }) => ref.idempotencyKey));

const applied = (count: number) => Array.from({ length: count }, () => 'applied');

describe('a group of which every write clashes with another change in ZPA', () => {
  it('holds the changes of other groups up for half an hour at most, and none of them is rejected for it', async () => {
    const { world, changes } = await laneOf(21);
    world.tenant.interfere = (method, write) =>
      method === 'write' && JSON.stringify(write).includes('"901"') ? { fault: CLASH } : undefined;
    const began = world.clock.now();
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(['zpa-refused', ...applied(20)]);
    expect((await world.read('T-1')).outcome).toMatchObject({
      ...{ attempts: 6, sentence: expect.stringMatching(/6 attempts .*somebody else writes/) },
      ...{ remedy: expect.stringContaining('retry'), zpaError: { code: 'concurrent-change' } },
    });
    expect(world.clock.now() - began).toBeLessThan(30 * MINUTE);
  });

  it('is no single group: five such rejections in a row pause the lane', async () => {
    const { world, changes } = await laneOf(6);
    world.tenant.interfere = (method) => (method === 'write' ? { fault: CLASH } : undefined);
    await expect(world.settle(changes, 80)).rejects.toThrow('m-T-6');
    expect(await world.lane()).toMatchObject({ paused: { by: 'worker' } });
    expect(await endingsOf(world, changes.slice(5))).toEqual(['open']);
  });
});

describe('a 429 to every call about one group, while others succeed', () => {
  const limitOf = (retryAfterMs: number) => ({ ...LIMITED, reason: 'Slow down.', retryAfterMs });

  it.each([
    ['4 s', 4000, 0.5, 0.75],
    ['2 min', 2 * MINUTE, 0.5, 0.75],
    ['an hour', HOUR, 5, 7],
  ])('that asks for %s each time is kept to, and ends its change after six tries and half an hour', async (...row) => {
    const [, silenceMs, leastHours, mostHours] = row;
    const { world, changes } = await laneOf(8);
    const refused: number[] = [];
    world.tenant.interfere = (_method, id) => {
      if (id !== '901') return undefined;
      refused.push(world.clock.now());
      return { fault: limitOf(silenceMs) };
    };
    const began = world.clock.now();
    await world.settle(changes, 200);
    expect(await endingsOf(world, changes)).toEqual(['zpa-refused', ...applied(7)]);
    expect((await world.read('T-1')).outcome).toMatchObject({
      ...{ sentence: expect.stringMatching(/429 for half an hour.*Slow down/), zpaError: { code: 'rate-limited' } },
      remedy: expect.stringContaining('retry'),
    });
    const pauses = refused.slice(1).map((at, n) => at - (refused[n] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(silenceMs);
    expect(refused.length).toBeGreaterThanOrEqual(6);
    const hours = (world.clock.now() - began) / HOUR;
    expect(hours).toBeGreaterThan(leastHours);
    expect(hours).toBeLessThan(mostHours);
    expect(await world.lane()).not.toHaveProperty('limited');
  });

  it('is no single group where ZPA limits every write: five such rejections in a row pause the lane', async () => {
    const { world, changes } = await laneOf(6);
    world.tenant.interfere = (method) => (method === 'write' ? { fault: limitOf(4000) } : undefined);
    await expect(world.settle(changes, 400)).rejects.toThrow('m-T-6');
    expect(await world.lane()).toMatchObject({ paused: { by: 'worker' } });
    expect(await endingsOf(world, changes.slice(5))).toEqual(['open']);
  });

  it('about one application ends only its change of those that are taken in one step', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: '901', name: 'Group 1' });
    world.addApplications('11', '12', '13');
    world.tenant.interfere = (_method, id) => (id === '12' ? { fault: limitOf(4000) } : undefined);
    const joining = (id: string) => ({ action: 'update', group: { id: '901' }, applications: { add: [{ id }] } });
    const changes = await Promise.all(['11', '12', '13'].map((id) => world.accept(`T-${id}`, joining(id))));
    await world.settle(changes, 200);
    expect(await endingsOf(world, changes)).toEqual(['applied', 'zpa-refused', 'applied']);
  });

  it('is met by nothing more where its whole tenant is limited by now', async () => {
    const { world, changes } = await laneOf(1);
    const of = changes.map(generationKey).join();
    await world.ledger.writeLane({ ...newLane(LANE), limited: { of, at: '', tries: 2, waitedMs: 20_000 } }, 0);
    world.tenant.interfere = () => ({ fault: LIMITED });
    await world.invoke(changes);
    expect(world.tenant.calls.map(({ method }) => method)).toEqual(['probe']);
    const deferred = world.log.lines.filter(({ message }) => message === 'deferred');
    expect(deferred.map(({ fields }) => fields.reason)).toEqual(['rate-limited']);
  });

  it('ends no change that met a limit of its whole tenant, however often', async () => {
    const { world, changes } = await laneOf(2);
    world.tenant.interfere = (_method, id) => {
      // In every tenth minute it refuses this group alone.
      const isOpen = Math.floor(world.clock.now() / MINUTE) % 10 === 9;
      return id === '901' || !isOpen ? { fault: limitOf(20_000) } : undefined;
    };
    await expect(world.settle(changes, 400)).rejects.toThrow('m-T-1');
    world.tenant.interfere = () => undefined;
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(applied(2));
  });
});

describe('the retry window of a change', () => {
  const days = (world: LaneWorld, count: number) => world.clock.advance(count * 24 * HOUR);
  /** ZPA answers calls about the first group with this fault. */
  const hurtFirst = (world: LaneWorld, fault: ZpaFault) => {
    world.tenant.interfere = (_method, id) => (id === '901' ? { fault } : undefined);
  };

  it('counts from its turn: one that waited longer behind others is tried', async () => {
    const { world, changes } = await laneOf(2);
    await days(world, 4);
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(applied(2));
  });

  it.each([
    ['ends after it', 1, 'timeout', 'retry-window-exhausted'],
    ['ends after it, also where the lane never stood still', 1, undefined, 'retry-window-exhausted'],
    ['does not end before it', 0, 'timeout', 'applied'],
  ])('%s, to the millisecond', async (_, beyond, code, ending) => {
    const { world, changes } = await laneOf(2);
    const { retryWindowMs } = world.ports.timing;
    const since = world.clock.now() - retryWindowMs - beyond;
    const stopped = code && { stopped: { code, sentence: 's', since: 1, tries: 1, probeAt: 1, alarmed: true } };
    await world.ledger.writeLane({ ...newLane(LANE), turn: { sequence: 1, since }, ...stopped }, 0);
    await world.invoke(changes);
    expect(await endingsOf(world, changes)).toEqual([ending, 'applied']);
    if (beyond > 0) {
      const sentence = expect.stringMatching(
        code ? /within 72 hours .*timeout/ : /within 72 hours .*no try came to an end/,
      );
      expect((await world.read('T-1')).outcome).toMatchObject({ sentence });
    }
  });

  it('starts anew at another place in the lane, as after a release or a redrive', async () => {
    const { world, changes } = await laneOf(1);
    const since = world.clock.now() - 2 * world.ports.timing.retryWindowMs;
    await world.ledger.writeLane({ ...newLane(LANE), turn: { sequence: 7, since } }, 0);
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(['applied']);
  });

  it.each(['timeout', 'connection-lost', 'incomplete-list'])(
    'is not used up by a change of which every call ends with %s: six tries, and the next one begins',
    async (code) => {
      const { world, changes } = await laneOf(2);
      hurtFirst(world, aFault({ code, scope: 'tenant', class: 'transient' }));
      const began = world.clock.now();
      await world.settle(changes);
      expect(await endingsOf(world, changes)).toEqual(['unclassified', 'applied']);
      expect((await world.read('T-1')).outcome).toMatchObject({ attempts: 6 });
      expect(world.clock.now() - began).toBeLessThan(30 * MINUTE);
    },
  );

  it.each([
    ['the tenant has no secret', NO_SECRET],
    ['the tenant answers no call in time', TIMEOUT],
    ['the tenant answers every call with 429', LIMITED],
    ['the tenant answers every call with 503', aFault({ code: 'gateway-error', scope: 'tenant', status: 503 })],
  ])('stands still while %s', async (_, fault) => {
    const { world, changes } = await laneOf(2);
    world.tenant.interfere = () => ({ fault });
    await expect(world.settle(changes, 400)).rejects.toThrow('m-T-1');
    world.tenant.interfere = () => undefined;
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(applied(2));
  });

  it('stands still while an operator holds the lane, or the configuration its tenant', async () => {
    const { world, changes } = await laneOf(2);
    hurtFirst(world, TIMEOUT);
    await world.invoke(changes);
    await world.setLane({ paused: { by: 'kim', reason: 'audit', since: world.clock.now() } });
    await world.invoke(changes);
    await days(world, 4);
    const { paused: _, ...resumed } = await world.lane();
    await world.ledger.writeLane(resumed, resumed.version);
    await world.invoke(changes);
    expect(await endingsOf(world, changes)).toEqual(['open', 'open']);
    await days(world, 1);
    configure(world, { mode: 'paused' });
    await world.invoke(changes);
    configure(world, { mode: 'apply' });
    await days(world, 4);
    world.tenant.interfere = () => undefined;
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(applied(2));
  });
});

describe('a change whose outcome cannot be published', () => {
  it('holds up no other change, and its message waits in a group of its own', async () => {
    const { world, changes } = await laneOf(5);
    const publish: typeof world.outcomes.publish = async (notice) => {
      if (notice.ref.idempotencyKey === 'T-1') throw new Error('too large');
      await world.outcomes.publish(notice);
    };
    expect(await world.invoke(changes, { ...world.ports, outcomes: { publish } })).toEqual([]);
    expect(await endingsOf(world, changes)).toEqual(applied(5));
    expect(world.queue.sent).toMatchObject([{ ref: { idempotencyKey: 'T-1' }, apartAt: expect.any(Number) }]);
    const later = await world.accept('later', describing('902'));
    expect(await world.invoke([later], { ...world.ports, outcomes: { publish } })).toEqual([]);
    const body = JSON.stringify(world.queue.sent[0]);
    const unannounced = world.ports.outcomes;
    world.ports.outcomes = { publish: () => Promise.reject(new Error('too large')) };
    expect(await world.work({ messageId: 'apart', receiptHandle: 'apart', body, receiveCount: 1 })).toHaveLength(1);
    expect(world.deferral.deferred.at(-1)).toEqual({ messageIds: ['apart'], delayMs: world.ports.timing.deferMaxMs });
    expect(world.queue.sent).toHaveLength(1);
    world.ports.outcomes = unannounced;
    expect((await world.read('T-1')).pending).toEqual(['sns']);
    await world.settle(changes);
    expect((await world.read('T-1')).pending).toEqual([]);
    expect(world.outcomes.published).toHaveLength(6);
  });

  it('is no single one where none can be published: the lane waits, and nothing is lost', async () => {
    const { world, changes } = await laneOf(8);
    const outcomes = { publish: () => Promise.reject(new Error('no topic')) };
    for (let round = 0; round < 3; round += 1) await world.invoke(changes, { ...world.ports, outcomes });
    expect(world.outcomes.published).toEqual([]);
    await world.settle(changes);
    expect(await endingsOf(world, changes)).toEqual(applied(8));
    expect(world.outcomes.published).toHaveLength(8);
  });
});
