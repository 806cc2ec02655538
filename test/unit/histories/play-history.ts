import { TEST_START } from '../../fakes/fake-clock.ts';
import { editAtConsole } from './console-edits.ts';
import type { History } from './history.ts';
import { concernedKeys, heldUpMs } from './judge-liveness.ts';
import { hasNoEnd } from './lasting-fault.ts';
import { NEIGHBOUR_LANE } from './neighbour.ts';
import {
  answerStop,
  cancelOne,
  deliver,
  invokeWorker,
  redriveAll,
  redriveOne,
  resumeLane,
  sweepOnce,
} from './processes.ts';
import type { Sabotage } from './sabotages.ts';
import { createScene, type Scene } from './scene.ts';
import { LANE } from './small-tenant.ts';

/**
 * Plays a history until everything is settled, a day has passed beside what a lasting fault holds up, or a bound of calls or of
 * virtual time is reached.
 */

export type Played = {
  scene: Scene;
  /** Keys whose delivery was answered with 202. */
  taken: Set<string>;
  settled: boolean;
  /** The bound that it reached, if it did not end. */
  endless: string | undefined;
};

const DAY_MS = 24 * 3_600_000;
/** A write whose caller is gone may still take effect for this long. */
const AFTERMATH_MS = 100_000;

export async function playHistory(history: History, sabotage: Sabotage = {}): Promise<Played> {
  const scene = createScene(history, sabotage);
  const played = { scene, taken: new Set<string>(), settled: false };
  const endless = await scene.bounded.run(playToEnd(played));
  return { ...played, endless };
}

async function playToEnd(played: Omit<Played, 'endless'>): Promise<void> {
  const { scene, taken } = played;
  const { history } = scene;
  const over = new AbortController();
  const working = Array.from({ length: history.workers }, () => work(scene, over.signal));
  const tending = [
    every(scene, 60_000, over.signal, sweepOnce),
    every(scene, 300_000, over.signal, resumeLane),
    every(scene, 300_000, over.signal, answerStop),
  ];
  await Promise.all([...plannedEvents(scene, taken), ...scene.neighbour.events()]);
  played.settled = await untilQuiet(scene);
  over.abort();
  await Promise.all([...working, ...tending]);
  await scene.clock.sleep(AFTERMATH_MS);
}

const keyOf = (index: number) => `T-${index + 1}`;

function plannedEvents(scene: Scene, taken: Set<string>): Promise<void>[] {
  const { history, clock } = scene;
  const at = async (atMs: number, act: () => unknown) => {
    await clock.sleep(TEST_START + atMs - clock.now());
    await act();
  };
  const take = async (index: number, payload = index) => {
    const asked = history.changes[payload]?.asked ?? {};
    if ((await deliver(scene, keyOf(index), asked)) === 'accepted') taken.add(keyOf(index));
  };
  let atMs = 0;
  const changes = history.changes.map(({ gapMs }, index) => {
    atMs += gapMs;
    return at(atMs, () => take(index));
  });
  const count = history.changes.length;
  return [
    ...changes,
    ...history.repeats.map(({ atMs: when, which, altered }) =>
      at(when, () => take(which % count, (which + (altered ? 1 : 0)) % count)),
    ),
    ...history.redrives.map((one) => at(one.atMs, () => redriveOne(scene, one))),
    ...(history.sprees ?? []).map((one) => at(one.atMs, () => redriveAll(scene, one))),
    ...history.cancels.map((one) => at(one.atMs, () => cancelOne(scene, keyOf(one.which % count)))),
    ...history.edits.map(({ atMs: when, edit }) => at(when, () => editAtConsole(scene, edit))),
  ];
}

/** Batches of any size; with several workers also of messages whose lane another one works. */
async function work(scene: Scene, over: AbortSignal): Promise<void> {
  const { bell, clock, chance } = scene;
  while (!over.aborted) {
    const given = bell.receive(1 + Math.floor(chance.random() * 10));
    if (given.length > 0) await invokeWorker(scene, given);
    else await clock.sleep(1000);
  }
}

async function every(scene: Scene, ms: number, over: AbortSignal, act: (scene: Scene) => Promise<void>): Promise<void> {
  while (!over.aborted) {
    await scene.clock.sleep(ms, over).catch(() => undefined);
    if (!over.aborted) await act(scene);
  }
}

const MANY = 1000;

async function untilQuiet(scene: Scene): Promise<boolean> {
  const { clock, truth, bell, sabotage, history } = scene;
  const until = TEST_START + (sabotage.patienceMs ?? DAY_MS);
  while (clock.now() < until || clock.now() < until + heldUpMs(scene)) {
    const open = (await Promise.all([LANE, NEIGHBOUR_LANE].map((lane) => truth.openChanges(lane, MANY)))).flat();
    if (open.length === 0 && bell.size === 0) return true;
    if (hasNoEnd(history)) {
      const concerned = concernedKeys(scene);
      if (open.every(({ ref }) => concerned.has(ref.idempotencyKey))) return true;
    }
    await clock.sleep(hasNoEnd(history) ? 60_000 : 5000);
  }
  return false;
}
