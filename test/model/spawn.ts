import { TIMING } from '../../shared/domain/ledger/timing.ts';
import type { LocalTree } from './local-tree.ts';
import type { Program } from './program.ts';
import { workerProgram } from './programs.ts';
import { type Scenario, timingOf } from './scenario.ts';
import { CONFIGURATION } from './tenant.ts';
import type { Message, World } from './world.ts';

/** As in `functions/apply/handler.ts`: kept back at the end of an invocation. */
const CLOSING_MS = 3000;

type At = { scenario: Scenario; tree: LocalTree };

export async function spawn(
  { scenario, tree }: At,
  world: World,
  name: string,
  program: Program,
  batch: readonly Message[] = [],
): Promise<World> {
  const { mutation, outlives = false } = scenario;
  const messages = batch.map((one) => one.id);
  const ends = world.now + TIMING.functionTimeoutMs;
  const node = await tree.root({
    program,
    // No worker that began at the same version of the lane can have left an id behind.
    key: `${name}.${world.lane?.version ?? 0}`,
    batch: messages.join(),
    startedAt: world.now,
    abortAt: ends - CLOSING_MS,
    skewMs: mutation?.skewMs?.[name] ?? 0,
    timing: timingOf(scenario),
    configuration: CONFIGURATION,
    obeysSendBefore: !(mutation?.ignoresSendBefore ?? false),
  });
  const killAt = outlives ? Number.POSITIVE_INFINITY : ends;
  const process = { name, node, messages, killAt, stalled: false, intent: undefined };
  return { ...world, processes: [...world.processes, process] };
}

/** Its messages are hidden from others for the visibility timeout. */
export function spawnWorker(at: At, world: World, name: string, batch: readonly Message[]): Promise<World> {
  const visibleAt = world.now + TIMING.visibilityTimeoutMs;
  const ids = new Set(batch.map((one) => one.id));
  const messages = world.messages.map((one) => (ids.has(one.id) ? { ...one, visibleAt } : one));
  return spawn(at, { ...world, messages }, name, workerProgram(batch), batch);
}
