import { expect } from 'vitest';
import { readFailures, readOutcomes } from '../../../local/world/snapshot/read-journals.ts';
import type { LoggedCall } from '../../../local/zpa-simulator/call-log.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { SmallLane } from './small-lanes.ts';
import type { WorkerWorld } from './worker-world.ts';

/** The results of the worker in one lane, in lane order. */
export type Aftermath = {
  /** The kind of each outcome, or the code of a rejection. */
  endings: string[];
  /** The method of every write that reached ZPA, with or without effect. */
  sent: string[];
  /** The number of writes with an effect. */
  effects: number;
};

/** Sixteen of its own, and two that a lane borrows while no reader asks for them. */
const READS = 18;
const WRITES = 10;

/** Calls of the ZPA API, oldest first, without sign-ins. */
export function callsOf({ simulator }: WorkerWorld, { customerId }: SmallLane): LoggedCall[] {
  return simulator.log.all().filter(({ path }) => path.includes(`/customers/${customerId}/`));
}

export const writesOf = (world: WorkerWorld, lane: SmallLane): LoggedCall[] =>
  callsOf(world, lane).filter(({ kind }) => kind === 'write');

/**
 * The state after every scenario, no matter what ZPA did: each change has one outcome, announced once, the
 * rejected ones in the dead-letter queue and nothing else there; the lane is free and holds nothing; no window held
 * more calls than the budget; each write began with time for its answer; no secret was logged.
 */
export async function aftermath(
  world: WorkerWorld,
  lane: SmallLane,
  accepted: readonly ChangeRecord[],
): Promise<Aftermath> {
  const records: ChangeRecord[] = [];
  for (const { ref } of accepted) {
    const record = await world.ports().ledger.readChange(ref);
    if (record !== undefined) records.push(record);
  }
  expect(records.map(({ state, pending }) => [state, pending])).toEqual(accepted.map(() => ['settled', []]));
  await expectToldOnce(world, lane, records);
  await expectFree(world, records);
  expectBudgetKept(callsOf(world, lane));
  expectTimeLeft(world, lane);
  expect(world.log.text()).not.toContain('cs-not-to-be-shown');
  const writes = writesOf(world, lane);
  return {
    endings: records.map(endingOf),
    sent: writes.map(({ method }) => method),
    effects: writes.filter(({ effects }) => effects.length > 0).length,
  };
}

const endingOf = ({ outcome }: ChangeRecord) =>
  outcome?.kind === 'rejected' ? outcome.code : (outcome?.kind ?? 'open');

async function expectToldOnce({ endpoint, environment }: WorkerWorld, lane: SmallLane, records: ChangeRecord[]) {
  const mine = <Said extends { ref: { tenant: string } | null }>(said: readonly Said[]) =>
    said.filter(({ ref }) => ref?.tenant === lane.tenant);
  const told = mine(readOutcomes(endpoint)).map(({ ref, outcome }) => `${ref.idempotencyKey} ${outcome.kind}`);
  expect(told.toSorted()).toEqual(
    records.map(({ ref, outcome }) => `${ref.idempotencyKey} ${outcome?.kind}`).toSorted(),
  );
  const failed = mine(readFailures(endpoint, environment.FAILURES_QUEUE_URL));
  const rejected = records.filter(({ outcome }) => outcome?.kind === 'rejected');
  expect(failed.map(({ ref, rejection }) => `${ref?.idempotencyKey} ${rejection.code}`).toSorted()).toEqual(
    rejected.map((record) => `${record.ref.idempotencyKey} ${endingOf(record)}`).toSorted(),
  );
}

async function expectFree(world: WorkerWorld, [record]: readonly ChangeRecord[]) {
  if (record === undefined) throw new Error('a story has a change');
  const { lease, intent, working, stopped } = await world.ports().ledger.readLane(record.ref.lane);
  expect({ lease, intent, working, stopped }).toEqual({});
}

/**
 * No rate window holds more calls than the budget. The simulator shares the worker's clock, so calls arrive when they
 * are made.
 */
export function expectBudgetKept(calls: readonly LoggedCall[]): void {
  for (const [kind, most] of [
    ['read', READS],
    ['write', WRITES],
  ] as const) {
    const times = calls.filter((call) => call.kind === kind).map(({ at }) => at);
    const crowded = times.filter((at, index) => at - (times[index - most] ?? 0) <= TIMING.budgetWindowMs);
    expect(crowded, `${kind}s beyond the budget`).toEqual([]);
  }
}

/** Every write began while the invocation, and so the lease, had the request timeout and a margin left. */
function expectTimeLeft(world: WorkerWorld, lane: SmallLane): void {
  const { functionTimeoutMs, closingMs, requestTimeoutMs, writeMarginMs } = TIMING;
  const latest = functionTimeoutMs - closingMs - requestTimeoutMs - writeMarginMs;
  const late = writesOf(world, lane).filter(({ at }) => {
    const began = world.invocations.findLast((one) => one <= at) ?? Number.NEGATIVE_INFINITY;
    return at - began > latest;
  });
  expect(late, 'writes begun too late').toEqual([]);
}

/** Every deciding read came after the request timeout and the quiet period of the lost write. */
export function expectQuietAfterLost(world: WorkerWorld, lane: SmallLane): void {
  const calls = callsOf(world, lane);
  const silences = calls.flatMap((call, index) => {
    const { at = Number.NaN } = calls[index + 1] ?? {};
    return call.kind === 'write' && call.fault !== undefined ? [at - call.at] : [];
  });
  expect(silences.length).toBeGreaterThan(0);
  expect(Math.min(...silences)).toBeGreaterThanOrEqual(TIMING.requestTimeoutMs + TIMING.quietPeriodMs);
}
