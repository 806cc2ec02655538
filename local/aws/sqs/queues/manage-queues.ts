import { z } from 'zod';
import { parseInput } from '../../common/input.ts';
import { checkAttributes, checkName, DEFAULTS } from './attributes.ts';
import { purgeInProgress, queueDoesNotExist, queueNameExists } from './errors.ts';
import { listQueues as allQueues, findQueue, queueOfUrl, queueUrl, type SqsContext } from './queue.ts';
import { checkRedrivePolicy } from './queue-attributes.ts';

const creation = z.object({ QueueName: z.string(), Attributes: z.record(z.string(), z.string()).nullish() });
const named = z.object({ QueueName: z.string() });
const located = z.object({ QueueUrl: z.string() });
const listing = z.object({
  QueueNamePrefix: z.string().nullish(),
  MaxResults: z.number().int().min(1).max(1000).nullish(),
  NextToken: z.string().nullish(),
});

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

/** "ListQueues": by prefix; a NextToken only where MaxResults is given and more follow. */
export function listQueues(sqs: SqsContext, input: unknown) {
  const request = parseInput(listing, input);
  const after = request.NextToken ? Buffer.from(request.NextToken, 'base64').toString('utf8') : '';
  const names = allQueues(sqs)
    .map((queue) => queue.name)
    .filter((name) => name.startsWith(request.QueueNamePrefix ?? '') && name > after);
  const page = names.slice(0, request.MaxResults ?? 1000);
  const last = page.at(-1);
  return {
    ...(page.length > 0 && { QueueUrls: page.map((name) => queueUrl(sqs, name)) }),
    ...(request.MaxResults &&
      last !== undefined &&
      names.length > page.length && { NextToken: Buffer.from(last, 'utf8').toString('base64') }),
  };
}

export function deleteQueue(sqs: SqsContext, input: unknown) {
  const queue = queueOfUrl(sqs, parseInput(located, input).QueueUrl);
  for (const table of ['messages', 'deduplications']) sqs.db.run(`DELETE FROM ${table} WHERE queue = ?`, queue.name);
  sqs.db.run('DELETE FROM queues WHERE name = ?', queue.name);
  return {};
}

/** "PurgeQueue": all messages, in flight too; once in 60 seconds. What was sent lately stays known to deduplication. */
export function purgeQueue(sqs: SqsContext, input: unknown) {
  const queue = queueOfUrl(sqs, parseInput(located, input).QueueUrl);
  const now = sqs.wall.now();
  if (queue.purgedAt !== null && now < queue.purgedAt + sqs.wall.lasts(60)) throw purgeInProgress(queue.name);
  sqs.db.run('DELETE FROM messages WHERE queue = ?', queue.name);
  sqs.db.run('UPDATE queues SET purgedAt = ? WHERE name = ?', now, queue.name);
  return {};
}
