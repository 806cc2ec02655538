import { describe, expect, it } from 'vitest';
import { OLDER_READING } from '../../../../functions/apply/lane/refuse-older-reads.ts';
import { hasTimeToWrite, waitInPlace } from '../../../../functions/apply/lane/wait-in-place.ts';
import { attributeFault, attributeToTenant } from '../../../../functions/apply/settle/attribute-fault.ts';
import { jitter, limitedOf, troubleOf } from '../../../../functions/apply/settle/count-tries.ts';
import { waitForTenant } from '../../../../functions/apply/settle/tenant-fault.ts';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { generationKey } from '../../../../shared/domain/lane/change-ref.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { interrupted } from '../../../fakes/interrupted.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anEnding, succeed } from '../intent/found-intent.ts';
import { createLaneWorld, LANE } from '../lane-world.ts';
import { MINUTE, rename } from '../requests.ts';

/** A worker in the middle of its turn, with two changes. */
async function turn(remainingMs: number = TIMING.functionTimeoutMs) {
  const world = createLaneWorld();
  const records = await world.acceptAll(rename, rename);
  const { session } = await succeed(world);
  const invocation = { remainingMs: () => remainingMs, signal: new AbortController().signal };
  const probes: ZpaFault[] = [];
  const zpa = interrupted(world.tenant.client(session.limiter), 'zpa', ({ method, phase }) => {
    const [fault] = probes;
    if (method === 'probe' && phase === 'before' && fault !== undefined)
      throw Object.assign(new Error('sick'), { fault, code: fault.code });
  });
  const ports = { ...world.ports, chance: { ...world.ports.chance, random: () => 0 } };
  const context = { ports, session, invocation, zpa };
  const judge = (fault: Partial<ZpaFault>, count = 1) =>
    attributeFault(context, records.slice(0, count), aFault(fault));
  return { world, context, session, records, probes, judge, read: world.lane };
}
const change = { scope: 'change', effect: 'none' } as const;
const odd = { code: 'odd', class: 'unknown', ...change } as const;

describe('an error of ZPA', () => {
  it('that is certainly the change’s own rejects it, where it is alone', async () => {
    const { judge } = await turn();
    const fault = { code: 'already-exists', class: 'permanent', ...change } as const;
    expect(await judge(fault)).toMatchObject({ kind: 'reject', rejection: { code: 'group-exists' } });
    expect(await judge(fault, 2)).toEqual({ kind: 'one-by-one' });
  });

  it('of the tenant stops the lane, alarms once, and tries again later and later', async () => {
    const { world, judge, read } = await turn();
    const began = world.clock.now();
    const code = 'sign-in-refused';
    const fault = { code, class: 'permanent', scope: 'tenant', effect: 'none', reason: 'No.' } as const;
    expect(await judge(fault)).toEqual({ kind: 'again', end: { kind: 'wait', delayMs: 30_000, reason: code } });
    const probeAt = began + 30_000;
    expect(await read()).toMatchObject({
      stopped: { code, sentence: 'No.', since: began, tries: 1, probeAt, alarmed: true },
    });
    await world.clock.advance(10_000);
    const delays: unknown[] = [];
    for (let index = 0; index < 7; index += 1) {
      const verdict = await judge(fault);
      delays.push(verdict.kind === 'again' && verdict.end?.kind === 'wait' && verdict.end.delayMs);
    }
    expect(delays).toEqual([1, 2, 4, 8, 15, 15, 15].map((minutes) => minutes * MINUTE));
    expect(await read()).toMatchObject({ stopped: { tries: 8, since: began } });
    const stop = { name: 'LaneStopped', value: 1, dimensions: { lane: LANE } };
    expect(world.meter.counts).toEqual(Array.from({ length: 8 }, () => stop));
    const [first, ...later] = world.log.lines.filter(({ message }) => message.startsWith('lane '));
    const next = (at: number) => new Date(at).toISOString();
    expect(first).toMatchObject({ message: 'lane stopped', fields: { code, tries: 1, nextAttempt: next(probeAt) } });
    expect(new Set(later.map(({ message }) => message))).toEqual(new Set(['lane still stopped']));
    expect(later.map(({ fields }) => fields.tries)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(later.at(-1)?.fields).toMatchObject({ sentence: 'No.', nextAttempt: next(world.clock.now() + 15 * MINUTE) });
    expect(await judge({ ...fault, retryAfterMs: 20 * MINUTE })).toMatchObject({ end: { delayMs: 20 * MINUTE } });
  });

  it('that nobody knows is the tenant’s if an unrelated read fails too', async () => {
    const { probes, judge, read } = await turn();
    probes.push(aFault({ code: 'unreachable', scope: 'tenant' }));
    expect(await judge(odd)).toMatchObject({ kind: 'again', end: { kind: 'wait', reason: 'unreachable' } });
    const status = { ...odd, class: 'transient', status: 500 } as const;
    expect(await judge(status)).toMatchObject({ kind: 'again', end: { reason: 'unreachable' } });
    expect(await read()).toMatchObject({ stopped: { code: 'unreachable' } });
    expect(await judge({ ...status, status: 499 })).toMatchObject({ end: { reason: 'odd' } });
    expect(await read()).not.toHaveProperty('stopped');
  });

  it('that nobody knows is tried six times, further and further apart, then rejects the change', async () => {
    const { world, records, judge, read } = await turn();
    const began = world.clock.now();
    const fault = { ...odd, reason: 'What?' };
    const delays: number[] = [];
    for (let tries = 1; tries < 6; tries += 1) {
      expect(await judge(fault)).toMatchObject({ kind: 'again', end: { kind: 'wait' } });
      delays.push(((await read()).trouble?.retryAt ?? 0) - began);
    }
    expect(delays).toEqual([28_125, 56_250, 112_500, 225_000, 450_000]);
    expect(await read()).toMatchObject({ trouble: { tries: 5, since: began, ref: records[0]?.ref, generation: 1 } });
    expect((await world.read('T-1')).attempts).toBe(5);
    expect(await judge(fault)).toMatchObject({
      kind: 'reject',
      rejection: { code: 'unclassified', sentence: expect.stringContaining('What?'), zpaError: { code: 'odd' } },
    });
    expect((await world.read('T-1')).attempts).toBe(5);
  });

  it('that may pass is tried again no sooner than ZPA says', async () => {
    const { judge, read } = await turn();
    const fault = { code: 'concurrent-change', class: 'transient', ...change, retryAfterMs: 11 * MINUTE } as const;
    expect(await judge(fault)).toMatchObject({ end: { delayMs: 11 * MINUTE } });
    expect((await read()).trouble?.tries).toBe(1);
  });

  it('that says when is obeyed in silence', async () => {
    const { world, session, judge, read } = await turn();
    const fault = { code: 'rate-limited', class: 'transient', scope: 'tenant', effect: 'none' } as const;
    const began = world.clock.now();
    expect(await judge({ ...fault, retryAfterMs: 4000 })).toEqual({ kind: 'again', end: undefined });
    expect(world.clock.now()).toBe(began + 4000);
    expect(await judge({ ...fault, retryAfterMs: 40_000 })).toMatchObject({ end: { kind: 'wait', delayMs: 40_000 } });
    await session.save({});
    expect((await read()).budget.notBefore).toBe(began + 44_000);
    expect(world.meter.counts).toEqual(
      [1, 2].map(() => ({ name: 'RateLimited', value: 1, dimensions: { lane: LANE } })),
    );
    const unsaid = await turn();
    const before = unsaid.world.clock.now();
    await unsaid.judge(fault);
    expect(unsaid.world.clock.now()).toBe(before + TIMING.budgetWindowMs);
  });

  it('of ours is nobody’s: taken anew, or in the next invocation', async () => {
    const { judge } = await turn();
    expect(await judge({ code: 'too-late' })).toEqual({ kind: 'again', end: undefined });
    expect(await judge({ code: 'aborted' })).toEqual({ kind: 'again', end: { kind: 'again' } });
  });

  it.each([{ generation: 2 }, { state: 'settled' as const }])(
    'counts as a try only of the generation that met it, and of a change that is still open: not of %j',
    async (over) => {
      const { world, judge } = await turn();
      const first = await world.read('T-1');
      await world.ledger.writeChange({ ...first, ...over }, first.version);
      await judge(odd);
      expect((await world.read('T-1')).attempts).toBe(0);
    },
  );

  it('of ours while the tenant is probed is no error of ZPA', async () => {
    const { context, records } = await turn();
    const probe = () => Promise.reject(new TypeError('a bug of ours'));
    const zpa = { ...context.zpa, probe };
    await expect(attributeFault({ ...context, zpa }, records, aFault(odd))).rejects.toThrow('a bug of ours');
  });

  it('counts against no change whose record cannot be read', async () => {
    const { judge } = await turn();
    expect(await judge({}, 0)).toEqual({ kind: 'again', end: undefined });
  });
});

it.each<[Partial<ZpaFault>, object]>([
  [odd, { kind: 'wait', delayMs: 30_000, reason: 'odd' }],
  [{ code: 'aborted' }, { kind: 'again' }],
  [
    { code: 'rate-limited', retryAfterMs: 40_000 },
    { delayMs: 40_000, reason: 'rate-limited' },
  ],
])('a tenant that fails a look is no change’s fault: the lane waits: %j', async (fault, end) => {
  const { context, read } = await turn();
  expect(await waitForTenant(context, aFault(fault))).toMatchObject(end);
  if (fault.code !== 'odd') expect(await read()).not.toHaveProperty('stopped');
});

describe('a read that fails, while the lane is stopped for a tenant,', () => {
  const stopped = { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true, tenants: ['acme'] };
  const beforeRequest = { code: 'unreachable', class: 'transient', effect: 'none' } as const;
  const probed = ({ world }: Awaited<ReturnType<typeof turn>>) =>
    world.tenant.calls.filter(({ method }) => method === 'probe').length;

  it.each<[string, Partial<ZpaFault>, number, boolean]>([
    ['is nobody’s, and what it shows is not older by and by', { code: OLDER_READING }, 0, true],
    ['is the platform’s', { ...odd, scope: 'platform' }, 0, false],
    ['is the tenant’s, which ZPA has not looked at', { ...beforeRequest, scope: 'tenant' }, 0, false],
    ['ends the stop where another read succeeds', odd, 1, true],
  ])('%s: %j', async (_, fault, probes, goesOn) => {
    const scene = await turn();
    scene.session.stage({ stopped });
    const verdict = await attributeToTenant(scene.context, 'acme', aFault(fault));
    expect([probed(scene), verdict === undefined]).toEqual([probes, goesOn]);
    expect(scene.session.lane().stopped === undefined).toBe(probes > 0);
  });

  it('as older than what was seen is read again, no try is counted, and the stop is over', async () => {
    const scene = await turn();
    scene.session.stage({ stopped });
    expect(await scene.judge({ ...odd, code: OLDER_READING, retryAfterMs: 1000 })).toEqual({
      kind: 'again',
      end: undefined,
    });
    expect([probed(scene), scene.session.lane().stopped, scene.session.lane().trouble]).toEqual([
      0,
      undefined,
      undefined,
    ]);
  });

  it.each([24_999, 25_000])(
    'is the tenant’s where ZPA asks for a silence too long for another read: %i ms',
    async (ms) => {
      const scene = await turn();
      scene.session.limiter.obey(ms);
      expect(await scene.judge(odd)).toMatchObject({ end: { reason: 'odd' } });
      expect([probed(scene), scene.session.lane().stopped?.code]).toEqual(ms < 25_000 ? [1, undefined] : [0, 'odd']);
    },
  );
});

describe('trouble', () => {
  it('is of one change, at one generation', async () => {
    const { records } = await turn();
    const [one, other] = records;
    if (one === undefined || other === undefined) throw new Error('two were accepted');
    const trouble = { ref: one.ref, generation: 1, tries: 2, since: 1, retryAt: 2 };
    const lane = { ...newLane(LANE), trouble };
    expect(troubleOf(lane, one)).toEqual(trouble);
    expect(troubleOf(lane, other)).toBeUndefined();
    expect(troubleOf(lane, { ...one, generation: 2 })).toBeUndefined();
    expect(troubleOf(newLane(LANE), one)).toBeUndefined();
  });

  it('is waited for up to a fifth longer', () => {
    const of = (random: number) => jitter({ chance: { id: () => '', random: () => random } }, 1000);
    expect([of(0), of(0.5), of(1)]).toEqual([1000, 1100, 1200]);
  });
});

it('the 429s of a change are counted before its intent, and for each of its writes', async () => {
  const { records } = await turn();
  const [one, other] = records.map(generationKey);
  const limited = { of: one ?? '', at: 'write-1 1', tries: 3, waitedMs: 4 };
  const lane = { ...newLane(LANE), limited };
  const intentAt = (cursor: number) => {
    const members = records.map(({ ref, generation, sequence }) => ({ ref, generation, sequence, ending: anEnding() }));
    return { writeId: 'write-1', tenant: 'acme', members, writes: [], cursor, sendBefore: 0 };
  };
  expect(limitedOf(lane, records, intentAt(1))).toEqual(limited);
  expect(limitedOf(lane, records, intentAt(2))).toMatchObject({ of: one, tries: 0 });
  expect(limitedOf(lane, records, undefined)).toEqual({ of: one, at: '', tries: 0, waitedMs: 0 });
  expect(limitedOf(lane, records.slice(1), undefined)).toMatchObject({ of: other, tries: 0 });
});

describe('a wait', () => {
  const over = undefined;
  const again = { kind: 'again' };

  // A wait that is over needs no time for a write.
  it.each<[number, number | undefined, object | undefined, number]>([
    [0, undefined, over, 0],
    [-5, undefined, over, 0],
    [0, 0, over, 0],
    [24_999, undefined, over, 24_999],
    [25_000, undefined, { kind: 'wait', delayMs: 25_000, reason: 'why' }, 0],
    [1000, 31_000, over, 1000],
    [1000, 30_999, again, 0],
  ])(
    'of %i ms is made in place if it is short and leaves time for a write (of %i)',
    async (ms, remainingMs, end, waited) => {
      const { world, context } = await turn(remainingMs);
      const began = world.clock.now();
      expect(await waitInPlace(context, began + ms, 'why')).toEqual(end);
      expect(world.clock.now() - began).toBe(waited);
    },
  );

  it('is not made under a lease that ends before the write', async () => {
    const { world, context } = await turn();
    await world.clock.advance(TIMING.leaseMs - 31_000);
    const until = (ms: number) => waitInPlace(context, world.clock.now() + ms, 'why');
    expect([await until(1001), await until(1000)]).toEqual([again, over]);
  });
});

describe('time for a write', () => {
  it.each([
    [30_000, undefined, true],
    [29_999, undefined, false],
    [30_100, 100, true],
    [30_099, 100, false],
  ])('is the request and a margin, of the invocation: %i, %i', async (remainingMs, spareMs, has) => {
    const { context } = await turn(remainingMs);
    expect(hasTimeToWrite(context, spareMs)).toBe(has);
  });

  it('is as much of the lease, and none once the invocation is aborted', async () => {
    const { world, context } = await turn();
    const has = (over = {}) => hasTimeToWrite({ ...context, invocation: { ...context.invocation, ...over } });
    await world.clock.advance(TIMING.leaseMs - 30_000);
    expect([has(), has({ signal: AbortSignal.abort() })]).toEqual([true, false]);
    await world.clock.advance(1);
    expect(has()).toBe(false);
  });
});
