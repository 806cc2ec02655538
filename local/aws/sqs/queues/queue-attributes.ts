import { z } from 'zod';
import { invalidParameter } from '../../common/aws-error.ts';
import { parseInput } from '../../common/input.ts';
import { checkAttributes, DEFAULTS, READABLE } from './attributes.ts';
import { invalidAttributeName } from './errors.ts';
import { findQueue, listQueues, nameOfArn, queueArn, queueOfUrl, redrivePolicyOf, type SqsContext } from './queue.ts';

const reading = z.object({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).nullish() });
const setting = z.object({ QueueUrl: z.string(), Attributes: z.record(z.string(), z.string()) });

/** Number of messages of a queue by state. */
export type Counts = { visible: number; delayed: number; inFlight: number };

export function countMessages(sqs: SqsContext, name: string): Counts {
  const row = sqs.db.get<{ total: number; delayed: number | null; inFlight: number | null }>(
    `SELECT COUNT(*) AS total, SUM(visibleAt > ?1 AND receiveCount = 0) AS delayed,
       SUM(visibleAt > ?1 AND receiveCount > 0) AS inFlight FROM messages WHERE queue = ?2`,
    sqs.wall.now(),
    name,
  );
  const { total, delayed, inFlight } = row ?? { total: 0, delayed: 0, inFlight: 0 };
  return { visible: total - (delayed ?? 0) - (inFlight ?? 0), delayed: delayed ?? 0, inFlight: inFlight ?? 0 };
}

/** "GetQueueAttributes": the requested ones, or All. */
export function getQueueAttributes(sqs: SqsContext, input: unknown) {
  const request = parseInput(reading, input);
  const queue = queueOfUrl(sqs, request.QueueUrl);
  const names = request.AttributeNames ?? [];
  const unknown = names.find((name) => name !== 'All' && !READABLE.includes(name));
  if (unknown !== undefined) throw invalidAttributeName(unknown);
  const counts = countMessages(sqs, queue.name);
  const all: Record<string, string> = {
    ...DEFAULTS,
    ...(queue.fifo && {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    }),
    SqsManagedSseEnabled: 'true',
    ...queue.attributes,
    QueueArn: queueArn(sqs, queue.name),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
  };
  const chosen = Object.entries(all).filter(
    ([name, value]) => value !== '' && (names.includes('All') || names.includes(name)),
  );
  return chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {};
}

export function setQueueAttributes(sqs: SqsContext, input: unknown) {
  const request = parseInput(setting, input);
  const queue = queueOfUrl(sqs, request.QueueUrl);
  checkAttributes(request.Attributes, queue.fifo);
  checkRedrivePolicy(sqs, queue.name, request.Attributes);
  sqs.db.run(
    'UPDATE queues SET attributes = ?, modifiedAt = ? WHERE name = ?',
    JSON.stringify({ ...queue.attributes, ...request.Attributes }),
    sqs.wall.now(),
    queue.name,
  );
  return {};
}

/** "Using dead-letter queues": the target exists, and the dead-letter queue of a FIFO queue is a FIFO queue. */
export function checkRedrivePolicy(sqs: SqsContext, name: string, attributes: Record<string, string>): void {
  const fifo = name.endsWith('.fifo');
  const policy = redrivePolicyOf({ name, fifo, attributes, createdAt: 0, modifiedAt: 0 });
  if (policy === undefined) return;
  const target = findQueue(sqs, nameOfArn(policy.deadLetterTargetArn));
  const refuse = (reason: string) =>
    invalidParameter(`Value ${attributes.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.fifo !== fifo) throw refuse('Dead-letter queue must be same type of queue as the source.');
}

/** Names of the queues whose dead letters go to `name`. */
export function sourcesOf(sqs: SqsContext, name: string): string[] {
  return listQueues(sqs)
    .filter((queue) => nameOfArn(redrivePolicyOf(queue)?.deadLetterTargetArn ?? '') === name)
    .map((queue) => queue.name);
}
