import { z } from 'zod';
import { parseInput } from '../../common/input.ts';
import { checkAttributes, checkName, DEFAULTS } from './attributes.ts';
import { queueDoesNotExist, queueNameExists } from './errors.ts';
import { findQueue, queueUrl, type SqsContext } from './queue.ts';
import { checkRedrivePolicy } from './queue-attributes.ts';

const creation = z.object({ QueueName: z.string(), Attributes: z.record(z.string(), z.string()).nullish() });
const named = z.object({ QueueName: z.string() });

/** "CreateQueue": idempotent if every attribute given equals that of the existing queue, else QueueNameExists. */
export function createQueue(sqs: SqsContext, input: unknown) {
  const request = parseInput(creation, input);
  const { QueueName: name } = request;
  const attributes = request.Attributes ?? {};
  checkName(name, attributes);
  checkAttributes(attributes, name.endsWith('.fifo'));
  checkRedrivePolicy(sqs, name, attributes);
  const existing = findQueue(sqs, name);
  if (existing !== undefined) {
    const held: Record<string, string> = { ...DEFAULTS, ...existing.attributes };
    const differing = Object.entries(attributes).find(([key, value]) => held[key] !== value);
    if (differing !== undefined) throw queueNameExists(differing[0]);
    return { QueueUrl: queueUrl(sqs, name) };
  }
  const now = sqs.wall.now();
  sqs.db.run(
    'INSERT INTO queues (name, attributes, createdAt, modifiedAt) VALUES (?, ?, ?, ?)',
    name,
    JSON.stringify(attributes),
    now,
    now,
  );
  return { QueueUrl: queueUrl(sqs, name) };
}

export function getQueueUrl(sqs: SqsContext, input: unknown) {
  const { QueueName } = parseInput(named, input);
  if (findQueue(sqs, QueueName) === undefined) throw queueDoesNotExist();
  return { QueueUrl: queueUrl(sqs, QueueName) };
}
