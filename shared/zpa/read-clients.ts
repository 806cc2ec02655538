import { type Configuration, secretNames } from '../domain/configuration/configuration.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import { type Lane, laneName } from '../domain/lane/change-ref.ts';
import { READS_PER_SIDE } from '../domain/ledger/shared-read-budget.ts';
import type { Timing } from '../domain/ledger/timing.ts';
import type { Clock, RateLimiter, SecretReader, Zpa } from '../ports/ports.ts';
import type { SeenListStore } from '../ports/seen-lists.ts';
import { createZpaPool } from './api/pool.ts';
import { createBudgetLimiter } from './budget-limiter.ts';
import { createZpa } from './client.ts';
import { ZpaError } from './http/zpa-error.ts';

export type ReadClients = {
  /** The tenant's client with its `read` credential. Tenants of one customer share one budget. */
  zpaOf: (tenant: string) => Zpa;
  close(): Promise<void>;
};

/** Creates clients that only read, one per tenant and process. */
export function createReadClients(options: {
  configuration: Configuration;
  secrets: SecretReader;
  clock: Clock;
  seenLists: SeenListStore;
  timing: Pick<Timing, 'budgetWindowMs' | 'requestTimeoutMs'>;
  /** The limiter that a lane's reads wait for; by default each lane gets a limiter of this process. */
  limiterOf?: (lane: Lane) => RateLimiter;
  /** Those of the clients that this process had before, by which it keeps to the same windows and silences. */
  limiters?: Map<Lane, RateLimiter>;
}): ReadClients {
  const { configuration, secrets, clock, seenLists, timing, limiters = new Map<Lane, RateLimiter>() } = options;
  const pool = createZpaPool({ clock, waitsMs: timing.budgetWindowMs });
  const limits = { reads: READS_PER_SIDE, writes: 0, windowMs: timing.budgetWindowMs };
  const limiterOf = options.limiterOf ?? (() => createBudgetLimiter({ limits, clock }));
  const clients = new Map<string, Zpa>();

  function createClient(name: string): Zpa {
    const tenant = lookup(configuration.tenants, name);
    if (tenant === undefined) throw new ZpaError(`tenant "${name}" is not configured`, { code: 'secret-missing' });
    const lane = laneName(tenant);
    const limiter = limiters.get(lane) ?? limiterOf(lane);
    limiters.set(lane, limiter);
    const secret = secretNames.zpa(configuration.name, name, 'read');
    const readSecret = (how?: { fresh?: boolean }) => secrets.read(secret, how);
    const { requestTimeoutMs } = timing;
    return createZpa({ tenant, readSecret, limiter, clock, seenLists, requestTimeoutMs, pool });
  }

  return {
    zpaOf: (name) => {
      const client = clients.get(name) ?? createClient(name);
      clients.set(name, client);
      return client;
    },
    close: () => pool.close(),
  };
}
