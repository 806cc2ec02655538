import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../../../shared/aws/clients.ts';
import type { Site } from '../site/site.ts';

/** Longer than any function may run. */
const ANSWER_MS = 910_000;

/** Clients of the account's administrator, who looks at what the product did. */
export function createClients({ env, region }: Site) {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secret = '' } = env;
  const here = { endpoint, credentials: { accessKeyId, secretAccessKey: secret }, forcePathStyle: true };
  const options = {
    region,
    maxAttempts: 1,
    requestHandler: { requestTimeout: ANSWER_MS },
    ...(endpoint === undefined ? {} : here),
  };
  return {
    cloudFormation: new CloudFormationClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    s3: new S3Client(options),
    secrets: new SecretsManagerClient(options),
    sqs: new SQSClient(options),
  };
}

export type Clients = ReturnType<typeof createClients>;

type Keys = { accessKeyId: string; secretAccessKey: string };

/**
 * Options of an SDK client that signs with these keys. They are stated, because without an endpoint the SDK would look
 * for keys itself, and in an account find the administrator's.
 */
export function optionsAs(credentials: Keys, { env, region }: Pick<Site, 'env' | 'region'>) {
  return { ...clientOptions({ ...env, AWS_REGION: region }), credentials };
}
