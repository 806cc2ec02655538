import type { Writer } from '../report.ts';
import type { Comparison } from './subject.ts';

/** A change is settled after its last write, once a read has shown it; ZPA's clock may differ by minutes. */
const WRITTEN_BEFORE_MS = 600_000;
const CLOCKS_DIFFER_MS = 300_000;

type NameWriter = (seen: Pick<Writer, 'id' | 'at' | 'of'>, fitsLedger: boolean) => Writer;

/**
 * Reads the writer from ZPA's stamp. A write of the ledger has both its API client and its time: others may use the same
 * credentials.
 */
export function writerReader({ nameWriter }: { nameWriter: NameWriter }, ourWriters: readonly string[]) {
  const ours = new Set(ourWriters);
  const writerOf: Comparison['writerOf'] = (stamp, of, settledAt) => {
    const id = stamp?.modifiedBy;
    if (id === undefined) return undefined;
    const ms = stamp?.modifiedTime === undefined ? undefined : stamp.modifiedTime * 1000;
    const fits = (at: number) => ms !== undefined && ms >= at - WRITTEN_BEFORE_MS && ms <= at + CLOCKS_DIFFER_MS;
    return nameWriter({ id, ...instantOf(ms), of }, ours.has(id) && settledAt.some(fits));
  };
  return writerOf;
}

/** ZPA's stamp comes from outside, and not every number is an instant. */
function instantOf(ms: number | undefined): { at?: string } {
  return ms === undefined || Math.abs(ms) > MAX_INSTANT ? {} : { at: new Date(ms).toISOString() };
}

/** The last instant a JavaScript Date can represent (ECMA-262, "Time Values and Time Range"). */
const MAX_INSTANT = 8.64e15;
