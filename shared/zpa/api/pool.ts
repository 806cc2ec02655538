import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../../ports/ports.ts';
import { createTokenCache, type TokenCache } from '../auth/tokens.ts';
import { MAX_ANSWER_BYTES } from '../http/send-request.ts';

/** Connections of one process, one undici pool per origin; never the global dispatcher. */
export type Connections = { to(url: URL): Dispatcher; close(): Promise<void> };

/** What several clients of one process share: connections and tokens. Make it once per cold start. */
export type ZpaPool = { connections: Connections; tokens: TokenCache; close(): Promise<void> };

const CONNECTIONS_PER_ORIGIN = 8;
const CONNECT_TIMEOUT_MS = 5_000;
/** undici's own limit for an idle connection; it does not count while a Lambda is frozen, the clock does. */
const IDLE_MS = 4_000;

const openPool = (origin: string) =>
  new Pool(origin, {
    connections: CONNECTIONS_PER_ORIGIN,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveTimeout: IDLE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
    // One request, one connection: whether a write was started must stay a fact, and over h2 requests share a fate.
    allowH2: false,
  });

/**
 * A pool that rested longer than an idle connection lives is replaced: after a freeze its sockets are dead without
 * knowing it, and a write on one of them would end with an unknown outcome.
 */
function createConnections(clock: Clock): Connections {
  const open = new Map<string, { pool: Pool; usedAt: number }>();
  const retired = new Set<Promise<void>>();

  function retire(pool: Pool): void {
    const closing = pool.close().finally(() => retired.delete(closing));
    retired.add(closing);
  }

  return {
    to: ({ origin }) => {
      const known = open.get(origin);
      const usedAt = clock.now();
      const rested = known !== undefined && usedAt - known.usedAt > IDLE_MS;
      if (known !== undefined && rested) retire(known.pool);
      const pool = known === undefined || rested ? openPool(origin) : known.pool;
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

/** Close it when the process is done with ZPA; requests under way are waited for. */
export function createZpaPool(options: { clock: Clock }): ZpaPool {
  const connections = createConnections(options.clock);
  return { connections, tokens: createTokenCache(options.clock), close: () => connections.close() };
}
