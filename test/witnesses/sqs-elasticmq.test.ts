import { describe, it } from 'vitest';
import { sqsContract } from '../wire/local-aws/sqs.contract.ts';
import { leftOut } from './install/witnesses.ts';
import { sqsOf } from './sqs-client.ts';
import { startElasticMq } from './start-server.ts';

/** Rules that ElasticMQ breaks, and what it does instead. */
const GAPS: Record<string, string> = {
  'the name of a FIFO queue ends with .fifo, and no other does': 'takes no attribute FifoQueue for a standard queue',
  'what is not set has its documented default':
    'takes 10 s for the visibility timeout, and tells no type of encryption',
  'values out of range and unknown names are refused': 'takes any value and name',
  'a redrive policy needs a dead-letter queue that exists and is of the same type':
    'takes a dead-letter queue of the other type',
  'characters that XML cannot carry are refused': 'calls the refusal InvalidAttributeValue',
  'a message is at most MaximumMessageSize bytes, attributes included': 'does not know MaximumMessageSize',
  'a message has at most ten attributes': 'calls the refusal InvalidAttributeValue',
  'a batch has one to ten entries with distinct, well-formed ids': 'takes any batch',
  'the messages of a batch together are at most 1 MiB': 'takes at most 256 KiB',
  'the entries of a batch succeed and fail each for itself': 'takes an entry that is to fail',
  'a receive hands out one to ten messages, and refuses other wishes': 'calls the refusal InvalidAttributeValue',
  'message attributes are chosen by name, by prefix, or all': 'knows no prefix',
  'deleting a message again succeeds': 'refuses the handle',
  'deduplication spans the groups of a queue unless its scope is the group': 'has no scope of the group',
  'a message made visible waits while another of its group is in flight': 'hands it out',
  'a visibility timeout is at most twelve hours': 'takes any',
  'the visibility of a message that is not in flight cannot be changed': 'takes the change',
  'on a FIFO queue a receipt handle expires with its visibility timeout': 'deletes with an expired handle',
  'a move task brings dead letters back to their source as new messages': 'does not move from a FIFO queue in time',
  'a move task can have any queue of the same type for its destination': 'takes a queue of the other type',
  'only a dead-letter queue can be the source of a move task': 'takes any queue',
};

const reason = leftOut('elasticmq');
if (reason !== undefined) {
  describe('SQS contract: ElasticMQ', () => {
    it.skip(`left out: ${reason}`, () => undefined);
  });
} else {
  sqsContract('ElasticMQ', async () => sqsOf(await startElasticMq()), GAPS);
}
