import { createKnownLanes } from '../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createPlanStore } from '../../shared/aws/ledger/plan-store.ts';
import { createWithdrawals } from '../../shared/aws/ledger/withdrawals.ts';
import { createChangeQueue } from '../../shared/aws/messaging/change-queue.ts';
import { createPlanQueue } from '../../shared/aws/messaging/plan-queue.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { settingsUnavailable, toLambdaAnswer } from '../../shared/domain/http/http-problem.ts';
import { systemChance, systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createEvaluate } from '../../shared/runtime/jsonata-evaluate.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createTicketSystems } from '../../shared/tickets/ticket-systems.ts';
import { createIngestHandler, type IngestHandler } from './handler.ts';

const variables = environmentSchema(
  'STACK_NAME',
  'SETTINGS_TABLE',
  'TABLE_NAME',
  'CHANGES_QUEUE_URL',
  'PLANS_QUEUE_URL',
);

/** Builds the function from its environment. Throws if the environment is not complete. */
export function compose(env: Environment): IngestHandler {
  const vars = readEnvironment(variables, env);
  const { TABLE_NAME: tableName } = vars;
  const timing = timingFor(vars);
  const clock = systemClock;
  const common = { clock, log: createLog('ingest', env), meter: createMeter('ingest', env) };
  const secrets = createSecretReader({ env, clock });
  const plans = createPlanQueue({ env, queueUrl: vars.PLANS_QUEUE_URL, clock });
  const ports = {
    ledger: createDynamoLedger({ env, tableName, settledKeptMs: timing.settledKeptMs }),
    knownLanes: createKnownLanes({ env, tableName }),
    queue: createChangeQueue({ env, queueUrl: vars.CHANGES_QUEUE_URL }),
    planned: createPlanStore({ env, tableName }),
    withdrawals: createWithdrawals({ env, tableName }),
    evaluate: createEvaluate(),
    chance: systemChance,
    timing,
    plans,
    secrets,
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: vars.SETTINGS_TABLE }),
    stack: vars,
    ...common,
    compose: (configuration) => {
      const tickets = createTicketSystems({ configuration, secrets, clock, comments: plans });
      const handle = createIngestHandler({ ...ports, configuration, tickets }, vars.PUBLIC_URL);
      return { handle, close: tickets.close };
    },
    unavailable: () => toLambdaAnswer(settingsUnavailable('unavailable')),
  });
}
