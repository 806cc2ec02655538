import { readFile } from 'node:fs/promises';
import { compose } from '../functions/apply/compose.ts';
import { signedBy } from '../local/aws/access/caller.ts';
import { startWorker } from '../local/world/functions/run-functions.ts';
import { configurationSchema } from '../shared/domain/configuration/configuration.ts';
import { runWorkerProcess } from './run-worker-process.ts';

/** Our worker. */
runWorkerProcess(async (environment) => {
  const configuration = configurationSchema.parse(
    JSON.parse(await readFile(environment.CONFIGURATION_FILE ?? '', 'utf8')),
  );
  return startWorker(
    { configuration, environment },
    Number(environment.TIME_FACTOR),
    compose(signedBy(environment, { configuration: configuration.name, name: 'apply' })),
  );
});
