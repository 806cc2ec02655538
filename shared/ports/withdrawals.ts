import type { Versioned } from '../domain/records/versioned.ts';
import type { Written } from './ports.ts';

/**
 * The latest withdrawal of a ticket. `system`: its ticket system, by the one spelling of `systemName`;
 * `source`: the one that told it; `at`: before its ticket was read; `markedAt`: after that; `keptUntil` (epoch ms all).
 */
export type Withdrawal = Versioned & {
  system: string;
  source: string;
  ticketId: string;
  at: number;
  markedAt: number;
  keptUntil: number;
};

/** Stores withdrawals, one record per ticket of a system, whose sources may be renamed. Both methods reject with code `ledger-unavailable`. */
export type Withdrawals = {
  read(system: string, ticketId: string): Promise<Withdrawal | undefined>;
  write(withdrawal: Withdrawal, expected: number): Promise<Written<Withdrawal>>;
};
