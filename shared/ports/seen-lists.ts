import type { Lane } from '../domain/lane/change-ref.ts';
import type { Versioned } from '../domain/records/versioned.ts';
import type { Written } from './ports.ts';

/**
 * The lists of a ZPA customer that held an entry at any time: policy types by name, `microtenants`. `scope`: the
 * microtenant whose lists they are.
 */
export type SeenLists = Versioned & { lane: Lane; scope: string; lists: string[] };

/** Stores them in the ledger's table. Reads are consistent, writes as `Ledger.writeChange`. */
export type SeenListStore = {
  read(lane: Lane, scope: string): Promise<SeenLists | undefined>;
  write(record: SeenLists, expected: number): Promise<Written<SeenLists>>;
};
