import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBorrowedReads } from '../../../../functions/apply/lane/borrowed-reads.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { createSharedReads, type SharedReadBudgetStore } from '../../../../shared/reading/shared-reads.ts';
import { createBudgetLimiter } from '../../../../shared/zpa/budget-limiter.ts';
import { createFakeClock, type FakeClock } from '../../../fakes/fake-clock.ts';
import { createMemorySharedReads } from '../../../fakes/memory-shared-reads.ts';
import { createRecordingLog } from '../../../fakes/recording.ts';

const LANE = 'PRODUCTION:1';
const { budgetWindowMs: WINDOW, requestTimeoutMs: TIMEOUT } = TIMING;
const OWN = { reads: 3, writes: 1, windowMs: WINDOW };
const SHARED = { reads: 2, writes: 0, windowMs: WINDOW };

function laneOf(store: SharedReadBudgetStore | undefined, clock: FakeClock, notBefore = 0) {
  const log = createRecordingLog();
  const borrowed = createBorrowedReads({ ...(store && { sharedReads: store }), clock, timing: TIMING, log }, LANE);
  const state = { reads: [], writes: [], notBefore };
  return { log, borrowed, limiter: createBudgetLimiter({ limits: OWN, clock, state, spare: borrowed }) };
}
const readerOf = (store: SharedReadBudgetStore, clock: FakeClock) =>
  createSharedReads({ store, lane: LANE, limits: SHARED, requestTimeoutMs: TIMEOUT, clock });

/** Most reads that may have arrived within one window: each arrives somewhere between its start and its answer. */
function most(reads: readonly [from: number, to: number][]): number {
  const meets = (start: number) => reads.filter(([from, to]) => to >= start && from <= start + WINDOW).length;
  return Math.max(0, ...reads.map(([, to]) => meets(to)));
}

/** Reads made one after the other; one without an answer is the last of its process. */
async function readInTurn(
  process: () => { take(): Promise<() => void>; end?(): Promise<void> },
  calls: readonly { gapMs: number; answerMs: number; dies: boolean }[],
  clock: FakeClock,
  arrivals: [number, number][],
) {
  let current = process();
  for (const { gapMs, answerMs, dies } of calls) {
    await clock.sleep(gapMs);
    const answered = await current.take();
    const from = clock.now();
    if (dies) {
      arrivals.push([from, from + TIMEOUT]);
      current = process();
    } else {
      await clock.sleep(answerMs);
      arrivals.push([from, clock.now()]);
      answered();
    }
  }
  await current.end?.();
}

const callsOf = (longestGapMs: number, maxLength: number) =>
  fc.array(
    fc.record({
      gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: longestGapMs })),
      answerMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8000 })),
      dies: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
    }),
    { maxLength },
  );

describe('a lane that borrows the reads of the readers', () => {
  it('never exceeds both budgets together, whoever reads, dies or answers late', async () => {
    let borrowedOnce = 0;
    await fc.assert(
      fc.asyncProperty(
        callsOf(3000, 30),
        fc.array(callsOf(200_000, 4), { maxLength: 3 }),
        async (laneCalls, readers) => {
          const [clock, store] = [createFakeClock(), createMemorySharedReads()];
          const arrivals: [number, number][] = [];
          let died = false;
          /** After an unclean end a successor waits a full window with its own calls. */
          const worker = () => {
            const { limiter, borrowed } = laneOf(store, clock, died ? clock.now() + TIMEOUT + WINDOW + 1 : 0);
            died = true;
            return { take: () => limiter.take('read'), end: () => borrowed.settle(true) };
          };
          const reader = () => {
            const reads = readerOf(store, clock);
            return { take: () => reads.take('read'), end: () => reads.settle() };
          };
          await Promise.all([
            readInTurn(worker, laneCalls, clock, arrivals),
            ...readers.map((calls) => readInTurn(reader, calls, clock, arrivals)),
          ]);
          expect(arrivals).toHaveLength(laneCalls.length + readers.flat().length);
          expect(most(arrivals)).toBeLessThanOrEqual(OWN.reads + SHARED.reads);
          if (readers.length === 0 && most(arrivals) > OWN.reads) borrowedOnce += 1;
        },
      ),
      { numRuns: 150 },
    );
    expect(borrowedOnce).toBeGreaterThan(0);
  });

  it('takes all that is free with one read and one write of the record, and gives it back with one write', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const { limiter, borrowed } = laneOf(store, clock);
    const start = clock.now();
    for (let read = 0; read < OWN.reads; read += 1) (await limiter.take('read'))();
    expect(store.calls).toBe(0);
    for (let read = 0; read < SHARED.reads; read += 1) (await limiter.take('read'))();
    expect([clock.now() - start, store.calls]).toEqual([0, 2]);
    await borrowed.settle(true);
    expect([store.calls, store.places.get(LANE)?.reads]).toEqual([3, [start, start]]);
    (await limiter.take('read'))();
    expect(clock.now() - start).toBe(WINDOW + 1);
  });

  it('gives back what it does not need, at its end or after a window', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const { limiter, borrowed } = laneOf(store, clock);
    expect(await borrowed.atHand(1)).toBe(2);
    await clock.advance(WINDOW);
    (await limiter.take('read'))();
    expect(store.places.get(LANE)?.reads).toEqual([]);
    expect(await borrowed.atHand(1)).toBe(2);
    await borrowed.settle(true);
    expect(store.places.get(LANE)?.reads).toEqual([]);
  });

  it('borrows nothing for a minute after a reader has read', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const reader = readerOf(store, clock);
    (await reader.take('read'))();
    await reader.settle();
    const { borrowed, log } = laneOf(store, clock);
    await clock.advance(60_000);
    expect(await borrowed.atHand(1)).toBe(0);
    await clock.advance(1);
    expect(await borrowed.atHand(1)).toBe(2);
    expect(log.lines).toEqual([]);
  });

  it('leaves the next free places to a reader that waits for one', async () => {
    const [clock, store] = [createFakeClock(undefined, { auto: false }), createMemorySharedReads()];
    const { borrowed } = laneOf(store, clock);
    for (const _ of [1, 2]) (await borrowed.take())?.();
    await borrowed.settle();
    const waits = new AbortController();
    const waiting = readerOf(store, clock).take('read', waits.signal);
    await clock.advance(0);
    expect(clock.sleeping).toBe(1);
    // The reader has not woken up yet when the places are free.
    waits.abort(new Error('late'));
    await expect(waiting).rejects.toThrow('late');
    await clock.advance(WINDOW + 1);
    expect(await borrowed.atHand(1)).toBe(0);
    await clock.advance(60_000);
    expect(await borrowed.atHand(1)).toBe(2);
  });

  it('borrows nothing while ZPA asked for silence, or while the record cannot be used', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const told = readerOf(store, clock);
    told.obey(120_000);
    await told.settle();
    expect(await laneOf(store, clock).borrowed.atHand(1)).toBe(0);
    await clock.advance(120_000);
    const { limiter, borrowed } = laneOf(store, clock);
    for (let read = 0; read < OWN.reads; read += 1) (await limiter.take('read'))();
    limiter.obey(5000);
    const silentFrom = clock.now();
    (await limiter.take('read'))();
    expect(clock.now() - silentFrom).toBe(WINDOW + 1);
    await borrowed.settle(true);
    const broken = { ...store, read: () => Promise.reject(new Error('the table is away')) };
    expect(await laneOf(broken, clock).borrowed.atHand(1)).toBe(0);
  });

  it('counts what a dead worker borrowed until it would have timed out', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    await laneOf(store, clock).borrowed.take();
    const start = clock.now();
    await readerOf(store, clock).take('read');
    expect(clock.now() - start).toBe(WINDOW + TIMEOUT + WINDOW + 1);
  });

  it('asks for no more than it has at hand, and writes nothing where it has nothing to tell', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const { borrowed } = laneOf(store, clock);
    expect([await borrowed.atHand(1), await borrowed.atHand(2), store.calls]).toEqual([2, 2, 2]);
    (await borrowed.take())?.();
    await borrowed.settle(true);
    expect([store.calls, store.places.get(LANE)?.reads]).toEqual([3, [clock.now()]]);
    await borrowed.settle(true);
    expect(store.calls).toBe(3);
    expect(await borrowed.atHand(2)).toBe(1);
  });

  it('tells an answer once: another read that was borrowed with it stays under way', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    const { borrowed } = laneOf(store, clock);
    const [answered] = [await borrowed.take(), await borrowed.take()];
    answered?.();
    const until = clock.now() + WINDOW + TIMEOUT;
    for (const _ of [1, 2]) {
      await clock.advance(WINDOW + 1);
      expect(await borrowed.atHand(1)).toBe(1);
    }
    await borrowed.settle(true);
    expect(store.places.get(LANE)?.reads).toEqual([until]);
  });

  it('tells an answer later where the record could not be written, and borrows nothing meanwhile', async () => {
    const [clock, store] = [createFakeClock(), createMemorySharedReads()];
    let isAway = true;
    const write: typeof store.write = (next, expected) =>
      isAway ? Promise.reject(new Error('the table is away')) : store.write(next, expected);
    const { borrowed, log } = laneOf({ ...store, write }, clock);
    expect([await borrowed.atHand(1), log.lines.length]).toEqual([0, 1]);
    isAway = false;
    for (const _ of [1, 2]) (await borrowed.take())?.();
    isAway = true;
    await borrowed.settle(true);
    expect(store.places.get(LANE)?.reads).not.toContain(clock.now());
    isAway = false;
    await borrowed.settle(true);
    expect(store.places.get(LANE)?.reads).toEqual([clock.now(), clock.now()]);
  });

  it('borrows nothing where nobody shares reads, and that is no fault', async () => {
    const { borrowed, log } = laneOf(undefined, createFakeClock());
    expect([await borrowed.atHand(1), await borrowed.take(), log.lines]).toEqual([0, undefined, []]);
  });
});
