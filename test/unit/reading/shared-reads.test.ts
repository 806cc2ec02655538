import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLaneReads,
  createSharedReads,
  type SharedReadBudgetStore,
} from '../../../shared/reading/shared-reads.ts';
import { createFakeClock, type FakeClock } from '../../fakes/fake-clock.ts';
import { createMemorySharedReads } from '../../fakes/memory-shared-reads.ts';

const LIMITS = { reads: 2, writes: 0, windowMs: 10_000 };
const TIMEOUT = 20_000;

const process = (store: SharedReadBudgetStore, clock: FakeClock) =>
  createSharedReads({ store, lane: 'lane', limits: LIMITS, requestTimeoutMs: TIMEOUT, clock });

/** Most reads that may have arrived within one window: each arrives somewhere between its start and its answer. */
function most(reads: readonly [from: number, to: number][]): number {
  const meets = (start: number) => reads.filter(([from, to]) => to >= start && from <= start + LIMITS.windowMs).length;
  return Math.max(0, ...reads.map(([, to]) => meets(to)));
}

describe('reads that processes share', () => {
  it('never come faster than the budget, whoever reads and however long answers take', async () => {
    const reader = fc.record({ calls: fc.integer({ min: 1, max: 6 }), answerMs: fc.integer({ min: 0, max: 8000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(reader, { minLength: 1, maxLength: 4 }), async (readers) => {
        const [clock, store] = [createFakeClock(), createMemorySharedReads()];
        const arrivals: [number, number][] = [];
        await Promise.all(
          readers.map(async ({ calls, answerMs }) => {
            const limiter = process(store, clock);
            for (let call = 0; call < calls; call += 1) {
              const answered = await limiter.take('read');
              const from = clock.now();
              await clock.sleep(answerMs);
              arrivals.push([from, clock.now()]);
              answered();
            }
            await limiter.settle();
          }),
        );
        expect(arrivals).toHaveLength(readers.reduce((sum, { calls }) => sum + calls, 0));
        expect(most(arrivals)).toBeLessThanOrEqual(LIMITS.reads);
      }),
      { numRuns: 60 },
    );
  });

  it('of a process that died count as under way until they would have timed out', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const start = clock.now();
    const died = process(store, clock);
    await died.take('read');
    await died.take('read');
    await process(store, clock).take('read');
    expect(clock.now() - start).toBe(TIMEOUT + LIMITS.windowMs + 1);
  });

  it('of a process whose clock was an hour ahead count no longer than those of one that died', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const start = clock.now();
    const ahead = start + 3_600_000;
    await store.write({ lane: 'lane', version: 0, reads: [ahead, ahead], notBefore: 0, readerAt: ahead }, 0);
    await process(store, clock).take('read');
    expect(clock.now() - start).toBeLessThanOrEqual(TIMEOUT + 2 * LIMITS.windowMs + 1);
  });

  it('cost one write each: the table is read once, and what others wrote is learnt from a refused write', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const [one, other] = [process(store, clock), process(store, clock)];
    const callsOf = async (reads: ReturnType<typeof process>) => {
      const before = store.calls;
      (await reads.take('read'))();
      return store.calls - before;
    };
    expect([await callsOf(one), await callsOf(one)]).toEqual([2, 1]);
    await clock.sleep(LIMITS.windowMs * 2);
    expect([await callsOf(other), await callsOf(one)]).toEqual([2, 2]);
    expect(store.places.get('lane')?.reads).toHaveLength(2);
  });

  it('cost nothing at the end for a lane that the process has nothing to tell about', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const reads = process(store, clock);
    (await reads.take('read'))();
    await reads.settle();
    const { calls } = store;
    await reads.settle();
    expect(store.calls).toBe(calls);
  });

  it('of a process that settled make room a window after their answers', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const start = clock.now();
    const first = process(store, clock);
    for (const _ of [1, 2]) (await first.take('read'))();
    await first.settle();
    await process(store, clock).take('read');
    expect(clock.now() - start).toBe(LIMITS.windowMs + 1);
  });

  it('are silent for all when one was told to be', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const start = clock.now();
    const told = process(store, clock);
    (await told.take('read'))();
    told.obey(45_000);
    await told.settle();
    await process(store, clock).take('read');
    expect(clock.now() - start).toBe(45_000);
  });

  it('take no writes, end when they are told to, and give up on a table that is always somebody else’s', async () => {
    const [clock, store] = [createFakeClock(undefined, { auto: false }), createMemorySharedReads()];
    const limiter = process(store, clock);
    await expect(limiter.take('write')).rejects.toMatchObject({ code: 'no-budget' });
    await limiter.take('read');
    await limiter.take('read');
    const controller = new AbortController();
    const waiting = limiter.take('read', controller.signal);
    await clock.advance(0);
    expect(clock.sleeping).toBe(1);
    controller.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    store.write = async () => ({ written: false, found: undefined });
    await clock.advance(TIMEOUT + LIMITS.windowMs + 1);
    await expect(process(store, clock).take('read')).rejects.toMatchObject({ code: 'reader-contention' });
  });

  it('are two in ten seconds per lane', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const reads = createLaneReads({ store, clock, timing: { budgetWindowMs: 10_000, requestTimeoutMs: TIMEOUT } });
    const [one, other] = [reads.limiterOf('one'), reads.limiterOf('other')];
    const start = clock.now();
    for (const limiter of [one, one, other, other]) (await limiter.take('read'))();
    expect(clock.now()).toBe(start);
    (await one.take('read'))();
    expect(clock.now()).toBe(start + 10_001);
    await reads.settle();
    expect([...store.places.keys()]).toEqual(['one', 'other']);
  });
});
