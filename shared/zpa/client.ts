import type { TenantConfiguration } from '../domain/configuration/configuration.ts';
import { TIMING } from '../domain/ledger/timing.ts';
import type { Clock, RateLimiter, Zpa } from '../ports/ports.ts';
import { createApplicationReads } from './api/applications.ts';
import { type Caller, createCaller } from './api/call.ts';
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
  /** What every call waits for before it is sent. */
  limiter: RateLimiter;
  clock: Clock;
  /** Of one exchange, answer included; waiting for budget and token is not counted. */
  requestTimeoutMs?: number;
  /** Shared connections and tokens; without it the client has its own, whose idle sockets hold no process open. */
  pool?: ZpaPool;
};

/** One ZPA tenant, as the port says. */
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
      // The legacy token endpoint is on the API's own host. It has a place among the reads, which every budget has, so
      // that not even sign-ins come faster than the budget.
      const answered = at.auth === 'legacy' ? await takePlaceFor(limiter) : undefined;
      try {
        return await signIn(dispatcher, at, credential, { now: clock.now(), timeoutMs: requestTimeoutMs });
      } finally {
        answered?.();
      }
    },
  });
  const { customerId } = tenant;
  const { connections } = pool;
  const caller: Caller = createCaller({ endpoints, customerId, connections, tokens, limiter, clock, requestTimeoutMs });
  return {
    ...createGroupReads(caller),
    ...createApplicationReads(caller),
    ...createMicrotenantReads(caller),
    ...createRuleScan(caller),
    write: createGroupWriter(caller),
  };
}

async function takePlaceFor(limiter: RateLimiter): Promise<() => void> {
  try {
    return await limiter.take('read');
  } catch (cause) {
    throw new ZpaError('POST sign-in: not sent (no-budget)', { code: 'no-budget' }, { cause });
  }
}
