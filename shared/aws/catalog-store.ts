import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { catalogKey, parseCatalog } from '../domain/catalog/catalog.ts';
import type { CatalogStore } from '../reading/catalog-cache.ts';
import { callAws } from './aws-error.ts';
import type { ClientOrEnv } from './clients.ts';
import { s3Client } from './report-store.ts';

type CatalogBucket = ClientOrEnv<S3Client> & { bucket: string };

/**
 * Reads catalogs, which are objects in the bucket of reports, one per tenant. S3 answers a missing object as forbidden to
 * a caller without `s3:ListBucket` (AWS: "GetObject", errors). Our roles have it for catalogs only, and AWS does not say
 * whether that suffices, so a forbidden catalog is looked for in a listing of its own key.
 */
export function createCatalogReader(from: CatalogBucket): Pick<CatalogStore, 'read'> {
  const client = 'client' in from ? from.client : s3Client(from.env);
  return {
    async read(tenant) {
      const object = { Bucket: from.bucket, Key: catalogKey(tenant) };
      return callAws('report-failed', `Reading the catalog of ${tenant}`, async () => {
        const text = await client.send(new GetObjectCommand(object)).then(
          ({ Body }) => Body?.transformToString(),
          (error: unknown) => unlessMissing(client, object, error),
        );
        return text === undefined ? undefined : parseCatalog(text);
      });
    },
  };
}

/** Writes catalogs. A function that only reads them composes no writer, so that its role needs no right to write. */
export function createCatalogWriter(from: CatalogBucket): Pick<CatalogStore, 'put'> {
  const client = 'client' in from ? from.client : s3Client(from.env);
  return {
    async put(catalog) {
      const command = new PutObjectCommand({
        Bucket: from.bucket,
        Key: catalogKey(catalog.tenant),
        Body: JSON.stringify(catalog),
        ContentType: 'application/json',
      });
      await callAws('report-failed', `Keeping the catalog of ${catalog.tenant}`, () => client.send(command));
    },
  };
}

async function unlessMissing(client: S3Client, object: { Bucket: string; Key: string }, error: unknown) {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchKey') return undefined;
  if (name !== 'AccessDenied') throw error;
  const { KeyCount } = await client.send(
    new ListObjectsV2Command({ Bucket: object.Bucket, Prefix: object.Key, MaxKeys: 1 }),
  );
  if (KeyCount === 0) return undefined;
  throw error;
}
