import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../../ports/ports.ts';
import { createTokenCache, type TokenCache } from '../auth/tokens.ts';
import { MAX_ANSWER_BYTES } from '../http/send-request.ts';

/** The connections of one process: one undici pool per origin. The global dispatcher is not used. */
export type Connections = { to(url: URL): Dispatcher; close(): Promise<void> };

/** Connections and tokens that several clients of one process share. Create it once per cold start. */
export type ZpaPool = { connections: Connections; tokens: TokenCache; close(): Promise<void> };

const CONNECTIONS_PER_ORIGIN = 8;
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * undici closes a connection after being idle this long. Its timer stops while a Lambda is frozen; the clock does not.
 */
const IDLE_MS = 4_000;

const openPool = (origin: string, idleMs: number) =>
  new Pool(origin, {
    connections: CONNECTIONS_PER_ORIGIN,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveTimeout: idleMs,
    maxResponseSize: MAX_ANSWER_BYTES,
    // HTTP/2 is off: requests would share a connection and fail together, and it would no longer be certain whether a
    // write was started.
    allowH2: false,
  });

/**
 * Replaces a pool that was unused for longer than the idle limit. After a freeze of the Lambda its sockets may be
 * closed by the peer without notice, and a write on one of them would end with an unknown outcome.
 */
function createConnections(clock: Clock, idleMs: number): Connections {
  const open = new Map<string, { pool: Pool; usedAt: number }>();
  const retired = new Set<Promise<void>>();

  function retire(pool: Pool): void {
    const closing = pool.close().finally(() => retired.delete(closing));
    retired.add(closing);
  }

  return {
    to: ({ origin }) => {
      const entry = open.get(origin);
      const usedAt = clock.now();
      const isStale = entry !== undefined && usedAt - entry.usedAt > idleMs;
      if (entry !== undefined && isStale) retire(entry.pool);
      const pool = entry === undefined || isStale ? openPool(origin, idleMs) : entry.pool;
      open.set(origin, { pool, usedAt });
      return pool;
    },
    close: async () => {
      for (const { pool } of open.values()) retire(pool);
      open.clear();
      await Promise.all(retired);
    },
  };
}

/**
 * Creates the shared pool. `close` waits for requests under way. `waitsMs`: how long a client that only reads waits between
 * two calls; it keeps its connections that much longer, because a read that meets a closed one is repeated.
 */
export function createZpaPool({ clock, waitsMs = 0 }: { clock: Clock; waitsMs?: number }): ZpaPool {
  const connections = createConnections(clock, IDLE_MS + waitsMs);
  return { connections, tokens: createTokenCache(clock), close: () => connections.close() };
}
