import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createSetNotes } from '../../shared/aws/ledger/set-notes.ts';
import { createDeferral } from '../../shared/aws/messaging/deferral.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { NOTIFY_TIMING, scaleNotifyTiming } from '../../shared/domain/notice/retry-schedule.ts';
import { systemChance, systemClock } from '../../shared/runtime/clock.ts';
import { readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { type Environment, EnvironmentError, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { createTicketSystems } from '../../shared/tickets/ticket-systems.ts';
import { createNotifyHandler } from './handler.ts';

const variables = environmentSchema('CONFIGURATION_FILE', 'TABLE_NAME', 'NOTICES_QUEUE_URL');

/** Builds the function from its environment. Throws if the environment or the configuration is not complete. */
export function compose(env: Environment) {
  const vars = readEnvironment(variables, env);
  if (vars.PUBLIC_URL === undefined) throw new EnvironmentError(['PUBLIC_URL is missing']);
  const configuration = readConfiguration(vars.CONFIGURATION_FILE);
  const { statusKeptMs, settledKeptMs } = timingFor(vars);
  const secrets = createSecretReader({ env, clock: systemClock });
  const tickets = createTicketSystems({ configuration, secrets, clock: systemClock });
  const timeFactor = vars.TIME_FACTOR ?? 1;
  return createNotifyHandler({
    configuration,
    timing: { ...scaleNotifyTiming(NOTIFY_TIMING, timeFactor), statusKeptMs },
    publicUrl: vars.PUBLIC_URL,
    notes: createSetNotes({ env, tableName: vars.TABLE_NAME }),
    ledger: createDynamoLedger({ env, tableName: vars.TABLE_NAME, settledKeptMs }),
    writerOf: tickets.writerOf,
    secrets,
    deferral: createDeferral({ env, queueUrl: vars.NOTICES_QUEUE_URL, timeFactor }),
    clock: systemClock,
    chance: systemChance,
    log: createLog('notify', env),
    meter: createMeter('notify', env),
  });
}
