import { readFile } from 'node:fs/promises';
import { compose } from '../functions/apply/compose.ts';
import { startWorker } from '../local/run-functions.ts';
import { configurationSchema } from '../shared/domain/configuration.ts';

/**
 * The worker in a process of its own, so that its CPU can be told from everybody else's. Started with an IPC channel:
 * the first message is its environment; each later one is answered with the CPU time used since the start.
 */
const tell = (message: unknown) => void process.send?.(message);

process.once('message', async (environment: Record<string, string>) => {
  const configuration = configurationSchema.parse(
    JSON.parse(await readFile(environment.CONFIGURATION_FILE ?? '', 'utf8')),
  );
  startWorker({ configuration, environment }, Number(environment.TIME_FACTOR), compose(environment));
  process.on('message', () => tell(process.cpuUsage()));
  tell('ready');
});
process.once('disconnect', () => process.exit());
