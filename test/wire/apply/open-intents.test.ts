import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { aftermath, callsOf } from './aftermath.ts';
import { describing, lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * An unreadable or refused object under an open intent has an end (docs/architecture.md#fault-attribution). The rows of that
 * table that `change-trouble` does not play.
 */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 12 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const MINUTE = 60_000;
const FOR_EVER = Number.POSITIVE_INFINITY;
const CLASH: FaultInput = { kind: 'error', status: 409, id: 'api.concurrent.access.error' };
const REFUSED: FaultInput = { kind: 'error', status: 400, id: 'invalid.resource.argument', params: ['applications'] };
const NO_EFFECT: FaultInput = { kind: 'error', status: 500 };
const FORBIDDEN: FaultInput = { kind: 'error', status: 403, text: '' };
const LIMITED: FaultInput = { kind: 'rate-limited' };

const groupPath = ({ customerId }: SmallLane, id = '') => `${customerId}/segmentGroup${id && `/${id}`}`;

/** Scripts a fault for all calls of this group from the first write of the lane on. */
function faultAfterWrite(lane: SmallLane, method: string, id: string, fault: FaultInput): void {
  const written = world.simulator.log.wait((call) => call.kind === 'write' && call.path.includes(lane.customerId));
  void written.then(() => world.simulator.faults.script({ method, path: groupPath(lane, id) }, fault, FOR_EVER));
}

/** Works the changes until the queue is empty. */
async function work(lane: SmallLane, asked: readonly object[]) {
  const began = world.time.worker.now();
  const accepted = await world.accept(lane, asked);
  await world.settle();
  world.simulator.faults.clear();
  const { endings, sent } = await aftermath(world, lane, accepted);
  const [ref] = accepted.map((one) => one.ref);
  const outcome = ref && (await world.ports().ledger.readChange(ref))?.outcome;
  return { endings, sent: sent.length, outcome, tookMs: world.time.worker.now() - began };
}

/** An application leaves the group `alpha` for the empty one; a change of a third group waits behind it. */
async function move(lane: SmallLane) {
  const [moved = ''] = lane.applications;
  const taking = { applications: { add: [{ id: moved }] }, takeFromOtherGroups: true };
  const asked = { idempotencyKey: 'K1', action: 'update', group: { id: lane.empty }, ...taking };
  const seen = await work(lane, [asked, describing('K2', lane.beta)]);
  const zpa = world.simulator.storeOf(lane.customerId);
  const homes = [lane.alpha, lane.empty].filter((id) => zpa.members(id).includes(moved));
  return { ...seen, moved, homes };
}

describe('the second write of a move', () => {
  it.each<[string, string, FaultInput, number, number]>([
    ['that never gets an answer and has no effect', 'PUT', NO_EFFECT, 8, 15],
    ['of a group that cannot be read before it', 'GET', FORBIDDEN, 2, 1],
    ['that meets a 429 each time', 'PUT', LIMITED, FOR_EVER, 45],
    ['of a group whose read meets a 429 each time', 'GET', LIMITED, 2, 45],
    ['that is refused for good', 'PUT', REFUSED, 3, 1],
  ])('%s is taken back, and the lane goes on', async (_, method, fault, sent, minutes) => {
    const lane = next();
    faultAfterWrite(lane, method, lane.empty, fault);
    const seen = await move(lane);
    expect(seen).toMatchObject({ endings: ['zpa-refused', 'applied'], homes: [lane.alpha] });
    expect(seen.tookMs).toBeLessThan(minutes * MINUTE);
    if (sent < FOR_EVER) expect(seen.sent).toBe(sent + 1);
  });

  it.each<[string, FaultInput]>([
    ['clashes', CLASH],
    ['gets no answer', NO_EFFECT],
    ['is refused for good', REFUSED],
  ])('that is refused, and whose compensation %s, leaves what the failure names', async (_, fault) => {
    const lane = next();
    world.simulator.faults.script({ method: 'PUT', path: groupPath(lane, lane.empty) }, REFUSED, FOR_EVER);
    faultAfterWrite(lane, 'PUT', lane.alpha, fault);
    const before = world.meter.total('LeftUngrouped');
    const { endings, outcome, moved, homes } = await move(lane);
    expect([endings, homes]).toEqual([['zpa-refused', 'applied'], []]);
    expect(outcome).toMatchObject({ details: { applications: [moved] } });
    expect(world.meter.total('LeftUngrouped') - before).toBe(1);
  });

  it('waits for its tenant where other reads fail too: nothing is taken back', async () => {
    const lane = next();
    const path = `/customers/${lane.customerId}/`;
    const written = world.simulator.log.wait((call) => call.kind === 'write' && call.path.includes(lane.customerId));
    const from = written.then(() => {
      world.simulator.faults.script({ path }, NO_EFFECT, FOR_EVER);
      return world.time.worker.now();
    });
    const [moved = ''] = lane.applications;
    const taking = { applications: { add: [{ id: moved }] }, takeFromOtherGroups: true };
    const accepted = await world.accept(lane, [
      { idempotencyKey: 'K1', action: 'update', group: { id: lane.empty }, ...taking },
    ]);
    await world.turn();
    await world.settleUntil((await from) + 60 * MINUTE);
    world.simulator.faults.clear();
    await world.settle();
    expect((await aftermath(world, lane, accepted)).endings).toEqual(['applied']);
    expect(world.simulator.storeOf(lane.customerId).members(lane.empty)).toEqual([moved]);
  });
});

describe('a write that ZPA answered', () => {
  it('is outcome-unknown after half an hour where each read of its group meets a 429', async () => {
    const lane = next();
    faultAfterWrite(lane, 'GET', lane.alpha, LIMITED);
    const seen = await work(lane, [describing('K1', lane.alpha), describing('K2', lane.beta)]);
    expect(seen).toMatchObject({ endings: ['outcome-unknown', 'applied'], sent: 2 });
    expect(seen.outcome).toMatchObject({ details: { before: {}, intended: { description: 'K1' }, live: null } });
    expect(seen.tookMs).toBeGreaterThan(30 * MINUTE);
    expect(seen.tookMs).toBeLessThan(45 * MINUTE);
  });

  it('is read back by itself where the one reading of several groups fails', async () => {
    const lane = next();
    const ids = [lane.alpha, lane.beta, lane.empty];
    // Each group is read before its write.
    world.simulator.faults.script({ method: 'GET', path: groupPath(lane), after: ids.length }, FORBIDDEN);
    const seen = await work(
      lane,
      ids.map((id, n) => describing(`K${n + 1}`, id)),
    );
    expect(seen).toMatchObject({ endings: ['applied', 'applied', 'applied'], sent: 3 });
    const calls = callsOf(world, lane);
    const failed = calls.findIndex(({ fault }) => fault !== undefined);
    expect(calls[failed]?.path.endsWith(groupPath(lane))).toBe(true);
    const later = calls.slice(failed + 1).filter(({ kind }) => kind === 'read');
    expect(later.map(({ path }) => path.split('/').at(-1))).toEqual(expect.arrayContaining(ids));
    expect(seen.tookMs).toBeLessThan(TIMING.requestTimeoutMs + TIMING.quietPeriodMs);
  });
});
