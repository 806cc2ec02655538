import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, it } from 'vitest';
import { sqsContract } from './sqs.contract.ts';

/** With ZPA_CHANGES_REAL_AWS=1: the account and region of the environment. Makes and deletes queues `contract-…`. */
if (process.env.ZPA_CHANGES_REAL_AWS === '1') {
  sqsContract('AWS', async () => {
    const client = new SQSClient({});
    return {
      client,
      pass: (seconds) => sleep(seconds * 1000),
      patienceSeconds: 20,
      removeQueue: (QueueUrl) => client.send(new DeleteQueueCommand({ QueueUrl })).catch(() => undefined),
      close: async () => client.destroy(),
    };
  });
} else {
  describe('SQS contract: AWS', () => {
    it.skip('left out: set ZPA_CHANGES_REAL_AWS=1 to hold the contract against a real account', () => undefined);
  });
}
