import { build } from 'esbuild';
import { buildOptions, FUNCTION_NAMES } from '../cdk/functions/bundle-functions.ts';
import { PERMISSIONS } from '../shared/deployment/permissions.ts';
import type { FunctionName } from '../shared/deployment/resources.ts';

/** Code that makes the client of a service, with the commands that our adapters use. */
const CLIENTS: Readonly<Record<string, string>> = {
  dynamodb: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
    kept.push(DynamoDBDocumentClient.from(new DynamoDBClient({})), BatchGetCommand, GetCommand, PutCommand, QueryCommand);`,
  sqs: `import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
    kept.push(new SQSClient({}), SendMessageBatchCommand);`,
  sns: `import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
    kept.push(new SNSClient({}), PublishCommand);`,
  s3: `import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
    kept.push(new S3Client({}), GetObjectCommand, PutObjectCommand);`,
  secretsmanager: `import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
    kept.push(new SecretsManagerClient({}), GetSecretValueCommand);`,
};

/**
 * Bundles without our own plugins, for each function, the AWS clients alone that its permissions are for:
 * `<outdir>/<function>.mjs`.
 */
export async function bundleClients(root: string, outdir: string): Promise<void> {
  for (const name of FUNCTION_NAMES) {
    const contents = ['const kept = []; globalThis.kept = kept;', ...clientsOf(name)].join('\n');
    await build({
      ...buildOptions(root, outdir),
      entryNames: name,
      plugins: [],
      stdin: { contents, resolveDir: root },
    });
  }
}

function clientsOf(name: FunctionName): string[] {
  const services = new Set(PERMISSIONS[name].flatMap(({ actions }) => actions.map((action) => action.split(':')[0])));
  return [...services].map((service) => CLIENTS[service ?? ''] ?? '');
}
