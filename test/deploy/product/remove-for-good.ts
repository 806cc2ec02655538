import {
  DeleteTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DeleteSecretCommand, paginateListSecrets, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from '../../../shared/aws/clients.ts';
import type { Site } from '../site/site.ts';
import type { Cdk } from './cdk.ts';
import type { Clients } from './clients.ts';

type Parts = { cdk: Cdk; clients: Clients; site: Site };

/** Removes all of a deployment, once; later calls answer the same. */
export type RemoveForGood = () => Promise<string[]>;

export function createRemoval(deployment: Parts): RemoveForGood {
  let removed: Promise<string[]> | undefined;
  return () => {
    removed ??= remove(deployment);
    return removed;
  };
}

/** Removes the stack and what outlives it on purpose: tables, buckets, people's secrets. Answers what outlived it. */
async function remove({ cdk, clients, site }: Parts): Promise<string[]> {
  await cdk.destroy();
  const { name } = site;
  const tables = [`${name}-ledger`, `${name}-settings`];
  const client = new DynamoDBClient(clientOptions(site.env));
  for (const TableName of tables) await removeTable(client, TableName);
  client.destroy();
  const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand());
  const own = Buckets.flatMap(({ Name = '' }) => (Name.startsWith(`${name}-`) ? [Name] : []));
  for (const bucket of own) await removeBucket(clients.s3, bucket);
  return [...tables, ...own, ...(await removeSecrets(clients.secrets, name))];
}

/** A table that is not there, after a failure, needs nothing. */
async function removeTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
    await client.send(new DeleteTableCommand({ TableName }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

async function removeSecrets(client: SecretsManagerClient, name: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { SecretList = [] } of paginateListSecrets({ client }, {})) {
    names.push(...SecretList.flatMap(({ Name = '' }) => (Name.startsWith(`${name}/`) ? [Name] : [])));
  }
  for (const SecretId of names) {
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  }
  return names;
}

/** The audit trail is locked, and its policy forbids everybody to delete a line: an administrator has to mean it twice. */
async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  const isLocked = Bucket.includes('audittrail');
  if (isLocked) await client.send(new DeleteBucketPolicyCommand({ Bucket }));
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const bypass = isLocked ? { BypassGovernanceRetention: true } : {};
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects }, ...bypass }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
}
