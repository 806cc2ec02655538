import type { Quirks } from './behaviour/chosen-quirks.ts';
import type { Faults } from './behaviour/faults.ts';
import type { RateLimits } from './behaviour/rate-limits.ts';
import type { CallLog } from './call-log.ts';
import type { Console } from './console/console.ts';
import type { CredentialInput } from './tenant/seed.ts';
import type { TenantView } from './tenant/shelves.ts';
import type { WorldSnapshot } from './tenant/store.ts';

/** The simulator's interface for tests; the control endpoint offers the same to other processes. */
export type Control = {
  /** Ids of the customers served; the first is the default of `store`. */
  customers: string[];
  /** Edits by another administrator, past HTTP. */
  store: Console;
  storeOf(customerId: string, admin?: string): Console;
  /** Read-only look at a customer's documents; undefined for one that is not served. */
  view(customerId: string): TenantView | undefined;
  log: CallLog;
  faults: Faults;
  quirks: Quirks;
  limits: RateLimits;
  /** The ids of the only objects whose reads lag from the next write on (quirk `read-lag`); undefined: all. */
  lagOnly(ids: readonly string[] | undefined): void;
  /** Every token issued so far is refused from now on. */
  expireTokens(): void;
  addCredential(credential: CredentialInput): void;
  /** Back to the seed; log, faults, limits, quirks and lag too. Tokens stay. */
  reset(): void;
  snapshot(): WorldSnapshot;
  restore(snapshot: WorldSnapshot): void;
};
