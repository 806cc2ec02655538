import { watchActivity } from './activity.ts';
import type { OnActivity } from './await-settled.ts';

/** Requests that change nothing; every other request may. Receiving hides a message, so it counts as a change. */
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

/** Calls back after each answer by one of these servers to a request that may have changed something. */
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
