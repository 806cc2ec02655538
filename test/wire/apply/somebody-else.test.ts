import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { aftermath, expectQuietAfterLost } from './aftermath.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * A write without a definite answer, and an edit in the console before the deciding read
 * (docs/architecture.md#unknown-outcomes).
 */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 15 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

type Meanwhile = {
  what: string;
  asked: (lane: SmallLane) => object;
  deed: 'done' | 'not done';
  somebody: (zpa: ReturnType<WorkerWorld['simulator']['storeOf']>, lane: SmallLane) => void;
  ends: string;
  sent: string[];
  effects: number;
  /** The content of ZPA afterwards, and the outcome's statement about it. */
  left?: (zpa: ReturnType<WorkerWorld['simulator']['storeOf']>, lane: SmallLane) => unknown;
  details?: object;
};

const rename = (lane: SmallLane) => ({ action: 'update', group: { id: lane.alpha }, set: { name: 'Annex' } });
const create = () => ({ action: 'create', group: { name: 'Annex' } });
const drop = () => ({ action: 'delete', group: { name: 'Empty' } });

const MEANWHILE: Meanwhile[] = [
  {
    what: 'an update not done, the group renamed by hand: neither, shown with before, intended and live',
    ...{ asked: rename, deed: 'not done', ends: 'outcome-unknown', sent: ['PUT'], effects: 0 },
    somebody: (zpa, { alpha }) => zpa.renameGroup(alpha, 'By hand'),
    left: (zpa, { alpha }) => zpa.group(alpha)?.name === 'By hand',
    details: { before: { name: 'Alpha' }, intended: { name: 'Annex' }, live: { name: 'By hand' } },
  },
  {
    what: 'an update done, the group edited by hand after it: neither, and the edit stays',
    ...{ asked: rename, deed: 'done', ends: 'outcome-unknown', sent: ['PUT'], effects: 1 },
    somebody: (zpa, { alpha }) => zpa.editGroup(alpha, { description: 'By hand' }),
    left: (zpa, { alpha }) => zpa.group(alpha)?.description === 'By hand',
    details: { live: { name: 'Annex', description: 'By hand' } },
  },
  {
    what: 'an update done and undone by hand: the content is as before, the stamp is not',
    ...{ asked: rename, deed: 'done', ends: 'outcome-unknown', sent: ['PUT'], effects: 1 },
    somebody: (zpa, { alpha }) => zpa.renameGroup(alpha, 'Alpha'),
    left: (zpa, { alpha }) => zpa.group(alpha)?.name === 'Alpha',
  },
  {
    what: 'an update not done, and somebody did just that: it is as asked',
    ...{ asked: rename, deed: 'not done', ends: 'applied', sent: ['PUT'], effects: 0 },
    somebody: (zpa, { alpha }) => zpa.renameGroup(alpha, 'Annex'),
  },
  {
    what: 'an update of a name, the group replaced by a namesake: the id was pinned, the namesake is left alone',
    asked: () => ({ action: 'update', group: { name: 'Empty' }, set: { enabled: false } }),
    ...{ deed: 'not done', ends: 'outcome-unknown', sent: ['PUT'], effects: 0 },
    somebody: (zpa, { empty }) => {
      zpa.deleteGroup(empty);
      zpa.createGroup({ name: 'Empty' });
    },
    left: (zpa) => zpa.group('Empty')?.enabled === true,
  },
  {
    what: 'a create not done, and somebody else created one of that name: not ours',
    ...{ asked: create, deed: 'not done', ends: 'group-exists', sent: ['POST'], effects: 0 },
    somebody: (zpa) => void zpa.createGroup({ name: 'Annex', description: 'Of somebody else' }),
    left: (zpa) => zpa.group('Annex')?.description === 'Of somebody else',
  },
  {
    what: 'a create done, and somebody else created another of that name: none is adopted',
    ...{ asked: create, deed: 'done', ends: 'group-exists', sent: ['POST'], effects: 1 },
    somebody: (zpa) => void zpa.createGroup({ name: 'Annex' }),
    left: (zpa) => zpa.groups().filter(({ name }) => name === 'Annex').length === 2,
  },
  {
    what: 'a create done, and edited by hand since: not certainly ours',
    ...{ asked: create, deed: 'done', ends: 'group-exists', sent: ['POST'], effects: 1 },
    somebody: (zpa) => zpa.editGroup('Annex', { description: 'By hand' }),
    left: (zpa) => zpa.group('Annex')?.description === 'By hand',
  },
  {
    what: 'a delete not done, the group edited by hand: it stays',
    ...{ asked: drop, deed: 'not done', ends: 'outcome-unknown', sent: ['DELETE'], effects: 0 },
    somebody: (zpa, { empty }) => zpa.editGroup(empty, { description: 'Needed' }),
    left: (zpa, { empty }) => zpa.group(empty)?.description === 'Needed',
  },
  {
    what: 'a delete not done, and somebody deleted it: it is gone',
    ...{ asked: drop, deed: 'not done', ends: 'applied', sent: ['DELETE'], effects: 0 },
    somebody: (zpa, { empty }) => zpa.deleteGroup(empty),
  },
];

describe('somebody else at the console before the deciding read:', () => {
  async function play(row: Meanwhile): Promise<void> {
    const lane = next();
    const zpa = world.simulator.storeOf(lane.customerId);
    const fault: FaultInput = row.deed === 'done' ? { kind: 'effect-without-answer' } : { kind: 'reset' };
    world.simulator.faults.script({ method: row.sent, path: `${lane.customerId}/segmentGroup` }, fault);
    const accepted = await world.accept(lane, [{ idempotencyKey: 'K1', ...row.asked(lane) }]);
    await world.turn();
    row.somebody(zpa, lane);
    await world.settle();
    const { ends, sent, effects } = row;
    expect(await aftermath(world, lane, accepted)).toEqual({ endings: [ends], sent, effects });
    expectQuietAfterLost(world, lane);
    expect(accepted.map(world.receivesOf)).toEqual([2]);
    expect(row.left?.(zpa, lane) ?? true).toBe(true);
    const [ref] = accepted.map((one) => one.ref);
    const record = ref && (await world.ports().ledger.readChange(ref));
    if (row.details !== undefined) expect(record?.outcome).toMatchObject({ details: row.details });
  }

  it.each(MEANWHILE)('$what', play);

  // By decision (docs/adr/0007-adopting-a-created-group.md) the group is adopted: the tenant is as the ticket requested.
  it('a create not done, and somebody else created the very same before we know our own name: adopted', async () => {
    await play({
      what: 'twins',
      ...{ asked: create, deed: 'not done', ends: 'applied', sent: ['POST'], effects: 0 },
      somebody: (zpa) => void zpa.createGroup({ name: 'Annex', description: '', enabled: false }),
    });
  });
});
