import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, it } from 'vitest';
import { findMoto, startMoto } from './moto.ts';
import { sqsContract } from './sqs.contract.ts';

/** Rules that moto 5.2 breaks, and what it does instead. */
const GAPS: Record<string, string> = {};

const way = findMoto();
if (way === undefined) {
  describe('SQS contract: moto', () => {
    it.skip("left out: pip install 'moto[server]' to hold the contract against moto", () => undefined);
  });
} else {
  sqsContract(
    'moto',
    async () => {
      const moto = await startMoto(way);
      const credentials = { accessKeyId: 'moto', secretAccessKey: 'moto' };
      const client = new SQSClient({ endpoint: moto.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
      return {
        client,
        pass: (seconds) => sleep(seconds * 1000),
        patienceSeconds: 8,
        close: async () => {
          client.destroy();
          await moto.close();
        },
      };
    },
    GAPS,
  );
}
