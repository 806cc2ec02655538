import type { TenantConfiguration } from '../domain/configuration/configuration.ts';
import { laneName } from '../domain/lane/change-ref.ts';
import { TIMING } from '../domain/ledger/timing.ts';
import type { Clock, RateLimiter, Zpa } from '../ports/ports.ts';
import type { SeenListStore } from '../ports/seen-lists.ts';
import { createApplicationReads } from './api/applications.ts';
import { type Caller, createCaller } from './api/call.ts';
import { createListMemory } from './api/list-memory.ts';
import { createMicrotenantReads } from './api/microtenants.ts';
import { createRuleScan } from './api/policy-rules.ts';
import { createZpaPool, type ZpaPool } from './api/pool.ts';
import { createGroupReads } from './api/segment-groups.ts';
import { createGroupWriter } from './api/write-group.ts';
import { endpointsOf } from './auth/clouds.ts';
import { signIn } from './auth/sign-in.ts';
import { createTokenSource, type ReadSecret, type TokenSource } from './auth/tokens.ts';
import { ZpaError } from './http/zpa-error.ts';

export type ZpaOptions = {
  tenant: Pick<TenantConfiguration, 'cloud' | 'auth' | 'vanity' | 'endpoint' | 'customerId'>;
  /** Text of the tenant's secret: `{"clientId","clientSecret"}` or `{"clientId","privateKey"}`, as JSON. */
  readSecret: ReadSecret;
  /** Every call waits for this limiter before it is sent. */
  limiter: RateLimiter;
  clock: Clock;
  /** Remembers which lists held entries, so that a list which ZPA does not find is not taken for one never bought. */
  seenLists: SeenListStore;
  /** Time for one request and its whole answer; waiting for budget and token is not counted. */
  requestTimeoutMs?: number;
  /** Shared connections and tokens. Without it the client creates its own; their idle sockets keep no process alive. */
  pool?: ZpaPool;
};

/** Creates the client of one ZPA tenant, as the port `Zpa` requires. */
export function createZpa(options: ZpaOptions): Zpa {
  const { tenant, limiter, clock, requestTimeoutMs = TIMING.requestTimeoutMs } = options;
  const pool = options.pool ?? createZpaPool({ clock });
  const endpoints = endpointsOf(tenant);
  const target = { endpoints, auth: tenant.auth };
  const tokens: TokenSource = createTokenSource({
    target,
    readSecret: options.readSecret,
    cache: pool.tokens,
    signIn: async (at, credential) => {
      const dispatcher = pool.connections.to(new URL(at.endpoints.token));
      // The legacy token endpoint is on the API's host, so a sign-in counts as a read; every budget allows reads.
      const releaseBudget = at.auth === 'legacy' ? await waitForReadBudget(limiter) : undefined;
      try {
        return await signIn(dispatcher, at, credential, { now: clock.now(), timeoutMs: requestTimeoutMs });
      } finally {
        releaseBudget?.();
      }
    },
  });
  const { customerId } = tenant;
  const { connections } = pool;
  const caller: Caller = createCaller({ endpoints, customerId, connections, tokens, limiter, clock, requestTimeoutMs });
  const memory = createListMemory(options.seenLists, laneName(tenant));
  return {
    ...createGroupReads(caller),
    ...createApplicationReads(caller),
    ...createMicrotenantReads(caller, memory),
    ...createRuleScan(caller, memory),
    write: createGroupWriter(caller),
    clientKey: tokens.clientKey,
  };
}

async function waitForReadBudget(limiter: RateLimiter): Promise<() => void> {
  try {
    return await limiter.take('read');
  } catch (cause) {
    throw new ZpaError('POST sign-in: not sent (no-budget)', { code: 'no-budget' }, { cause });
  }
}
