import type { Versioned } from '../domain/records/versioned.ts';
import type { Written } from './ports.ts';

/** The latest withdrawal that a source told of one of its tickets. `at`, `keptUntil`: epoch ms. */
export type Withdrawal = Versioned & { source: string; ticketId: string; at: number; keptUntil: number };

/** Stores withdrawals, one record per ticket of a source. Both methods reject with code `ledger-unavailable`. */
export type Withdrawals = {
  read(source: string, ticketId: string): Promise<Withdrawal | undefined>;
  write(withdrawal: Withdrawal, expected: number): Promise<Written<Withdrawal>>;
};
