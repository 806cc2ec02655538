import { z } from 'zod';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import { invalidParameter } from '../../common/aws-error.ts';
import { invalidAttributeName, invalidAttributeValue } from './errors.ts';

/** "SetQueueAttributes" (SQS API reference): defaults, in AWS's seconds and bytes. */
export const DEFAULTS = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
} as const;

const between = (low: number, high: number) => (value: string) =>
  /^\d{1,9}$/.test(value) && Number(value) >= low && Number(value) <= high;
const oneOf =
  (...values: string[]) =>
  (value: string) =>
    values.includes(value);

const policy = z.object({
  deadLetterTargetArn: z.string().regex(/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w.-]+$/),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});
const isJson = (value: string) => value === '' || parseJson(value) !== undefined;

/** "SetQueueAttributes" (SQS API reference): names that can be set, and the range of each. */
const SETTABLE: Record<string, (value: string) => boolean> = {
  VisibilityTimeout: between(0, 43_200),
  DelaySeconds: between(0, 900),
  MaximumMessageSize: between(1024, 1_048_576),
  MessageRetentionPeriod: between(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: between(0, 20),
  RedrivePolicy: (value) => value === '' || policy.safeParse(parseJson(value)).success,
  RedriveAllowPolicy: isJson,
  Policy: isJson,
  FifoQueue: oneOf('true'),
  ContentBasedDeduplication: oneOf('true', 'false'),
  DeduplicationScope: oneOf('messageGroup', 'queue'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
  KmsMasterKeyId: () => true,
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  SqsManagedSseEnabled: oneOf('true', 'false'),
};
const FIFO_ONLY = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** Rejects what SQS would: unknown names, values out of range, FIFO attributes of a standard queue. */
export function checkAttributes(attributes: Record<string, string>, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const accepts = SETTABLE[name];
    if (accepts === undefined || (!fifo && FIFO_ONLY.includes(name))) throw invalidAttributeName(name);
    if (!accepts(value)) throw invalidAttributeValue(name);
  }
}

/** "CreateQueue": the name of a FIFO queue ends with `.fifo` and its attribute FifoQueue is true. */
export function checkName(name: string, attributes: Record<string, string>): void {
  const fifo = name.endsWith('.fifo');
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(fifo ? name.slice(0, -5) : name) || name.length > 80) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  if (fifo !== (attributes.FifoQueue === 'true')) {
    throw invalidParameter(
      fifo
        ? 'The name of a FIFO queue can only be used with the attribute FifoQueue set to true.'
        : 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
}

/** Names a caller may ask GetQueueAttributes for. */
export const READABLE = [
  ...Object.keys(SETTABLE),
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];
