import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../functions/ops/program.ts';
import { writeLocalTarget } from '../../local/world/local-target.ts';
import { createRecordingConsole } from '../unit/ops/recording-console.ts';
import { create, endings, inWorld, update } from './in-world.ts';

it('a set that stopped at a rejection goes on in order, once that is mended and redriven with its dependents', async () => {
  await inWorld({}, async (world) => {
    const inSet = (index: number) => ({ changeSet: { id: 'CHG7', index, size: 3, onReject: 'stop' } });
    const changes = [
      update('CHG7/1', { name: 'Annex' }, { set: { description: 'east' }, ...inSet(1) }),
      create('CHG7/2', 'Depot', inSet(2)),
      update('CHG7/3', { name: 'Depot' }, { set: { enabled: true }, ...inSet(3) }),
    ];
    expect((await world.deliver('ops', { changes })).status).toBe(202);
    const keys = ['CHG7/1', 'CHG7/2', 'CHG7/3'];
    expect(await endings(world, keys)).toEqual(['group-not-found', 'not-attempted', 'not-attempted']);
    for (const { rejection } of world.failures().slice(1)) {
      expect(rejection.details).toMatchObject({ causedBy: { idempotencyKey: 'CHG7/1' } });
    }
    world.simulator.store.createGroup({ name: 'Annex' });

    const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-set-'));
    const { remove } = await writeLocalTarget(world, folder);
    try {
      const console = createRecordingConsole();
      const argv = ['failures', 'retry', 'CHG7/1', '--with-dependents', '--yes'];
      expect(await run(argv, { console, cwd: folder, env: {} })).toBe(0);
    } finally {
      await remove();
      await rm(folder, { recursive: true });
    }
    expect(await endings(world, keys)).toEqual(['applied', 'applied', 'applied']);
    const records = await world.awaitSettled(world.refs('ops', keys));
    const places = records.map(({ sequence }) => sequence);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(world.simulator.store.group('Depot')).toMatchObject({ enabled: true });
  });
});
