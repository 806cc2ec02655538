import { describe, expect, it } from 'vitest';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { createMemoryQueue } from '../../fakes/memory-queues.ts';
import { createLaneWorld, LANE, type LaneWorld } from '../apply/lane-world.ts';
import { MINUTE } from '../apply/requests.ts';

const forever = new AbortController().signal;
const names = (count: number) => Array.from({ length: count }, (_, n) => `BETA:${n + 1}`);

async function worldWith(lanes: readonly string[]): Promise<LaneWorld> {
  const world = createLaneWorld();
  await world.ports.knownLanes.write({ version: 0, lanes: lanes.map((lane) => ({ tenant: 'acme', lane })) }, 0);
  return world;
}

/** Sweeps for a minute; each lane is asked for its open changes by `openChanges`. Answers the summary and the lanes asked for. */
async function sweepWith(world: LaneWorld, openChanges: (lane: string) => Promise<[]>) {
  const asked: string[] = [];
  const end = new AbortController();
  void world.clock.sleep(MINUTE).then(() => end.abort(new Error('time is up')));
  const ledger: LaneWorld['ledger'] = {
    ...world.ledger,
    openChanges(lane) {
      asked.push(lane);
      return openChanges(lane);
    },
  };
  const summary = await sweepLanes({ ...world.ports, ledger, queue: createMemoryQueue() }, end.signal);
  return { summary, asked };
}

const never = () => new Promise<[]>(() => undefined);

describe('one lane of many', () => {
  it('that does not answer stops neither the others nor the sweep, and is named and taken first by the next one', async () => {
    const world = await worldWith(names(40));
    const start = world.clock.now();
    const { summary, asked } = await sweepWith(world, async (lane) => (lane === 'BETA:3' ? never() : []));
    expect(world.clock.now() - start).toBe(MINUTE);
    expect(new Set(asked)).toEqual(new Set([...names(40), LANE]));
    expect(summary).toMatchObject({ lanes: 41, missed: 1 });
    const told = world.log.lines.filter(({ level }) => level === 'warn');
    expect(told).toMatchObject([{ fields: { lanes: 1, missed: ['BETA:3'] } }]);
    expect(world.meter.total('SweepFailed')).toBe(1);
    expect((await sweepWith(world, async () => [])).asked[0]).toBe('BETA:3');
  });

  it('lanes not begun come first in the next sweep, then those it was cut off at, then the others', async () => {
    const world = await worldWith(names(20));
    const hanging = names(19).slice(-6);
    const { summary } = await sweepWith(world, async (lane) => (hanging.includes(lane) ? never() : []));
    expect(summary).toMatchObject({ lanes: 18, missed: 8 });
    const { asked } = await sweepWith(world, async () => []);
    expect(asked).toHaveLength(21);
    expect(asked.slice(0, 2).toSorted()).toEqual(['BETA:19', 'BETA:20']);
    expect(asked.slice(2, 7)).toEqual(hanging.slice(0, 5));
    const { version } = await world.ports.knownLanes.read();
    await sweepWith(world, async () => []);
    expect(await world.ports.knownLanes.read()).toMatchObject({ version });
  });

  it('adds no metric: the open changes are one number, and the log names the lanes with the most', async () => {
    const world = await worldWith(names(300));
    const record = await world.accept('T-1', { action: 'update', group: { id: '1' }, set: { enabled: true } });
    for (const [n, lane] of names(12).entries())
      for (let place = 1; place <= n + 1; place += 1) {
        const ref = { ...record.ref, lane, idempotencyKey: `T-${place}` };
        await world.ledger.writeChange({ ...record, ref, sequence: place }, 0);
      }
    await sweepLanes(world.ports, forever);
    expect(world.meter.counts.filter(({ dimensions }) => Object.keys(dimensions).length > 0)).toEqual([]);
    expect(world.meter.total('OpenChanges')).toBe(1 + (12 * 13) / 2);
    const [swept] = world.log.lines.filter(({ message }) => message === 'swept');
    const mostOpen = names(12).map((lane, n) => ({ lane, open: n + 1 }));
    expect(swept?.fields.mostOpen).toEqual(mostOpen.toReversed().slice(0, 10));
  });
});
