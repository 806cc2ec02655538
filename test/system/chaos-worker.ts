import { compose } from '../../functions/apply/compose.ts';
import { signedBy } from '../../local/aws/access/caller.ts';
import { loadPushed } from '../../local/world/configuration/pushed-configuration.ts';
import { startWorker } from '../../local/world/functions/run-functions.ts';

/** A worker in a process of its own, for being killed. Its environment comes as the first message. */
process.once('message', async (environment: Record<string, string>) => {
  const configuration = await loadPushed(environment);
  startWorker(
    { configuration, environment },
    Number(environment.TIME_FACTOR),
    compose(signedBy(environment, { configuration: configuration.name, name: 'apply' })),
  );
});
process.once('disconnect', () => process.exit());
