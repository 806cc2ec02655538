import { expect, it } from 'vitest';
import { zpaWrites } from '../../../local/world/snapshot/zpa-writes.ts';
import type { World } from '../../../local/world/world.ts';
import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { configurationOf, type SmallLane, seedOf, smallLanes } from '../../wire/apply/small-lanes.ts';
import { inWorld } from '../in-world.ts';

/**
 * The whole system with its own clocks: webhook, queue, event source, deployed worker, timeouts that run out. One world,
 * a lane per trouble, so that all of them wait at the same time. A request has 4 s here, the quiet period is 12 s.
 */
const TIME_FACTOR = 5;

const rename = ({ alpha }: SmallLane) => ({ action: 'update', group: { id: alpha }, set: { name: 'Annex' } });
const create = () => ({ action: 'create', group: { name: 'Annex' } });
const drop = ({ empty }: SmallLane) => ({ action: 'delete', group: { id: empty } });

type Trouble = [string, (lane: SmallLane) => object, string, FaultInput];
const TROUBLES: Trouble[] = [
  ['silence after an update', rename, 'PUT', { kind: 'effect-without-answer', hang: true }],
  ['silence instead of an update', rename, 'PUT', { kind: 'no-answer' }],
  ['an update that takes effect after we gave up', rename, 'PUT', { kind: 'effect-after-timeout', delayMs: 6000 }],
  ['a create that takes effect after we gave up', create, 'POST', { kind: 'effect-after-timeout', delayMs: 6000 }],
  ['a create without an answer', create, 'POST', { kind: 'effect-without-answer' }],
  ['half an answer to a delete', drop, 'DELETE', { kind: 'truncated' }],
  ['a page in answer to a create', create, 'POST', { kind: 'wrong-answer', text: '<html>' }],
  ['silence in answer to a read', rename, 'GET', { kind: 'no-answer' }],
  ['429', rename, 'PUT', { kind: 'rate-limited', retryAfterSeconds: 1 }],
  ['a clash', rename, 'PUT', { kind: 'error', status: 409, id: 'api.concurrent.access.error' }],
  ['an ended token', rename, 'PUT', { kind: 'expired-token' }],
];
const lanes = smallLanes(TROUBLES.length);

/** The endings of a lane's two changes, and the number of writes that took effect. */
async function storyOf(world: World, lane: SmallLane): Promise<{ ends: unknown[]; effects: number }> {
  const records = await world.awaitSettled(world.refs('ops', ['K1', 'K2'], lane.tenant));
  const effects = zpaWrites(world.simulator).filter(({ path }) => path.includes(lane.customerId)).length;
  return { ends: records.map(({ outcome }) => outcome?.kind), effects };
}

it('whatever ZPA does to a write or a read, each change is applied once in effect and nothing is dead-lettered', async () => {
  const options = {
    timeFactor: TIME_FACTOR,
    simulator: { seed: seedOf(lanes) },
    configure: (plain: World['configuration']) => configurationOf(lanes, plain.tenants['acme-prod']?.endpoint ?? ''),
    secrets: (made: Record<string, string>) => ({
      ...made,
      ...Object.fromEntries(
        lanes.map(({ tenant, credential }) => [
          secretNames.zpa('zpa-changes', tenant, 'write'),
          JSON.stringify(credential),
        ]),
      ),
    }),
  };
  await inWorld(options, async (world) => {
    for (const [index, [, asked, method, fault]] of TROUBLES.entries()) {
      const lane = lanes[index];
      if (lane === undefined) throw new Error('there is a lane for each');
      world.simulator.faults.script({ method, path: `${lane.customerId}/segmentGroup` }, fault);
      const behind = { action: 'update', group: { id: lane.beta }, set: { description: 'Behind it' } };
      const changes = [asked(lane), behind].map((change, place) => ({
        ...{ schemaVersion: 1, tenant: lane.tenant, idempotencyKey: `K${place + 1}` },
        ...change,
      }));
      expect((await world.deliver('ops', { changes })).status).toBe(202);
    }
    const stories = await Promise.all(lanes.map((lane) => storyOf(world, lane)));
    const told = stories.map((story, index) => [TROUBLES[index]?.[0], story]);
    expect(told).toEqual(TROUBLES.map(([what]) => [what, { ends: ['applied', 'applied'], effects: 2 }]));
    expect(world.simulator.faults.pending()).toEqual([]);
    expect(world.failures()).toEqual([]);
    const announced = world.outcomes().map(({ ref }) => `${ref.tenant} ${ref.idempotencyKey}`);
    expect(announced.toSorted()).toEqual(lanes.flatMap(({ tenant }) => [`${tenant} K1`, `${tenant} K2`]).toSorted());
    expect(await world.until(async () => ((await world.snapshot()).queued === 0 ? 'empty' : undefined))).toBe('empty');
  });
});
