import { startWorld } from '../../local/world/world.ts';
import type { FromWorld } from './chaos-processes.ts';
import { chaosWorld, SENDERS } from './chaos-scene.ts';

/**
 * Everything but the worker, in a process of its own, for being killed. Its data folder comes as the argument; it sends
 * its address, and then how many writes ZPA has seen whenever that changed. It ends with the process that started it.
 */
const tell = (message: FromWorld) => void process.send?.(message, undefined, undefined, () => undefined);
process.once('disconnect', () => process.exit());

const [dataDir = ''] = process.argv.slice(2);
const world = await startWorld({ ...chaosWorld(dataDir), worker: false });
const secrets: Record<string, string> = {};
for (const name of SENDERS) secrets[name] = await world.sourceSecret(name);
tell({ url: world.url, secrets, environment: world.environment });
let written = 0;
world.onActivity(() => {
  const now = world.simulator.log.effects().length;
  if (now === written) return;
  written = now;
  tell({ written });
});
