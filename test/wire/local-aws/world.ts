import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { type AwsEndpointOptions, startAwsEndpoint } from '../../../local/aws/endpoint.ts';

/** An endpoint for one test, and a client of every service; all closed when the test ends. */
export async function startWorld(options: AwsEndpointOptions = {}) {
  const endpoint = await startAwsEndpoint(options);
  const client = { ...clientOptions(endpoint.environment()), retryMode: 'standard' };
  const clients = {
    dynamodb: new DynamoDBClient(client),
    s3: new S3Client({ ...client, forcePathStyle: true }),
    secrets: new SecretsManagerClient(client),
    sns: new SNSClient(client),
    sqs: new SQSClient(client),
  };
  onTestFinished(async () => {
    for (const one of Object.values(clients)) one.destroy();
    await endpoint.close();
  });
  return { endpoint, ...clients };
}
