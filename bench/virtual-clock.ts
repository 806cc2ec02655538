import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { stat } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../shared/ports/ports.ts';

/**
 * So many looks in a row find no request under way and none that came or went. Each of them waits for a thread of Node
 * and for a timer, so that an answer which is being decompressed is not taken for a pause, however busy the machine is.
 */
const IDLE_LOOKS = 20;

type Sleeper = { at: number; wake: () => void };

/**
 * Virtual time for functions, queue and ZPA in one process. Work takes none of it: whenever everything that can run has run,
 * the clock jumps to the next sleeper. What somebody waits for because of ZPA takes as long as in production, and the
 * bench does not wait for it.
 */
export function createVirtualClock(start: number): { clock: Clock; close(): void } {
  let now = start;
  let closed = false;
  const sleepers = new Set<Sleeper>();
  const requests = countRequests();

  async function isIdle(): Promise<boolean> {
    const seen = requests.seen();
    for (let look = 0; look < IDLE_LOOKS; look += 1) {
      await wait(1);
      await stat('.');
      if (requests.underWay() > 0 || requests.seen() !== seen) return false;
    }
    return true;
  }

  async function keepTime(): Promise<void> {
    while (!closed) {
      if (!(await isIdle()) || sleepers.size === 0) continue;
      now = Math.max(now, Math.min(...[...sleepers].map(({ at }) => at)));
      for (const due of sleepers) {
        if (due.at > now) continue;
        sleepers.delete(due);
        due.wake();
      }
    }
  }
  void keepTime();

  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (ms <= 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: now + ms, wake: resolve };
    const abort = () => {
      sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    sleepers.add(sleeper);
    signal?.addEventListener('abort', abort, { once: true });
    await promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  return {
    clock: { now: () => now, sleep },
    close() {
      closed = true;
      requests.close();
    },
  };
}

/**
 * Counts the requests that this process has sent and that are not answered: those of the SDK by HTTP, those to ZPA by
 * undici.
 */
function countRequests() {
  const underWay = new Set<unknown>();
  let seen = 0;
  const begin = (request: unknown) => {
    seen += 1;
    underWay.add(request);
  };
  const end = (request: unknown) => {
    seen += 1;
    underWay.delete(request);
  };
  const ofSdk = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    // A poll of a queue waits for the clock itself.
    if (String(request.getHeader('x-amz-target')).endsWith('.ReceiveMessage')) return;
    begin(request);
    request.once('close', () => end(request));
  };
  const requestOf = (message: unknown) => (message as { request: unknown }).request;
  const ofZpa = (message: unknown) => begin(requestOf(message));
  const answered = (message: unknown) => end(requestOf(message));
  const channels = {
    'http.client.request.start': ofSdk,
    'undici:request:create': ofZpa,
    'undici:request:trailers': answered,
    'undici:request:error': answered,
  };
  for (const [name, act] of Object.entries(channels)) subscribe(name, act);
  return {
    underWay: () => underWay.size,
    /** How many began or ended so far. */
    seen: () => seen,
    close: () => {
      for (const [name, act] of Object.entries(channels)) unsubscribe(name, act);
    },
  };
}
