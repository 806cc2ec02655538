import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import type { EmbeddedService } from './common/embedded-service.ts';

type Stores = NonNullable<BuildAppOptions['stores']>;
type S3Persistence = NonNullable<Stores['s3Store']['persistence']> & {
  loadS3(store: Stores['s3Store']): void;
  close(): void;
};

/**
 * S3 by fauxqs, in this process and without a port: its own start listens on every interface. Objects are files under
 * `<dataDir>/s3`, which one can read.
 */
export async function openObjectStore(dataDir?: string): Promise<EmbeddedService> {
  const stores: Stores = {
    sqsStore: new (await part<{ SqsStore: new () => Stores['sqsStore'] }>('sqs/sqsStore.js')).SqsStore(),
    snsStore: new (await part<{ SnsStore: new () => Stores['snsStore'] }>('sns/snsStore.js')).SnsStore(),
    s3Store: new (await part<{ S3Store: new () => Stores['s3Store'] }>('s3/s3Store.js')).S3Store(),
  };
  const persistence = dataDir === undefined ? undefined : await persist(stores.s3Store, join(dataDir, 's3'));
  const app = buildApp({ logger: false, stores });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    close: async () => {
      await app.close();
      persistence?.close();
    },
  };
}

async function persist(store: Stores['s3Store'], folder: string): Promise<S3Persistence> {
  mkdirSync(folder, { recursive: true });
  const { FileS3Persistence } = await part<{ FileS3Persistence: new (folder: string) => S3Persistence }>(
    's3/fileS3Persistence.js',
  );
  const persistence = new FileS3Persistence(folder);
  persistence.loadS3(store);
  store.persistence = persistence;
  return persistence;
}

/** fauxqs exports its app but not the stores the app takes; they lie beside it. */
async function part<T>(path: string): Promise<T> {
  const module: T = await import(new URL(path, import.meta.resolve('fauxqs')).href);
  return module;
}
