import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createApplyHandler } from '../../../functions/apply/handler.ts';
import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import type { ResourceEnvironment } from '../../../local/aws/create-resources.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { createScanPartStore } from '../../../shared/aws/ledger/scan-parts.ts';
import { createSeenListStore } from '../../../shared/aws/ledger/seen-lists.ts';
import { createSharedReadBudgetStore } from '../../../shared/aws/ledger/shared-read-budget.ts';
import { createAcknowledgement } from '../../../shared/aws/messaging/acknowledgement.ts';
import { createChangeQueue } from '../../../shared/aws/messaging/change-queue.ts';
import { createDeferral } from '../../../shared/aws/messaging/deferral.ts';
import { createFailureQueue } from '../../../shared/aws/messaging/failure-queue.ts';
import { createOutcomeTopic } from '../../../shared/aws/messaging/outcome-topic.ts';
import { createSecretReader } from '../../../shared/aws/secret-reader.ts';
import { type Configuration, secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { Clock, ZpaFor } from '../../../shared/ports/ports.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import type { RemainingTime } from '../../../shared/runtime/deadline.ts';
import { createZpaPool } from '../../../shared/zpa/api/pool.ts';
import { createZpa } from '../../../shared/zpa/client.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import type { RecordingLog, RecordingMeter } from '../../fakes/recording.ts';

type Parts = {
  environment: ResourceEnvironment;
  configuration: Configuration;
  clock: Clock;
  log: RecordingLog;
  meter: RecordingMeter;
  /** The real time, in ms, that a call may take: sockets do not use virtual time. */
  realTimeoutMs: number;
  seed: number;
};

/** One process of the worker. */
export type Worker = {
  handle(event: SQSEvent, context: RemainingTime): Promise<SQSBatchResponse>;
  ports: ApplyPorts;
  /** From now on its calls are neither made nor answered, as if the process had ended. */
  kill(): void;
  close(): Promise<void>;
};

/** Builds the worker as `functions/apply/compose.ts` does, with a virtual clock and the timing of production. */
export function composeWorker(parts: Parts): Worker {
  const { environment: env, configuration, clock, log, meter } = parts;
  const secrets = createSecretReader({ env, clock });
  const pool = createZpaPool({ clock });
  let dead = false;
  const mortal = <Port extends object>(port: Port): Port =>
    interrupted(port, 'port', () => (dead ? new Promise<void>(() => undefined) : undefined));
  /** A dead process logs nothing; calls that it awaited may still end. */
  const silent =
    <Said extends unknown[]>(say: (...of: Said) => void) =>
    (...of: Said) => {
      if (!dead) say(...of);
    };
  const seenLists = mortal(createSeenListStore({ env, tableName: env.TABLE_NAME }));
  const zpaFor: ZpaFor = (name, limiter) => {
    const tenant = lookup(configuration.tenants, name);
    if (tenant === undefined) throw new Error(`tenant ${name} is not configured`);
    const readSecret = (options?: { fresh?: boolean }) =>
      secrets.read(secretNames.zpa(configuration.name, name, 'write'), options);
    const { realTimeoutMs: requestTimeoutMs } = parts;
    return mortal(createZpa({ tenant, readSecret, limiter, clock, seenLists, requestTimeoutMs, pool }));
  };
  const ports: ApplyPorts = {
    ledger: mortal(createDynamoLedger({ env, tableName: env.TABLE_NAME, settledKeptMs: TIMING.settledKeptMs })),
    queue: mortal(createChangeQueue({ env, queueUrl: env.CHANGES_QUEUE_URL })),
    deferral: mortal(createDeferral({ env, queueUrl: env.CHANGES_QUEUE_URL })),
    acknowledgement: mortal(createAcknowledgement({ env, queueUrl: env.CHANGES_QUEUE_URL })),
    failures: mortal(createFailureQueue({ env, queueUrl: env.FAILURES_QUEUE_URL })),
    outcomes: mortal(createOutcomeTopic({ env, topicArn: env.OUTCOMES_TOPIC_ARN })),
    chance: createFakeChance(parts.seed),
    ruleReadings: createRuleReadings(
      clock,
      TIMING.rulesKeptMs,
      mortal(createScanPartStore({ env, tableName: env.TABLE_NAME })),
    ),
    sharedReads: mortal(createSharedReadBudgetStore({ env, tableName: env.TABLE_NAME })),
    timing: TIMING,
    log: { info: silent(log.info), warn: silent(log.warn), error: silent(log.error) },
    meter: { count: silent(meter.count) },
    ...{ zpaFor, clock, configuration },
  };
  return {
    handle: createApplyHandler({ ...ports, meter: { ...meter, flush: () => undefined } }),
    ports,
    kill: () => {
      dead = true;
    },
    close: () => pool.close(),
  };
}
