import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

type StoredObject = { Bucket: string; Key: string };

/**
 * Reads an object as text; undefined: there is none. S3 answers a missing object as forbidden to a caller without
 * `s3:ListBucket` (AWS: "GetObject", errors). Our roles have it for their own prefixes only, and AWS does not say whether that
 * suffices, so a forbidden object is looked for in a listing of its own key.
 */
export function readObject(client: S3Client, object: StoredObject): Promise<string | undefined> {
  return client.send(new GetObjectCommand(object)).then(
    ({ Body }) => Body?.transformToString(),
    (error: unknown) => unlessMissing(client, object, error),
  );
}

async function unlessMissing(client: S3Client, { Bucket, Key }: StoredObject, error: unknown): Promise<undefined> {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchKey') return undefined;
  if (name !== 'AccessDenied') throw error;
  const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }));
  if (KeyCount === 0) return undefined;
  throw error;
}
