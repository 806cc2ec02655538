import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Evaluate } from '../../shared/domain/mapping/map-by-expression.ts';
import type { PlanStore } from '../../shared/ports/plan-store.ts';
import type { Clock, Log, Meter, Zpa } from '../../shared/ports/ports.ts';
import type { TicketReader, TicketWriter } from '../../shared/ports/ticket-system.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';
import type { RuleReadings } from '../../shared/reading/read-rules.ts';

export type PlanPorts = {
  configuration: Configuration;
  tickets: {
    /** undefined: its tickets cannot be read back. */
    readerOf(source: string, signal?: AbortSignal): TicketReader | undefined;
    /** undefined: nothing can be said on its tickets. */
    writerOf(source: string, signal?: AbortSignal): TicketWriter | undefined;
  };
  /** A tenant's read-only client, its calls held to what all deployed readers share. */
  zpaOf(tenant: string): Zpa;
  /** Kept between plans: reading rules is most of what a plan costs. */
  ruleReadings: RuleReadings;
  catalogs: Pick<CatalogStore, 'read'>;
  plans: Pick<PlanStore, 'latest' | 'keep' | 'bind'>;
  evaluate: Evaluate;
  clock: Clock;
  timing: PlanTiming;
  log: Log;
  meter: Meter;
};

export type PlanTiming = {
  /** From the request until something stands on the ticket, whatever is known by then. */
  firstCommentMs: number;
  /** Kept at the end of an invocation for saying and keeping what was planned. */
  closingMs: number;
  /** How long an approved change finds the plan that was made of it. */
  planKeptMs: number;
  /** Pauses before another try at ZPA or the ticket system. */
  pausesMs: readonly number[];
};

/** A comment within 30 s (docs/plans.md): 25 for reading, the rest for the ticket system and a cold start. */
export const PLAN_TIMING: PlanTiming = {
  firstCommentMs: 22_000,
  closingMs: 20_000,
  planKeptMs: 90 * 24 * 60 * 60 * 1000,
  pausesMs: [1000, 4000],
};
