import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import { surveyLane } from '../../../shared/reading/survey-drift.ts';
import { lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * Descriptions that hold entities, on a ZPA that escapes its answers not at all, once, twice or widely. The text sent and
 * the text read differ then, and are the same text all the same.
 */
const TEXTS = ['R&amp;D portal', 'x&#65;y', '&lt;b&gt;', '&copy; 2026', 'R&amp;amp;amp;D', 'AT&T a&copy'];

let world: WorkerWorld;
let next: () => SmallLane;
let lane: SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 4 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());
beforeEach(() => {
  lane = next();
});

describe.each(['once', 'twice', 'wide', 'off'])('where answers are escaped: %s', (times) => {
  it('what was sent is what is read: applied by nobody else, unchanged when asked again, no drift', async () => {
    world.simulator.quirks.set('escape', times);
    const applied = { kind: 'applied', overtaken: [] };
    for (const [index, description] of TEXTS.entries()) {
      const update = { action: 'update', group: { id: lane.alpha }, set: { description } };
      expect(await outcomeOf({ idempotencyKey: `SET-${index}`, ...update })).toMatchObject(applied);
      expect(await outcomeOf({ idempotencyKey: `AGAIN-${index}`, ...update })).toMatchObject({ kind: 'unchanged' });
      const create = { action: 'create', group: { name: `Annex ${index}` }, description };
      expect(await outcomeOf({ idempotencyKey: `CREATE-${index}`, ...create })).toMatchObject(applied);
      expect(await findings(lane)).toEqual([]);
    }
  });
});

/** How a change ends that is sent alone. */
async function outcomeOf(asked: object) {
  const accepted = await world.accept(lane, [asked]);
  await world.settle();
  const [record] = await Promise.all(accepted.map(({ ref }) => world.ports().ledger.readChange(ref)));
  return record?.outcome;
}

/** The findings of a drift report about groups that tickets changed. */
async function findings({ tenant }: SmallLane) {
  const { ledger, zpaFor, configuration, clock } = world.ports();
  const limiter = { take: async () => () => undefined, obey: () => undefined };
  const configured = lookup(configuration.tenants, tenant);
  if (configured === undefined) throw new Error(`no tenant ${tenant}`);
  const ports = { ledger, clock, zpaOf: (name: string) => zpaFor(name, limiter) };
  const { report } = await surveyLane(ports, configuration, laneName(configured), new AbortController().signal);
  return report.findings;
}
