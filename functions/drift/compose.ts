import { createCatalogReader, createCatalogWriter } from '../../shared/aws/catalog-store.ts';
import { createLatestReports } from '../../shared/aws/latest-reports.ts';
import { createIgnores } from '../../shared/aws/ledger/ignores.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createSeenListStore } from '../../shared/aws/ledger/seen-lists.ts';
import { createSharedReadBudgetStore } from '../../shared/aws/ledger/shared-read-budget.ts';
import { createReportTopic } from '../../shared/aws/messaging/report-topic.ts';
import { createReportStore } from '../../shared/aws/report-store.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { createLaneReads } from '../../shared/reading/shared-reads.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createReadClients } from '../../shared/zpa/read-clients.ts';
import { createDriftHandler, type DriftHandler } from './handler.ts';

const variables = environmentSchema(
  'STACK_NAME',
  'SETTINGS_TABLE',
  'TABLE_NAME',
  'OUTCOMES_TOPIC_ARN',
  'REPORTS_BUCKET',
);

/** Builds the function from its environment; it calls no service before the first invocation. */
export function compose(env: Environment): DriftHandler {
  const variable = readEnvironment(variables, env);
  const clock = systemClock;
  const timing = timingFor(variable);
  const reads = createLaneReads({
    store: createSharedReadBudgetStore({ env, tableName: variable.TABLE_NAME }),
    timing,
    clock,
  });
  const secrets = createSecretReader({ env, clock });
  const seenLists = createSeenListStore({ env, tableName: variable.TABLE_NAME });
  const common = { clock, log: createLog('drift', env), meter: createMeter('drift', env) };
  const ports = {
    ledger: createDynamoLedger({ env, tableName: variable.TABLE_NAME }),
    settle: reads.settle,
    timing,
    ignores: createIgnores({ env, tableName: variable.TABLE_NAME }),
    reports: createReportStore({ env, bucket: variable.REPORTS_BUCKET }),
    latest: createLatestReports({ env, bucket: variable.REPORTS_BUCKET }),
    catalogs: {
      ...createCatalogReader({ env, bucket: variable.REPORTS_BUCKET }),
      ...createCatalogWriter({ env, bucket: variable.REPORTS_BUCKET }),
    },
    topic: createReportTopic({ env, topicArn: variable.OUTCOMES_TOPIC_ARN }),
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: variable.SETTINGS_TABLE }),
    stack: variable,
    // The round may have named a lane by newer settings than this process knows.
    lookEveryMs: 0,
    ...common,
    compose: (configuration) => {
      const { limiterOf } = reads;
      const clients = createReadClients({ configuration, secrets, clock, seenLists, timing, limiterOf });
      return { handle: createDriftHandler({ ...ports, configuration, zpaOf: clients.zpaOf }), close: clients.close };
    },
  });
}
