import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Evaluate } from '../../shared/domain/mapping/map-by-expression.ts';
import type { PlanStore } from '../../shared/ports/plan-store.ts';
import type { Clock, Log, Meter, Zpa } from '../../shared/ports/ports.ts';
import type { TicketReader, TicketWriter } from '../../shared/ports/ticket-system.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';
import type { RuleReadings } from '../../shared/reading/read-rules.ts';

/** The plan function reads ZPA and comments on tickets; it writes plans, and no change or queue. */
export type PlanPorts = {
  configuration: Configuration;
  tickets: {
    /** undefined: its tickets cannot be read back. */
    readerOf(source: string, signal?: AbortSignal): TicketReader | undefined;
    /** undefined: its tickets cannot be commented on. */
    writerOf(source: string, signal?: AbortSignal): TicketWriter | undefined;
  };
  /** A tenant's read-only client, its calls limited to the budget that all deployed readers share. */
  zpaOf(tenant: string): Zpa;
  /** Cached between plans, because reading rules is most of the cost of a plan. */
  ruleReadings: RuleReadings;
  catalogs: Pick<CatalogStore, 'read'>;
  plans: Pick<PlanStore, 'latest' | 'putLatest' | 'bind'>;
  evaluate: Evaluate;
  clock: Clock;
  timing: PlanTiming;
  log: Log;
  meter: Meter;
};

export type PlanTiming = {
  /** From the request until the first comment on the ticket, with the plan so far. */
  firstCommentMs: number;
  /** Reserved at the end of an invocation for commenting and storing the plan. */
  closingMs: number;
  /** How long a plan is stored for the approval of its ticket. */
  planKeptMs: number;
  /** Pauses before another attempt at ZPA or the ticket system. */
  pausesMs: readonly number[];
};

/** A comment within 30 s (docs/plans.md): 25 for reading, the rest for the ticket system and a cold start. */
export const PLAN_TIMING: PlanTiming = {
  firstCommentMs: 22_000,
  closingMs: 20_000,
  planKeptMs: 90 * 24 * 60 * 60 * 1000,
  pausesMs: [1000, 4000],
};
