import { createKnownLanes } from '../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createChangeQueue } from '../../shared/aws/messaging/change-queue.ts';
import { createFailureQueue } from '../../shared/aws/messaging/failure-queue.ts';
import { createOutcomeTopic } from '../../shared/aws/messaging/outcome-topic.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createSweepHandler } from './handler.ts';

const variables = environmentSchema(
  'STACK_NAME',
  'SETTINGS_TABLE',
  'TABLE_NAME',
  'CHANGES_QUEUE_URL',
  'FAILURES_QUEUE_URL',
  'OUTCOMES_TOPIC_ARN',
);

/** Builds the sweeper from its environment, once per cold start. It has no client of ZPA. */
export function compose(env: Environment) {
  const vars = readEnvironment(variables, env);
  const timing = timingFor(vars);
  const clock = systemClock;
  const common = { clock, log: createLog('sweep', env), meter: createMeter('sweep', env) };
  const ports = {
    ledger: createDynamoLedger({ env, tableName: vars.TABLE_NAME, settledKeptMs: timing.settledKeptMs }),
    knownLanes: createKnownLanes({ env, tableName: vars.TABLE_NAME }),
    queue: createChangeQueue({ env, queueUrl: vars.CHANGES_QUEUE_URL }),
    failures: createFailureQueue({ env, queueUrl: vars.FAILURES_QUEUE_URL }),
    outcomes: createOutcomeTopic({ env, topicArn: vars.OUTCOMES_TOPIC_ARN }),
    timing,
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: vars.SETTINGS_TABLE }),
    stack: vars,
    ...common,
    compose: (configuration) => ({ handle: createSweepHandler({ ...ports, configuration }) }),
  });
}
