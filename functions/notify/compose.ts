import { createLatestReports } from '../../shared/aws/latest-reports.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createDriftTickets } from '../../shared/aws/ledger/notes/drift-tickets.ts';
import { createSetNotes } from '../../shared/aws/ledger/notes/set-notes.ts';
import { createDeferral } from '../../shared/aws/messaging/deferral.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { NOTIFY_TIMING, scaleNotifyTiming } from '../../shared/domain/notice/retry-schedule.ts';
import { systemChance, systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, EnvironmentError, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createTicketSystems } from '../../shared/tickets/ticket-systems.ts';
import { createNotifyHandler } from './handler.ts';

const variables = environmentSchema(
  'STACK_NAME',
  'SETTINGS_TABLE',
  'TABLE_NAME',
  'NOTICES_QUEUE_URL',
  'REPORTS_BUCKET',
);

/** Builds the function from its environment. Throws if the environment is not complete. */
export function compose(env: Environment) {
  const vars = readEnvironment(variables, env);
  if (vars.PUBLIC_URL === undefined) throw new EnvironmentError(['PUBLIC_URL is missing']);
  const clock = systemClock;
  const common = { clock, log: createLog('notify', env), meter: createMeter('notify', env) };
  const { statusKeptMs, settledKeptMs } = timingFor(vars);
  const secrets = createSecretReader({ env, clock });
  const timeFactor = vars.TIME_FACTOR ?? 1;
  const ports = {
    timing: { ...scaleNotifyTiming(NOTIFY_TIMING, timeFactor), statusKeptMs },
    publicUrl: vars.PUBLIC_URL,
    notes: createSetNotes({ env, tableName: vars.TABLE_NAME }),
    driftTickets: createDriftTickets({ env, tableName: vars.TABLE_NAME }),
    reports: createLatestReports({ env, bucket: vars.REPORTS_BUCKET }),
    ledger: createDynamoLedger({ env, tableName: vars.TABLE_NAME, settledKeptMs }),
    deferral: createDeferral({ env, queueUrl: vars.NOTICES_QUEUE_URL, timeFactor }),
    chance: systemChance,
    secrets,
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: vars.SETTINGS_TABLE }),
    stack: vars,
    lookEveryMs: 0,
    ...common,
    compose: (configuration) => {
      const { writerOf, openerOf, close } = createTicketSystems({ configuration, secrets, clock });
      return { handle: createNotifyHandler({ ...ports, configuration, writerOf, openerOf }), close };
    },
  });
}
