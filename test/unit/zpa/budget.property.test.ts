import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BudgetLimits,
  blockUntil,
  mayStartAt,
  recordCall,
  UNUSED_BUDGET,
} from '../../../shared/domain/ledger/rate-budget.ts';
import type { BudgetState } from '../../../shared/domain/records/lane-record.ts';

const WINDOW = 10_000;
const limitsOf = (reads: number, writes: number): BudgetLimits => ({ reads, writes, windowMs: WINDOW });

const calls = fc.array(
  fc.record({
    kind: fc.constantFrom('read' as const, 'write' as const),
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
    hold: fc.option(fc.integer({ min: 0, max: 15_000 }), { freq: 8 }),
  }),
  { maxLength: 120 },
);

/** Starts every call as early as the budget allows, in order. */
function play(list: typeof calls extends fc.Arbitrary<infer T> ? T : never, limits: BudgetLimits) {
  let now = 1_700_000_000_000;
  let state: BudgetState = UNUSED_BUDGET;
  const started: { kind: 'read' | 'write'; at: number }[] = [];
  const holds: { from: number; until: number }[] = [];
  for (const call of list) {
    now += call.pause;
    if (call.hold !== null) {
      holds.push({ from: now, until: now + call.hold });
      state = blockUntil(state, now + call.hold);
    }
    const at = mayStartAt(state, call.kind, limits, now);
    // A successor builds on what was stored, as JSON, in the lane item.
    state = JSON.parse(JSON.stringify(recordCall(state, call.kind, limits, at)));
    started.push({ kind: call.kind, at });
    now = at;
  }
  return { started, holds, state };
}

const most = (instants: number[]) =>
  Math.max(0, ...instants.map((from) => instants.filter((at) => at >= from && at <= from + WINDOW).length));

describe('budget', () => {
  it('never lets more than the limit start in any closed window, kinds counted apart', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 }), (list, reads, writes) => {
        const { started } = play(list, limitsOf(reads, writes));
        const of = (kind: string) => started.filter((one) => one.kind === kind).map(({ at }) => at);
        expect(most(of('read'))).toBeLessThanOrEqual(reads);
        expect(most(of('write'))).toBeLessThanOrEqual(writes);
      }),
    );
  });

  it('starts nothing of either kind while it is held', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const { started, holds } = play(list, limitsOf(20, 10));
        for (const { from, until } of holds) {
          expect(started.filter(({ at }) => at > from && at < until)).toEqual([]);
        }
      }),
    );
  });

  it('never makes a call wait that has room: a start is free, or its window is full or held', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 20_000 }), (list, later) => {
        const limits = limitsOf(3, 2);
        const { state, started } = play(list, limits);
        const now = (started.at(-1)?.at ?? 0) + later;
        const waits = mayStartAt(state, 'read', limits, now) > now;
        const inWindow = started.filter(({ kind, at }) => kind === 'read' && now - at <= WINDOW).length;
        expect(waits).toBe(inWindow >= limits.reads || state.notBefore > now);
      }),
    );
  });

  it('keeps no more starts than count', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const { state } = play(list, limitsOf(20, 10));
        expect(state.reads.length).toBeLessThanOrEqual(20);
        expect(state.writes.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('takes a start from the future, noted by a machine whose clock was ahead, for a start now', () => {
    const state = { reads: [5_000_000], writes: [], notBefore: 0 };
    expect(mayStartAt(state, 'read', limitsOf(1, 1), 1_000)).toBe(1_000 + WINDOW + 1);
  });

  it('a limit of 0 never opens, and an earlier hold does not shorten a later one', () => {
    expect(mayStartAt(UNUSED_BUDGET, 'write', limitsOf(4, 0), 1)).toBe(Number.POSITIVE_INFINITY);
    expect(blockUntil(blockUntil(UNUSED_BUDGET, 900), 100).notBefore).toBe(900);
  });
});
