import { createCatalogReader } from '../../shared/aws/catalog-store.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { settingsUnavailable, toLambdaAnswer } from '../../shared/domain/http/http-problem.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { type CatalogHandler, createCatalogHandler } from './handler.ts';

const variables = environmentSchema('STACK_NAME', 'SETTINGS_TABLE', 'REPORTS_BUCKET');

/** Builds the function from its environment. Throws if the environment is not complete. */
export function compose(env: Environment): CatalogHandler {
  const vars = readEnvironment(variables, env);
  const clock = systemClock;
  const common = { clock, log: createLog('catalog', env), meter: createMeter('catalog', env) };
  const ports = {
    catalogs: createCatalogReader({ env, bucket: vars.REPORTS_BUCKET }),
    secrets: createSecretReader({ env, clock }),
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: vars.SETTINGS_TABLE }),
    stack: vars,
    ...common,
    compose: (configuration) => ({ handle: createCatalogHandler({ ...ports, configuration }) }),
    unavailable: () => toLambdaAnswer(settingsUnavailable('catalog-unavailable')),
  });
}
