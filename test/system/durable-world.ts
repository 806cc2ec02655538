import { startWorld } from '../../local/world/world.ts';
import { toStdout } from '../../shared/runtime/standard-streams.ts';

/**
 * A world in a process of its own, for being killed. Its data folder comes as the argument; a line of JSON on stdout
 * gives its address, then one line whenever ZPA was written to. It stays up until it is killed.
 */
const [dataDir = ''] = process.argv.slice(2);
const world = await startWorld({
  dataDir,
  timeFactor: 40,
  simulator: { limits: 'off' },
});
const say = (line: unknown) => toStdout(`${JSON.stringify(line)}\n`);
say({ url: world.url, secret: await world.sourceSecret('ops') });
let written = 0;
world.onActivity(() => {
  const now = world.simulator.log.all().filter((call) => call.effects.length > 0).length;
  if (now === written) return;
  written = now;
  say({ written });
});
