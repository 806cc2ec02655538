import type { RuleList } from '../../domain/group/policy-rule.ts';
import type { Lane } from '../../domain/lane/change-ref.ts';

/**
 * A deletion of a lane that all policy rules are read for. `accepted`: the instant (epoch ms) at which it was accepted and
 * its time had come; rules of the tenant that were read since then, for whatever change, serve it as its own reading
 * would. Absent: only its own readings do.
 */
export type Deletion = { lane: Lane; id: string; accepted?: { tenant: string; at: number } | undefined };

/** The rules of one microtenant, as they were read for a deletion. */
export type ScanPart = {
  microtenantId: string;
  /** The instant before they were read, in epoch ms. */
  at: number;
  /** How often their reading was begun, and ended or was interrupted by the end of an invocation. */
  readings: number;
  /** undefined: they were not read to the end, or do not fit into the store. */
  list: RuleList | undefined;
};

/**
 * Keeps the progress of a scan. A scan may take longer than an invocation, and the next one may be another process. A part
 * may be gone at any time; then it is read anew.
 */
export type ScanPartStore = {
  read(deletion: Deletion, microtenantId: string): Promise<ScanPart | undefined>;
  /** Replaces the part; `keptUntil`: nobody needs it after that instant. */
  write(deletion: Deletion, part: ScanPart, keptUntil: number): Promise<void>;
};

/** For a process that has no store: its parts end with it. */
export function createProcessScanParts(): ScanPartStore {
  const parts = new Map<string, { part: ScanPart; keptUntil: number }>();
  const keyOf = ({ lane, id }: Deletion, microtenantId: string) => JSON.stringify([lane, id, microtenantId]);
  return {
    read: async (deletion, microtenantId) => parts.get(keyOf(deletion, microtenantId))?.part,
    async write(deletion, part, keptUntil) {
      for (const [key, one] of parts) if (one.keptUntil < part.at) parts.delete(key);
      parts.set(keyOf(deletion, part.microtenantId), { part, keptUntil });
    },
  };
}
