import { describe, it } from 'vitest';
import { sqsContract } from '../wire/local-aws/sqs.contract.ts';
import { leftOut } from './install/witnesses.ts';
import { sqsOf } from './sqs-client.ts';
import { startMoto } from './start-server.ts';

/** Rules that moto breaks, and what it does instead. */
const GAPS: Record<string, string> = {
  'the name of a FIFO queue ends with .fifo, and no other does':
    'takes a .fifo name without FifoQueue for a standard queue',
  'values out of range and unknown names are refused': 'takes any value and name',
  'a redrive policy needs a dead-letter queue that exists and is of the same type':
    'takes a dead-letter queue of the other type',
  'characters that XML cannot carry are refused': 'takes any character',
  'a message is at most MaximumMessageSize bytes, attributes included': 'counts characters of the body alone',
  'a message has at most ten attributes': 'takes any number',
  'the entries of a batch succeed and fail each for itself': 'refuses the whole batch',
  'a deduplication id is not for standard queues': 'takes and ignores it',
  'group and deduplication ids are at most 128 characters of letters, digits and punctuation':
    'checks the group id only',
  'sequence numbers grow, and are received as sent': 'numbers at random',
  'what was not deleted comes back in its place, before what was sent later': 'loses the order within the group',
  'a second message with the same deduplication id is accepted and not delivered': 'answers a new message id',
  'a deleted message still counts for deduplication': 'delivers it again',
  'deduplication spans the groups of a queue unless its scope is the group': 'has no scope of the group',
  'the visibility of a message that is not in flight cannot be changed': 'takes the change',
  'on a FIFO queue a receipt handle expires with its visibility timeout': 'deletes with an expired handle',
  'what was received too often goes to the dead-letter queue and tells where it came from': 'does not tell the source',
  'in a FIFO dead-letter queue the message id stands for the deduplication id': 'keeps the deduplication id',
  'a move task brings dead letters back to their source as new messages': 'has no message move tasks',
  'a move task can have any queue of the same type for its destination': 'has no message move tasks',
  'only a dead-letter queue can be the source of a move task': 'has no message move tasks',
  'a message that no redrive policy brought has no source to go back to, and stays': 'has no message move tasks',
};

const reason = leftOut('moto');
if (reason !== undefined) {
  describe('SQS contract: moto', () => {
    it.skip(`left out: ${reason}`, () => undefined);
  });
} else {
  sqsContract('moto', async () => sqsOf(await startMoto()), GAPS);
}
