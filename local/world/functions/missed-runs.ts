import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../../aws/client-options.ts';
import { resourceNames } from '../../aws/common/resource-names.ts';
import type { AwsEnvironment } from '../../aws/endpoint.ts';
import type { Run } from '../../lambda/schedule.ts';

/**
 * Sends a scheduled run that failed to `missed-runs`, in the form of Lambda's failure destination. Nothing here tries a
 * run again, as Lambda would before: its next run is near.
 */
export async function sendMissedRun(env: AwsEnvironment, configuration: string, { name, error }: Run): Promise<void> {
  const client = new SQSClient(clientOptions(env));
  try {
    const { QueueUrl } = await client.send(
      new GetQueueUrlCommand({ QueueName: resourceNames(configuration).missedRuns }),
    );
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(recordOf(name, error)) }));
  } finally {
    client.destroy();
  }
}

function recordOf(name: string, error: unknown) {
  const [errorType, errorMessage] = error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
  return {
    version: '1.0',
    requestContext: {
      functionArn: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`,
      condition: 'RetriesExhausted',
    },
    requestPayload: {},
    responseContext: { statusCode: 200, functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage },
  };
}
