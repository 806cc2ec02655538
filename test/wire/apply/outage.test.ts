import { describe, expect, it } from 'vitest';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { openRelay } from '../../system/relay.ts';
import { aftermath, writesOf } from './aftermath.ts';
import { startWorkerWorld } from './worker-world.ts';

const MINUTE = 60_000;
const HOURS = 6;

describe('an outage of hours', () => {
  it('costs no change its place, spends no more receives than planned, rejects nothing, and goes on in order', {
    timeout: 120_000,
  }, async () => {
    const relay = await openRelay();
    const world = await startWorkerWorld({
      lanes: 2,
      configure: (configuration) => {
        const { 'tenant-1': away, ...others } = configuration.tenants;
        if (away?.endpoint === undefined) throw new Error('the tenant has an endpoint');
        relay.lead(away.endpoint);
        return { ...configuration, tenants: { ...others, 'tenant-1': { ...away, endpoint: relay.url } } };
      },
    });
    try {
      const [lane, other] = world.lanes;
      if (lane === undefined || other === undefined) throw new Error('there are two lanes');
      const groups = [lane.alpha, lane.beta, lane.empty];
      const accepted: ChangeRecord[] = [];
      const accept = async (count: number) => {
        const changes = Array.from({ length: count }, (_, index) => {
          const key = `K${accepted.length + index + 1}`;
          const group = { id: groups[(accepted.length + index) % 3] };
          return { idempotencyKey: key, action: 'update', group, set: { description: key } };
        });
        accepted.push(...(await world.accept(lane, changes)));
      };
      await relay.cut();
      const began = world.time.worker.now();
      await accept(12);
      const beside: ChangeRecord[] = [];
      for (let half = 1; half <= HOURS * 2; half += 1) {
        await world.settleUntil(began + half * 30 * MINUTE);
        await world.sweep();
        if (half % 4 === 0) await accept(1);
        if (half % 6 !== 0) continue;
        const set = { description: `Beside, ${half}` };
        const asked = { idempotencyKey: `B${half}`, action: 'update', group: { id: other.alpha }, set };
        beside.push(...(await world.accept(other, [asked])));
      }
      const laneName = accepted[0]?.ref.lane ?? '';
      const stopped = (await world.ports().ledger.readLane(laneName)).stopped;
      expect(stopped).toMatchObject({ code: 'unreachable', alarmed: true });
      expect((stopped?.since ?? 0) - began).toBeLessThan(MINUTE);
      const open = await world.ports().ledger.openChanges(laneName, 100);
      expect(open.map(({ ref, sequence }) => [ref.idempotencyKey, sequence])).toEqual(
        accepted.map(({ ref, sequence }) => [ref.idempotencyKey, sequence]),
      );
      // The tries are 0.5, 1, 2, 4, 8 minutes apart, then a quarter of an hour.
      const planned = 6 + (HOURS * 60 * MINUTE) / TIMING.deferMaxMs;
      expect(world.mostReceives()).toBeLessThanOrEqual(planned);
      expect((world.mostReceives() * TIMING.retryWindowMs) / (HOURS * 60 * MINUTE)).toBeLessThan(
        TIMING.maxReceiveCount,
      );

      await relay.mend();
      const mended = world.time.worker.now();
      await world.settle();
      const { endings, effects } = await aftermath(world, lane, accepted);
      expect([new Set(endings), effects]).toEqual([new Set(['applied']), accepted.length]);
      const order = writesOf(world, lane).map(({ body }) => (body as { description: string }).description);
      expect(order).toEqual(accepted.map(({ ref }) => ref.idempotencyKey));
      expect((writesOf(world, lane)[0]?.at ?? 0) - mended).toBeLessThanOrEqual(TIMING.deferMaxMs);
      expect((await aftermath(world, other, beside)).endings).toEqual(['applied', 'applied']);
      expect(world.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
        'lane stopped',
      ]);
    } finally {
      await world.close();
      await relay.cut();
    }
  });
});
