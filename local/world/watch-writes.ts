import { watchActivity } from './activity.ts';
import type { OnActivity } from './await-settled.ts';

/** Requests that change nothing; everything else may have. Receiving hides a message: somebody took it up. */
const READS = new Set([
  'GetItem',
  'Query',
  'Scan',
  'GetSecretValue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'GET',
  'HEAD',
]);

/** Tells whenever a request that may have changed something was answered by one of these servers of this process. */
export function watchWrites(urls: readonly string[]): { onActivity: OnActivity; close(): void } {
  const listeners = new Set<() => void>();
  const ports = urls.map((url) => Number(new URL(url).port));
  const watch = watchActivity(ports, ({ operation }) => {
    if (READS.has(operation)) return;
    for (const listener of listeners) listener();
  });
  return {
    onActivity(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => watch.close(),
  };
}
