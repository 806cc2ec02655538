import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { deliver } from '../../local/world/deliver.ts';
import { zpaWrites } from '../../local/world/snapshot/zpa-writes.ts';
import { startWorld } from '../../local/world/world.ts';
import { create } from './in-world.ts';

type Told = { url?: string; secret?: string; written?: number };
type Running = { process: ChildProcess; next(fits: (told: Told) => boolean): Promise<Told> };

function startProcess(dataDir: string): Running {
  const file = new URL('durable-world.ts', import.meta.url);
  const child = spawn(process.execPath, [fileURLToPath(file), dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    async next(fits) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error('the world ended');
        const told = JSON.parse(value) as Told;
        if (fits(told)) return told;
      }
    },
  };
}

async function kill({ process: child }: Running): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const KEYS = Array.from({ length: 30 }, (_, index) => `K${index + 1}`);

it('a world killed twice goes on where it was: every change settles, and ZPA is changed once for each', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'zpa-changes-durable-'));
  let running: Running | undefined;
  try {
    running = startProcess(dataDir);
    const { url = '', secret = '' } = await running.next((told) => told.url !== undefined);
    const changes = KEYS.map((key) => create(key, `Group ${key}`));
    expect((await deliver(`${url}/webhooks/ops`, secret, { changes })).status).toBe(202);
    // Killed while it works, at random places.
    await running.next((told) => (told.written ?? 0) >= 7);
    await kill(running);
    running = startProcess(dataDir);
    await running.next((told) => (told.written ?? 0) >= 16);
    await kill(running);
    running = undefined;

    const world = await startWorld({ dataDir, timeFactor: 40, simulator: { limits: 'off' } });
    try {
      const settled = await world.awaitSettled(world.refs('ops', KEYS));
      expect(settled.map((record) => record.outcome?.kind)).toEqual(KEYS.map(() => 'applied'));
      const created = zpaWrites(world.simulator).flatMap((call) => call.effects.map((effect) => effect.after));
      const names = created.map((group) => (group !== undefined && 'name' in group ? group.name : ''));
      expect(names.toSorted()).toEqual(KEYS.map((key) => `Group ${key}`).toSorted());
      expect(await world.snapshot()).toMatchObject({ open: 0, owing: 0 });
      expect(world.failures()).toEqual([]);
    } finally {
      await world.close();
    }
  } finally {
    if (running !== undefined) await kill(running);
    await rm(dataDir, { recursive: true, force: true });
  }
});
