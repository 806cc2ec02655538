import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSharedReadBudgetStore } from '../../../shared/aws/ledger/shared-read-budget.ts';
import { newSharedReadBudget, reserveRead } from '../../../shared/domain/ledger/shared-read-budget.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** The first change of a quiet lane reads the policy rules: eighteen reads, where the lane has sixteen of its own. */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({
    lanes: 3,
    configure: ({ tenants, ...rest }) => ({
      ...rest,
      tenants: Object.fromEntries(Object.entries(tenants).map(([name, one]) => [name, { ...one, reach: 'always' }])),
    }),
  });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const WINDOW_MS = 10_000;
const DOCUMENTED_READS = 20;
const READS_OF_CLI = 2;

const joins = (idempotencyKey: string, group: object, application: string | undefined) => ({
  ...{ idempotencyKey, action: 'update', group },
  applications: { add: [{ id: application }] },
});

/** Works these changes; answers how long it took, the reads of each, and the most reads in any window. */
async function carryOut(lane: SmallLane, changes: readonly object[]) {
  const started = world.time.worker.now();
  const accepted = await world.accept(lane, changes);
  await world.settle();
  const outcomes = await Promise.all(accepted.map(({ ref }) => world.ports().ledger.readChange(ref)));
  const reads = world.simulator.log.all().filter(({ kind, path }) => kind === 'read' && path.includes(lane.customerId));
  const most = Math.max(
    ...reads.map(({ at }) => reads.filter((one) => at <= one.at && one.at <= at + WINDOW_MS).length),
  );
  const tookMs = Math.max(...outcomes.map((one) => one?.outcome?.at ?? Number.NaN)) - started;
  return { kinds: outcomes.map((one) => one?.outcome?.kind), tookMs, reads: reads.length, most };
}

describe('the first change of a lane that needs the rules', () => {
  it.each([
    ['id', ({ alpha }: SmallLane) => ({ id: alpha })],
    ['name', () => ({ name: 'Alpha' })],
  ])('waits for no window while nobody else reads, by %s', async (_, groupOf) => {
    const lane = next();
    const seen = await carryOut(lane, [joins('K1', groupOf(lane), lane.applications[4])]);
    expect(seen).toMatchObject({ kinds: ['applied'], tookMs: 0 });
    expect(seen.reads).toBeGreaterThan(16);
    expect(seen.most).toBeLessThanOrEqual(DOCUMENTED_READS - READS_OF_CLI);
  });

  it('leaves the shared reads to a reader that has read in the last minute', async () => {
    const lane = next();
    const { environment: env, time } = world;
    const store = createSharedReadBudgetStore({ env, tableName: env.TABLE_NAME });
    const key = `PRODUCTION:${lane.customerId}`;
    const now = time.worker.now();
    const limits = { reads: 2, writes: 0, windowMs: WINDOW_MS };
    await store.write(reserveRead(newSharedReadBudget(key), limits, now - 2 * WINDOW_MS, now - 2 * WINDOW_MS), 0);
    const { tookMs, most } = await carryOut(lane, [joins('K1', { id: lane.alpha }, lane.applications[4])]);
    expect(tookMs).toBeGreaterThan(WINDOW_MS);
    expect(most).toBeLessThanOrEqual(DOCUMENTED_READS - READS_OF_CLI - limits.reads);
  });
});
