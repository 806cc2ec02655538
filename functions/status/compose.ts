import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createSetNotes } from '../../shared/aws/ledger/notes/set-notes.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { createStatusHandler, type StatusHandler } from './handler.ts';

const variables = environmentSchema('TABLE_NAME');

/** Builds the function from its environment. Throws if the environment is not complete. */
export function compose(env: Environment): StatusHandler {
  const settings = readEnvironment(variables, env);
  const meter = createMeter('status', env);
  const handle = createStatusHandler({
    ledger: createDynamoLedger({ env, tableName: settings.TABLE_NAME }),
    notes: createSetNotes({ env, tableName: settings.TABLE_NAME }),
    clock: systemClock,
    log: createLog('status', env),
    meter,
  });
  return (event) => handle(event).finally(() => meter.flush());
}
