import type { IgnoreList } from '../domain/drift/ignores.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import type { Written } from './ports.ts';

/** Ignores of drift findings, one record per lane of the ledger's table. Reads are consistent, writes as `Ledger.writeChange`. */
export type Ignores = {
  /** Version 0 and no entry before the first write. */
  read(lane: Lane): Promise<IgnoreList>;
  write(list: IgnoreList, expected: number): Promise<Written<IgnoreList>>;
};
