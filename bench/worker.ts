import { compose } from '../functions/apply/compose.ts';
import { signedBy } from '../local/aws/access/caller.ts';
import { loadPushed } from '../local/world/configuration/pushed-configuration.ts';
import { startWorker } from '../local/world/functions/run-functions.ts';
import { runWorkerProcess } from './run-worker-process.ts';

/** Our worker. */
runWorkerProcess(async (environment) => {
  const configuration = await loadPushed(environment);
  return startWorker(
    { configuration, environment },
    Number(environment.TIME_FACTOR),
    compose(signedBy(environment, { configuration: configuration.name, name: 'apply' })),
  );
});
