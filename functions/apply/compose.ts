import { createLateCatalogReader } from '../../shared/aws/late-catalogs.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createScanPartStore } from '../../shared/aws/ledger/scan-parts.ts';
import { createSeenListStore } from '../../shared/aws/ledger/seen-lists.ts';
import { createSharedReadBudgetStore } from '../../shared/aws/ledger/shared-read-budget.ts';
import { createAcknowledgement } from '../../shared/aws/messaging/acknowledgement.ts';
import { createChangeQueue } from '../../shared/aws/messaging/change-queue.ts';
import { createDeferral } from '../../shared/aws/messaging/deferral.ts';
import { createFailureQueue } from '../../shared/aws/messaging/failure-queue.ts';
import { createOutcomeTopic } from '../../shared/aws/messaging/outcome-topic.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { type Configuration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import type { ZpaFor } from '../../shared/ports/ports.ts';
import { cacheCatalogs } from '../../shared/reading/catalog-cache.ts';
import { createRuleReadings } from '../../shared/reading/read-rules.ts';
import { systemChance, systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createZpaPool } from '../../shared/zpa/api/pool.ts';
import { createZpa } from '../../shared/zpa/client.ts';
import { createApplyHandler } from './handler.ts';
import { tenantNamed } from './lane/tenant-named.ts';

const variables = environmentSchema(
  'STACK_NAME',
  'SETTINGS_TABLE',
  'TABLE_NAME',
  'CHANGES_QUEUE_URL',
  'FAILURES_QUEUE_URL',
  'OUTCOMES_TOPIC_ARN',
  'REPORTS_BUCKET',
);

/** Builds the worker from its environment, once per cold start. Only this function holds the write credentials. */
export function compose(env: Environment) {
  const vars = readEnvironment(variables, env);
  const { TABLE_NAME: tableName } = vars;
  const clock = systemClock;
  const timing = timingFor(vars);
  const secrets = createSecretReader({ env, clock });
  const pool = createZpaPool({ clock });
  const seenLists = createSeenListStore({ env, tableName });
  const scanParts = createScanPartStore({ env, tableName });
  const catalogs = createLateCatalogReader({ env, bucket: vars.REPORTS_BUCKET });
  const common = { clock, log: createLog('apply', env), meter: createMeter('apply', env) };
  const zpaForIn =
    (configuration: Configuration): ZpaFor =>
    (name, limiter) => {
      const tenant = tenantNamed({ configuration }, name);
      const readSecret = (options?: { fresh?: boolean }) =>
        secrets.read(secretNames.zpa(configuration.name, name, 'write'), options);
      const { requestTimeoutMs } = timing;
      return createZpa({ tenant, readSecret, limiter, clock, seenLists, requestTimeoutMs, pool });
    };
  const ports = {
    ledger: createDynamoLedger({ env, tableName, settledKeptMs: timing.settledKeptMs }),
    queue: createChangeQueue({ env, queueUrl: vars.CHANGES_QUEUE_URL }),
    deferral: createDeferral({ env, queueUrl: vars.CHANGES_QUEUE_URL, timeFactor: vars.TIME_FACTOR ?? 1 }),
    acknowledgement: createAcknowledgement({ env, queueUrl: vars.CHANGES_QUEUE_URL }),
    failures: createFailureQueue({ env, queueUrl: vars.FAILURES_QUEUE_URL }),
    outcomes: createOutcomeTopic({ env, topicArn: vars.OUTCOMES_TOPIC_ARN }),
    sharedReads: createSharedReadBudgetStore({ env, tableName }),
    chance: systemChance,
    timing,
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: vars.SETTINGS_TABLE }),
    stack: vars,
    lookEveryMs: 0,
    ...common,
    compose: (configuration) => ({
      handle: createApplyHandler({
        ...ports,
        configuration,
        zpaFor: zpaForIn(configuration),
        // A reading of a tenant is not used for another customer under its name.
        catalogs: cacheCatalogs(catalogs, clock),
        ruleReadings: createRuleReadings(clock, timing.rulesKeptMs, scanParts),
      }),
    }),
  });
}
