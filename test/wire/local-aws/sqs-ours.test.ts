import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { machineClock } from '../../../local/aws/common/scaled-clock.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { sqsContract } from './sqs.contract.ts';

/** Time passes by setting the clock; only what waits for real (long polling) takes real time. */
sqsContract('ours', async () => {
  let ahead = 0;
  const clock = { ...machineClock, now: () => Date.now() + ahead };
  const endpoint = await startAwsEndpoint({ clock });
  const client = new SQSClient(clientOptions(endpoint.environment()));
  return {
    client,
    pass: async (seconds) => {
      ahead += seconds * 1000;
    },
    patienceSeconds: Number.POSITIVE_INFINITY,
    close: async () => {
      client.destroy();
      await endpoint.close();
    },
  };
});
