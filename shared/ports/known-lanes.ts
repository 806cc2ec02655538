import type { Lane } from '../domain/lane/change-ref.ts';
import type { Versioned } from '../domain/records/versioned.ts';
import type { Written } from './ports.ts';

/**
 * Every lane that a tenant had, and every ticket system's name that a source had, when a change was accepted. Both are stored before
 * that change is.
 */
export type LaneList = Versioned & {
  lanes: { tenant: string; lane: Lane }[];
  /** Absent from lists of earlier versions. */
  sources?: { source: string; system: string }[] | undefined;
};

/** Stores lanes and sources beyond their configuration, in the ledger's table. Reads are consistent, writes as `Ledger.writeChange`. */
export type KnownLanes = {
  /** Version 0 and no lane before the first write. */
  read(): Promise<LaneList>;
  write(list: LaneList, expected: number): Promise<Written<LaneList>>;
};
