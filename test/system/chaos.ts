import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startWorld } from '../../local/world/world.ts';
import { createFakeChance } from '../fakes/fake-chance.ts';
import { judgeChaos } from './chaos-judge.ts';
import { createProcesses, type Processes } from './chaos-processes.ts';
import { chaosWorld, SENDERS } from './chaos-scene.ts';
import { changesOf, sendAll } from './chaos-traffic.ts';

/**
 * Changes of three senders through the durable local world while its processes are killed at random moments; then
 * everything is read and compared with a plain model.
 */
export type ChaosOptions = { changes: number; kills: number; seed: number; say?: (line: string) => void };
export type ChaosReport = {
  breaches: string[];
  outcomes: Map<string, number>;
  writes: number;
  kills: { worker: number; all: number };
};

export async function runChaos({ changes, kills, seed, say = () => undefined }: ChaosOptions): Promise<ChaosReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zpa-changes-chaos-'));
  const processes = createProcesses(dataDir);
  const { random } = createFakeChance(seed);
  try {
    await processes.startAll();
    const each = Math.ceil(changes / SENDERS.length);
    const bodies = new Map(SENDERS.map((sender, index) => [sender, changesOf(sender, each, seed + index)]));
    const sending = Promise.all([...bodies].map(([sender, list]) => sendAll(processes, sender, list, random)));
    const killed = await killNowAndThen(processes, kills, Math.max(1, Math.floor(changes / kills / 4)), random, say);
    await sending;
    await processes.killAll();
    return { ...(await settleAndJudge(dataDir, bodies, say)), kills: killed };
  } finally {
    await processes.killAll();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** `writes`: about so many between two kills, where there is anything to write. */
async function killNowAndThen(
  processes: Processes,
  kills: number,
  writes: number,
  random: () => number,
  say: (line: string) => void,
) {
  const killed = { worker: 0, all: 0 };
  for (let n = 1; n <= kills; n += 1) {
    await processes.progress(1 + Math.floor(random() * writes), 10_000);
    await pause(random() * 60);
    if (random() < 0.7) {
      killed.worker += 1;
      await processes.killWorker(n);
    } else {
      killed.all += 1;
      await processes.killAll();
      await processes.startAll();
    }
    say(`kill ${n} of ${kills}`);
  }
  return killed;
}

async function settleAndJudge(
  dataDir: string,
  bodies: Map<string, { idempotencyKey?: unknown }[]>,
  say: (line: string) => void,
) {
  const world = await startWorld(chaosWorld(dataDir));
  try {
    for (const [sender, list] of bodies) {
      await world.awaitSettled(
        world.refs(
          sender,
          list.map((one) => String(one.idempotencyKey)),
        ),
      );
      say(`everything of ${sender} is settled`);
    }
    // A message in flight at a kill comes back when its visibility ends, and is acknowledged then.
    await world.until(
      async () => ((await world.snapshot()).queued === 0 ? true : undefined),
      AbortSignal.timeout(240_000),
    );
    return await judgeChaos(world, bodies);
  } finally {
    await world.close();
  }
}
