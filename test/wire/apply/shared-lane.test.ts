import { expect, it } from 'vitest';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { aftermath } from './aftermath.ts';
import { describing } from './small-lanes.ts';
import { startWorkerWorld } from './worker-world.ts';

const HOUR = 3_600_000;

it('a tenant without a usable secret expires nothing in days and holds up no sibling in its lane', async () => {
  const world = await startWorkerWorld({
    lanes: 2,
    configure: (configuration) => {
      const { 'tenant-1': broken, 'tenant-2': sibling } = configuration.tenants;
      if (broken === undefined || sibling === undefined) throw new Error('there are two tenants');
      const shared = { 'tenant-1': broken, 'tenant-2': { ...sibling, customerId: broken.customerId } };
      return { ...configuration, tenants: shared };
    },
  });
  try {
    const [lane, other] = world.lanes;
    if (lane === undefined || other === undefined) throw new Error('there are two tenants');
    const sibling = { ...lane, tenant: other.tenant, credential: other.credential };
    world.simulator.addCredential({ ...sibling.credential, customers: [lane.customerId] });
    await world.putSecret(lane, '{"clientId":7}');
    const broken = await world.accept(lane, [describing('K1', lane.alpha), describing('K2', lane.alpha)]);
    const beside: ChangeRecord[] = [];
    const endingsBeside = async () => {
      const records = await Promise.all(beside.map(({ ref }) => world.ports().ledger.readChange(ref)));
      return records.map((record) => record?.outcome?.kind);
    };
    for (const key of ['S1', 'S2', 'S3']) {
      beside.push(...(await world.accept(sibling, [describing(key, lane.beta)])));
      await world.turn();
      expect(await endingsBeside()).toEqual(beside.map(() => 'applied'));
      await world.settleUntil(world.time.worker.now() + HOUR);
      await world.time.advanceTo(world.time.worker.now() + 40 * HOUR);
    }
    const stopped = world.log.lines.filter(({ message }) => message === 'lane stopped');
    expect(stopped).toHaveLength(1);

    await world.putSecret(lane, JSON.stringify(lane.credential));
    await world.settle();
    expect(await aftermath(world, lane, broken)).toEqual({
      ...{ endings: ['applied', 'applied'], sent: Array.from({ length: 5 }, () => 'PUT'), effects: 5 },
    });
    expect((await aftermath(world, sibling, beside)).endings).toEqual(beside.map(() => 'applied'));
  } finally {
    await world.close();
  }
});
