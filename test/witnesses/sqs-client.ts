import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsUnderTest } from '../wire/local-aws/contract/rule.ts';
import type { Server } from './start-server.ts';

/** Rules that let more of the server's time pass than this would take too long: its clock cannot be set. */
const PATIENCE_SECONDS = 6;

/** The SQS of somebody else's server, as the contract uses it. */
export function sqsOf(server: Server): SqsUnderTest {
  const credentials = { accessKeyId: 'witness', secretAccessKey: 'witness' };
  const client = new SQSClient({ endpoint: server.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
  return {
    client,
    pass: (seconds) => sleep(seconds * 1000),
    patienceSeconds: PATIENCE_SECONDS,
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}
