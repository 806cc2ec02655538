import { createCatalogReader } from '../../shared/aws/catalog-store.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { type CatalogHandler, createCatalogHandler } from './handler.ts';

const variables = environmentSchema('CONFIGURATION_FILE', 'REPORTS_BUCKET');

/** Builds the function from its environment. Throws if the environment or the configuration is not complete. */
export function compose(env: Environment): CatalogHandler {
  const settings = readEnvironment(variables, env);
  const meter = createMeter('catalog', env);
  const handle = createCatalogHandler({
    configuration: readConfiguration(settings.CONFIGURATION_FILE),
    catalogs: createCatalogReader({ env, bucket: settings.REPORTS_BUCKET }),
    secrets: createSecretReader({ env, clock: systemClock }),
    clock: systemClock,
    log: createLog('catalog', env),
    meter,
  });
  return (event) => handle(event).finally(() => meter.flush());
}
