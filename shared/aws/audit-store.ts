import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AuditReader, AuditWriter } from '../ports/audit-trail.ts';
import { AwsCause, AwsError, callAws } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

type AuditBucket = ClientOrEnv<S3Client> & { bucket: string };

const clientOf = (from: AuditBucket) => clientFrom(from, S3Client);

/**
 * Writes to the audit bucket, where every object is locked and none is replaced: a put is conditional on the absence of its
 * key, which the bucket's policy demands of everybody.
 */
export function createAuditWriter(from: AuditBucket): AuditWriter {
  const client = clientOf(from);
  return {
    async put(key, text) {
      const object = { Bucket: from.bucket, Key: key, Body: text, ContentType: 'application/x-ndjson' };
      try {
        await client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
        return 'written';
      } catch (error) {
        const cause = new AwsCause(error);
        if (cause.status === 412) return 'present';
        throw new AwsError('audit-failed', `Writing the audit line ${key} failed: ${cause.kind}`, cause);
      }
    },
  };
}

/** Reads the audit bucket, with the rights of the person who reads. */
export function createAuditReader(from: AuditBucket): AuditReader {
  const client = clientOf(from);
  return {
    async *keys(prefix, { from: first, to: last }) {
      const scope = { Bucket: from.bucket, Prefix: prefix, StartAfter: `${prefix}${first}` };
      for (let token: string | undefined; ; ) {
        const command = new ListObjectsV2Command({
          ...scope,
          ...(token !== undefined && { ContinuationToken: token }),
        });
        const page = await callAws('audit-failed', 'Listing the audit trail', () => client.send(command));
        for (const { Key = '' } of page.Contents ?? []) {
          if (Key.slice(prefix.length, prefix.length + last.length) > last) return;
          yield Key;
        }
        token = page.NextContinuationToken;
        if (token === undefined) return;
      }
    },
    read: (key) =>
      callAws('audit-failed', `Reading the audit line ${key}`, async () => {
        const command = new GetObjectCommand({ Bucket: from.bucket, Key: key });
        const found = await client.send(command).catch(noneIfMissing);
        return found?.Body?.transformToString();
      }),
  };
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
  throw error;
}
