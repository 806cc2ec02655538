import { compose } from '../../functions/apply/compose.ts';
import { signedBy } from '../../local/aws/access/caller.ts';
import { startWorker } from '../../local/world/functions/run-functions.ts';
import { readConfiguration } from '../../shared/runtime/configuration-file.ts';

/** A worker in a process of its own, for being killed. Its environment comes as the first message. */
process.once('message', (environment: Record<string, string>) => {
  const configuration = readConfiguration(environment.CONFIGURATION_FILE ?? '');
  startWorker(
    { configuration, environment },
    Number(environment.TIME_FACTOR),
    compose(signedBy(environment, { configuration: configuration.name, name: 'apply' })),
  );
});
process.once('disconnect', () => process.exit());
