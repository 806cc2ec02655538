import { createKnownLanes } from '../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createPlanStore } from '../../shared/aws/ledger/plan-store.ts';
import { createWithdrawals } from '../../shared/aws/ledger/withdrawals.ts';
import { createChangeQueue } from '../../shared/aws/messaging/change-queue.ts';
import { createPlanQueue } from '../../shared/aws/messaging/plan-queue.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { systemChance, systemClock } from '../../shared/runtime/clock.ts';
import { readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createEvaluate } from '../../shared/runtime/jsonata-evaluate.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { createTicketSystems } from '../../shared/tickets/ticket-systems.ts';
import { createIngestHandler, type IngestHandler } from './handler.ts';

const variables = environmentSchema('CONFIGURATION_FILE', 'TABLE_NAME', 'CHANGES_QUEUE_URL', 'PLANS_QUEUE_URL');

/** Builds the function from its environment. Throws if the environment or the configuration is not complete. */
export function compose(env: Environment): IngestHandler {
  const settings = readEnvironment(variables, env);
  const timing = timingFor(settings);
  const meter = createMeter('ingest', env);
  const configuration = readConfiguration(settings.CONFIGURATION_FILE);
  const secrets = createSecretReader({ env, clock: systemClock });
  const plans = createPlanQueue({ env, queueUrl: settings.PLANS_QUEUE_URL, clock: systemClock });
  const ingest = {
    configuration,
    timing,
    ledger: createDynamoLedger({ env, tableName: settings.TABLE_NAME, settledKeptMs: timing.settledKeptMs }),
    knownLanes: createKnownLanes({ env, tableName: settings.TABLE_NAME }),
    queue: createChangeQueue({ env, queueUrl: settings.CHANGES_QUEUE_URL }),
    plans,
    secrets,
    tickets: createTicketSystems({ configuration, secrets, clock: systemClock, comments: plans }),
    planned: createPlanStore({ env, tableName: settings.TABLE_NAME }),
    withdrawals: createWithdrawals({ env, tableName: settings.TABLE_NAME }),
    evaluate: createEvaluate(),
    clock: systemClock,
    chance: systemChance,
    log: createLog('ingest', env),
    meter,
  };
  const handle = createIngestHandler(ingest, settings.PUBLIC_URL);
  return (event) => handle(event).finally(() => meter.flush());
}
