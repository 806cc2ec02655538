import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { AUDIT, DRIFT, NOTICES, PLANS, QUEUES } from '../../shared/deployment/resources.ts';
import { createUnlessExists } from './common/create-unless-exists.ts';
import type { resourceNames } from './common/resource-names.ts';

export type QueueUrls = {
  changes: string;
  failures: string;
  notices: string;
  noticesArn: string;
  plans: string;
  drift: string;
  audit: string;
  auditArn: string;
};
type QueueNames = Omit<ReturnType<typeof resourceNames>, 'table' | 'settings' | 'topic' | 'bucket' | 'auditBucket'>;

/** Makes each queue with its dead-letter queue. */
export async function createQueues(client: SQSClient, names: QueueNames): Promise<QueueUrls> {
  const pair = (name: string, deadLetters: string, spec: QueueSpec, ofDeadLetters: Record<string, string> = {}) =>
    createPair(client, { name, deadLetters }, spec, ofDeadLetters);
  try {
    const changes = await pair(names.changes, names.failures, QUEUES.changes, attributesOf(QUEUES.failures));
    const notices = await pair(names.notices, names.noticesFailed, NOTICES, {
      MessageRetentionPeriod: String(NOTICES.retentionSeconds),
    });
    const plans = await pair(names.plans, names.plansMissed, PLANS);
    const drift = await pair(names.drift, names.driftMissed, DRIFT);
    const audit = await pair(
      names.audit,
      names.auditFailed,
      AUDIT,
      attributesOf({ ...AUDIT, visibilityTimeoutSeconds: 30 }),
    );
    return {
      changes: changes.url,
      failures: changes.deadLetters,
      notices: notices.url,
      noticesArn: await arnOf(client, notices.url),
      plans: plans.url,
      drift: drift.url,
      audit: audit.url,
      auditArn: await arnOf(client, audit.url),
    };
  } finally {
    client.destroy();
  }
}

type QueueSpec = { visibilityTimeoutSeconds: number; retentionSeconds: number; maxReceiveCount: number };

/** After `maxReceiveCount` receives a message goes to the dead-letter queue. Answers the address of both queues. */
async function createPair(
  client: SQSClient,
  names: { name: string; deadLetters: string },
  spec: QueueSpec,
  ofDeadLetters: Record<string, string>,
): Promise<{ url: string; deadLetters: string }> {
  const deadLetters = await createQueue(client, names.deadLetters, ofDeadLetters);
  const { maxReceiveCount } = spec;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(client, deadLetters), maxReceiveCount });
  return { url: await createQueue(client, names.name, { ...attributesOf(spec), RedrivePolicy }), deadLetters };
}

async function arnOf(client: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return Attributes?.QueueArn ?? '';
}

const attributesOf = (queue: { visibilityTimeoutSeconds: number; retentionSeconds: number }) => ({
  VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
  MessageRetentionPeriod: String(queue.retentionSeconds),
});

/** An existing queue takes over attributes that changed since. */
async function createQueue(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  await createUnlessExists(
    () => client.send(new GetQueueUrlCommand({ QueueName: name })),
    ['QueueDoesNotExist'],
    () =>
      client.send(
        new CreateQueueCommand({ QueueName: name, Attributes: name.endsWith('.fifo') ? { FifoQueue: 'true' } : {} }),
      ),
  );
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
  return QueueUrl ?? '';
}
