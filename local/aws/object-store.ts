import { mkdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
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
    handle: onlyNew(stores.s3Store, (request, response) => app.routing(request, response)),
    close: async () => {
      await app.close();
      persistence?.close();
    },
  };
}

/**
 * Conditional writes, which fauxqs does not know: `If-None-Match: *` refuses a key that is there with 412, and of
 * several writes at the same moment the first one to finish succeeds ("Conditional write behavior", S3 user guide).
 */
function onlyNew(store: Stores['s3Store'], handle: EmbeddedService['handle']): EmbeddedService['handle'] {
  const writing = new Map<string, Promise<void>>();
  return (request, response) => {
    if (request.method !== 'PUT' || request.headers['if-none-match'] !== '*') return handle(request, response);
    const pathname = decodedPath(request.url ?? '/');
    if (pathname === undefined) return refuse(response, 400, 'InvalidURI', 'The path cannot be decoded.');
    const before = writing.get(pathname) ?? Promise.resolve();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    response.once('close', () => {
      end();
      if (writing.get(pathname) === ended) writing.delete(pathname);
    });
    writing.set(pathname, ended);
    void before.then(() => {
      if (isStored(store, pathname)) refuse(response, 412, 'PreconditionFailed', 'The key is there.');
      else handle(request, response);
    });
  };
}

function isStored(store: Stores['s3Store'], pathname: string): boolean {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/(.*)$/.exec(pathname) ?? [];
  try {
    store.headObject(bucket, key);
    return true;
  } catch {
    return false;
  }
}

/** The path without its escapes; undefined: they are malformed. */
function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
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
