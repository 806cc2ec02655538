import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../ports.ts';
import { MAX_ANSWER_BYTES } from './exchange.ts';
import { createTokenCache, type TokenCache } from './tokens.ts';

/** Connections of one process, one undici pool per origin; never the global dispatcher. */
export type Connections = { to(url: URL): Dispatcher; close(): Promise<void> };

/** What several clients of one process share: connections and tokens. Make it once per cold start. */
export type ZpaPool = { connections: Connections; tokens: TokenCache; close(): Promise<void> };

const CONNECTIONS_PER_ORIGIN = 8;
const CONNECT_TIMEOUT_MS = 5_000;

function createConnections(): Connections {
  const pools = new Map<string, Pool>();
  const open = (origin: string) => {
    const pool = new Pool(origin, {
      connections: CONNECTIONS_PER_ORIGIN,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxResponseSize: MAX_ANSWER_BYTES,
      // One request, one connection: whether a write was started must stay a fact, and h2 would share a fate.
      allowH2: false,
    });
    pools.set(origin, pool);
    return pool;
  };
  return {
    to: (url) => pools.get(url.origin) ?? open(url.origin),
    close: async () => {
      const closing = [...pools.values()].map((pool) => pool.close());
      pools.clear();
      await Promise.all(closing);
    },
  };
}

/** Close it when the process is done with ZPA; requests under way are waited for. */
export function createZpaPool(options: { clock: Clock }): ZpaPool {
  const connections = createConnections();
  return { connections, tokens: createTokenCache(options.clock), close: () => connections.close() };
}
