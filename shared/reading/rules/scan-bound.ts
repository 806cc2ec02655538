import type { ZpaFault } from '../../domain/group/group.ts';
import type { Timing } from '../../domain/ledger/timing.ts';

/**
 * The bound of a scan of all policy rules for one deletion. No part of it may be older than some minutes when the deletion is
 * decided, so a scan that takes longer would be read anew for ever (docs/adr/0005-reach-and-its-cost.md).
 */

/** ZPA's id of the Default microtenant (help.zscaler.com, "Configuring Segment Groups Using API"). */
export const DEFAULT_MICROTENANT = '0';

/** The microtenants of a scan: the Default one is always read. */
export const scannedMicrotenants = (ids: readonly string[]): string[] => [...new Set([DEFAULT_MICROTENANT, ...ids])];

/** A scan of all rules cannot end; `fault` as a rejection of the `Zpa` port. */
export class ScanTooLongError extends Error {
  override readonly name = 'ScanTooLongError';
  readonly fault: ZpaFault;

  constructor(fault: ZpaFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

/** Reads for the rules of a microtenant: one per policy type, unless a type has more than a page of rules. */
export const READS_PER_MICROTENANT = 14;

/** The rules for the decision of a deletion may be this many times as old as those for the reach of other changes. */
const DELETION_SHARE = 3;

/** The longest time for which rules that were read for a deletion prove anything. */
export const deletionRulesMs = (rulesKeptMs: number): number => rulesKeptMs * DELETION_SHARE;

type ScanTiming = Pick<Timing, 'budgetWindowMs' | 'closingMs' | 'functionTimeoutMs' | 'rulesKeptMs'>;

/**
 * The largest number of microtenants that `reads` per rate window scan in time. Each invocation finishes whole microtenants
 * only, and the deletion itself needs one more invocation at the end.
 */
export function largestScan(reads: number, timing: ScanTiming): number {
  const invocations = Math.floor(deletionRulesMs(timing.rulesKeptMs) / timing.functionTimeoutMs) - 1;
  return perInvocation(reads, timing) * invocations;
}

function perInvocation(reads: number, { budgetWindowMs, closingMs, functionTimeoutMs }: ScanTiming): number {
  const scanMs = (READS_PER_MICROTENANT / reads) * budgetWindowMs;
  return Math.floor((functionTimeoutMs - closingMs) / scanMs);
}

/**
 * Why the rules that a guard or a plan needs cannot be read, as a fault of the change; undefined: they can. They are kept in
 * the memory of a process, so they must be read within one invocation.
 */
export function reachFault(microtenants: number, reads: number, timing: ScanTiming): ZpaFault | undefined {
  if (microtenants <= perInvocation(reads, timing)) return undefined;
  const needed = READS_PER_MICROTENANT * microtenants;
  const seconds = timing.budgetWindowMs / 1000;
  return scanTooLong(
    `the policy rules of ${countOf(microtenants)} take at least ${needed} reads, which ${reads} reads in ${seconds} seconds ` +
      'do not make within one run of the worker',
  );
}

/** Why the scan of so many microtenants cannot end in time, as a fault of the change; undefined: it can. */
export function scanFault(microtenants: number, reads: number, timing: ScanTiming): ZpaFault | undefined {
  const largest = largestScan(reads, timing);
  if (microtenants <= largest) return undefined;
  const needed = READS_PER_MICROTENANT * microtenants;
  const minutes = deletionRulesMs(timing.rulesKeptMs) / 60_000;
  const seconds = timing.budgetWindowMs / 1000;
  return scanTooLong(
    `the policy rules of ${countOf(microtenants)} take at least ${needed} reads, and ${reads} reads in ${seconds} seconds ` +
      `read those of ${largest} in the ${minutes} minutes for which they may be relied on`,
  );
}

/** The fault of a scan that did not end, though each of its parts was read `readings` times. */
export const scanNotEnded = (microtenants: number, microtenantId: string, readings: number): ZpaFault =>
  scanTooLong(
    `the policy rules of ${countOf(microtenants)} could not be read in one go: those of microtenant ${microtenantId} were ` +
      `begun ${readings} times, and were interrupted or too old each time`,
  );

const countOf = (microtenants: number) => (microtenants === 1 ? '1 microtenant' : `${microtenants} microtenants`);

const scanTooLong = (reason: string): ZpaFault => ({
  ...{ code: 'scan-too-long', class: 'permanent', scope: 'change', effect: 'none' },
  reason,
});
