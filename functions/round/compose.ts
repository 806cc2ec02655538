import { createDriftQueue } from '../../shared/aws/messaging/drift-queue.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createRoundHandler, type RoundHandler } from './handler.ts';

const variables = environmentSchema('STACK_NAME', 'SETTINGS_TABLE', 'DRIFT_QUEUE_URL');

/** Builds the function from its environment, once per cold start. It holds no credential. */
export function compose(env: Environment): RoundHandler {
  const vars = readEnvironment(variables, env);
  const common = { clock: systemClock, log: createLog('round', env), meter: createMeter('round', env) };
  const queue = createDriftQueue({ env, queueUrl: vars.DRIFT_QUEUE_URL });
  return withSettings({
    store: createSettingsReader({ env, tableName: vars.SETTINGS_TABLE }),
    stack: vars,
    ...common,
    compose: (configuration) => ({ handle: createRoundHandler({ ...common, configuration, queue }) }),
  });
}
