import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { catalogKey, parseCatalog } from '../domain/catalog/catalog.ts';
import type { CatalogStore } from '../reading/catalog-cache.ts';
import { callAws } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';
import { readObject } from './stored-object.ts';

export type CatalogBucket = ClientOrEnv<S3Client> & { bucket: string };

/** Reads catalogs, which are objects in the bucket of reports, one per tenant. */
export function createCatalogReader(from: CatalogBucket): Pick<CatalogStore, 'read'> {
  const client = clientFrom(from, S3Client);
  return {
    async read(tenant) {
      return callAws('report-failed', `Reading the catalog of ${tenant}`, async () => {
        const text = await readObject(client, { Bucket: from.bucket, Key: catalogKey(tenant) });
        return text === undefined ? undefined : parseCatalog(text);
      });
    },
  };
}

/** Writes catalogs. A function that only reads them composes no writer, so that its role needs no right to write. */
export function createCatalogWriter(from: CatalogBucket): Pick<CatalogStore, 'put'> {
  const client = clientFrom(from, S3Client);
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
