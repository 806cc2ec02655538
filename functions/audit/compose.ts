import { createAuditWriter } from '../../shared/aws/audit-store.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { createAuditHandler } from './handler.ts';

const variables = environmentSchema('TABLE_NAME', 'AUDIT_BUCKET');

/** Builds the function from its environment. It works by no settings: a line says what the ledger says. */
export function compose(env: Environment) {
  const vars = readEnvironment(variables, env);
  return createAuditHandler({
    ledger: createDynamoLedger({ env, tableName: vars.TABLE_NAME }),
    trail: createAuditWriter({ env, bucket: vars.AUDIT_BUCKET }),
    log: createLog('audit', env),
    meter: createMeter('audit', env),
  });
}
