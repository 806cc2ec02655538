import { mkdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import dynalite from 'dynalite';
import db from 'dynalite/db/index.js';
import type { EmbeddedService } from './common/embedded-service.ts';

/**
 * DynamoDB by dynalite, in this process. It receives requests as events; it listens (on loopback, unused) because it only
 * closes its database together with a listening server.
 */
export async function openDynamoDb(dataDir?: string): Promise<EmbeddedService> {
  writeItemsWithTheirIndexes();
  const path = dataDir === undefined ? undefined : join(dataDir, 'dynamodb');
  if (path !== undefined) mkdirSync(path, { recursive: true });
  const server = dynalite({ ...(path !== undefined && { path }), createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  const underWay = new Set<Promise<void>>();
  return {
    handle: (request, response) => {
      const answered = endOf(response);
      underWay.add(answered);
      answered.then(() => underWay.delete(answered));
      server.emit('request', request, response);
    },
    async close() {
      // A write to a closed database would throw outside of any request.
      await Promise.all(underWay);
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** Resolves when the service has ended its answer, whether or not the caller is still there to read it. */
function endOf(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.end = (...given: unknown[]) => {
    resolve();
    return end(...given);
  };
  return promise;
}

let patched = false;

/**
 * dynalite writes an item and each of its index entries one after the other: a process killed in between would leave an
 * index that contradicts the table for good, and a query in between misses the item. Here they go in one atomic LevelDB
 * batch; dynalite's own write of the item after it repeats the same value.
 */
function writeItemsWithTheirIndexes(): void {
  if (patched) return;
  patched = true;
  db.updateIndexes = (store, table, existing, item, done) => {
    const current = item ?? existing;
    if (current === undefined || current === null) {
      done();
      return;
    }
    const key = `item-${table.TableName}~${db.createKey(current, table)}`;
    const operations: Parameters<typeof store.db.batch>[0] = [
      item ? { type: 'put', key, value: item } : { type: 'del', key },
    ];
    for (const kind of ['Local', 'Global']) {
      const indexes = table[`${kind}SecondaryIndexes`];
      const actions = db.getIndexActions(Array.isArray(indexes) ? indexes : [], existing, item, table);
      const prefix = (index: string) => `index-${kind.toLowerCase()}~${table.TableName}~${index}~`;
      for (const one of actions.deletes) operations.push({ type: 'del', key: prefix(one.index) + one.key });
      for (const one of actions.puts)
        operations.push({ type: 'put', key: prefix(one.index) + one.key, value: one.item });
    }
    store.db.batch(operations, (error) => done(error ?? undefined));
  };
}
