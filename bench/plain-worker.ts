import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { startEventSource } from '../local/lambda/event-source.ts';
import { loadPushed } from '../local/world/configuration/pushed-configuration.ts';
import { createSecretReader } from '../shared/aws/secret-reader.ts';
import { FUNCTIONS } from '../shared/deployment/resources.ts';
import { secretNames } from '../shared/domain/configuration/configuration.ts';
import type { SegmentGroup } from '../shared/domain/group/group.ts';
import type { RateLimiter, Zpa } from '../shared/ports/ports.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { createZpaPool } from '../shared/zpa/api/pool.ts';
import { createZpa } from '../shared/zpa/client.ts';
import { runWorkerProcess } from './run-worker-process.ts';

/**
 * A handler as one would write it with Powertools for AWS Lambda and its guides: a FIFO batch processor, idempotency
 * per change in DynamoDB, and for each change get the group and put it. Same queue, same table service, same ZPA client
 * as ours; no ledger, order across redeliveries, intent, read-back, outcome or budget.
 */
const TENANT = 'acme-prod';
const unlimited: RateLimiter = { take: async () => () => {}, obey: () => {} };

const orderSchema = z.object({
  idempotencyKey: z.string(),
  groupId: z.string(),
  description: z.string().optional(),
  applicationId: z.string().optional(),
});
type Order = z.infer<typeof orderSchema>;

runWorkerProcess(async (environment) => {
  const zpa = await plainZpa(environment);
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'idempotencyKey' });
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: environment.IDEMPOTENCY_TABLE ?? '',
    clientConfig: {
      region: environment.AWS_REGION ?? '',
      endpoint: environment.AWS_ENDPOINT_URL ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  });
  const applyOnce = makeIdempotent((order: Order) => apply(zpa, order), { persistenceStore, config });
  const processor = new SqsFifoPartialProcessorAsync();
  const applyRecord = async (record: SQSRecord) => applyOnce(orderSchema.parse(JSON.parse(record.body)));
  const handler = (event: SQSEvent, context: Context) => {
    config.registerLambdaContext(context);
    return processPartialResponse(event, applyRecord, processor, { context });
  };
  return startEventSource({
    function: {
      name: 'plain',
      timeoutMs: FUNCTIONS.apply.timeoutSeconds * 1000,
      memoryMb: FUNCTIONS.apply.memoryMb,
      handler,
    },
    environment,
    queueUrl: environment.CHANGES_QUEUE_URL ?? '',
    maximumConcurrency: 2,
  });
});

async function plainZpa(environment: Record<string, string>): Promise<Zpa> {
  const configuration = await loadPushed(environment);
  const tenant = configuration.tenants[TENANT];
  if (tenant === undefined) throw new Error(`there is no tenant ${TENANT}`);
  const clock = systemClock;
  const secrets = createSecretReader({ env: environment, clock });
  const readSecret = (options?: { fresh?: boolean }) =>
    secrets.read(secretNames.zpa(configuration.name, TENANT, 'write'), options);
  // It reads no rules, so it has nothing to remember.
  const seenLists = { read: async () => undefined, write: async () => ({ written: true as const }) };
  return createZpa({ tenant, readSecret, limiter: unlimited, clock, seenLists, pool: createZpaPool({ clock }) });
}

async function apply(zpa: Zpa, order: Order): Promise<{ groupId: string }> {
  const group = await zpa.getGroup(order.groupId);
  return zpa.write(
    {
      kind: 'update',
      via: 'v2',
      groupId: group.id,
      microtenantId: group.microtenantId,
      fields: { ...fieldsOf(group), ...(order.description !== undefined && { description: order.description }) },
      addedApps: order.applicationId === undefined ? [] : [order.applicationId],
      deletedApps: [],
    },
    group,
  );
}

const fieldsOf = ({ name, description, enabled, configSpace }: SegmentGroup) => ({
  name,
  description,
  enabled,
  configSpace,
});
