import { createKnownLanes } from '../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createPlanStore } from '../../shared/aws/ledger/plan-store.ts';
import { createWithdrawals } from '../../shared/aws/ledger/withdrawals.ts';
import { createChangeQueue } from '../../shared/aws/messaging/change-queue.ts';
import { createFailureDrain } from '../../shared/aws/messaging/failure-drain.ts';
import { createPlanQueue } from '../../shared/aws/messaging/plan-queue.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { systemChance, systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createEvaluate } from '../../shared/runtime/jsonata-evaluate.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createTicketSystems } from '../../shared/tickets/ticket-systems.ts';
import { createReconcileHandler, type ReconcileHandler } from './handler.ts';

const variables = environmentSchema(
  'STACK_NAME',
  'SETTINGS_TABLE',
  'TABLE_NAME',
  'CHANGES_QUEUE_URL',
  'FAILURES_QUEUE_URL',
  'PLANS_QUEUE_URL',
);

/** Builds the function from its environment; it calls no ticket system before the first invocation and has no ZPA client. */
export function compose(env: Environment): ReconcileHandler {
  const settings = readEnvironment(variables, env);
  const timing = timingFor(settings);
  const clock = systemClock;
  const common = { clock, log: createLog('reconcile', env), meter: createMeter('reconcile', env) };
  const secrets = createSecretReader({ env, clock });
  const comments = createPlanQueue({ env, queueUrl: settings.PLANS_QUEUE_URL, clock });
  const ports = {
    ledger: createDynamoLedger({ env, tableName: settings.TABLE_NAME, settledKeptMs: timing.settledKeptMs }),
    knownLanes: createKnownLanes({ env, tableName: settings.TABLE_NAME }),
    queue: createChangeQueue({ env, queueUrl: settings.CHANGES_QUEUE_URL }),
    drain: createFailureDrain({ env, queueUrl: settings.FAILURES_QUEUE_URL }),
    chance: systemChance,
    planned: createPlanStore({ env, tableName: settings.TABLE_NAME }),
    withdrawals: createWithdrawals({ env, tableName: settings.TABLE_NAME }),
    evaluate: createEvaluate(),
    timing,
    secrets,
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: settings.SETTINGS_TABLE }),
    stack: settings,
    ...common,
    compose: (configuration) => {
      const tickets = createTicketSystems({ configuration, secrets, clock, comments });
      return { handle: createReconcileHandler({ ...ports, configuration, tickets }), close: tickets.close };
    },
  });
}
