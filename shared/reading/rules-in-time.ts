import type { Configuration } from '../domain/configuration/configuration.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import type { Timing } from '../domain/ledger/timing.ts';
import { laneLimits } from './lane-limits.ts';
import { reachFault, ScanTooLongError, scanFault, scannedMicrotenants } from './rules/scan-bound.ts';

/**
 * Rejects with the fault `scan-too-long` if the worker of this lane cannot read the rules of so many microtenants while they
 * may be relied on.
 */
export function requireScanInTime(
  configuration: Configuration,
  lane: Lane,
  timing: Timing,
  microtenantIds: readonly string[],
): void {
  const { reads } = laneLimits(configuration, lane, timing);
  const fault = scanFault(scannedMicrotenants(microtenantIds).length, reads, timing);
  if (fault !== undefined) throw new ScanTooLongError(fault);
}

/** As `requireScanInTime`, for the rules that a guard or a plan needs: those of this microtenant and of the Default one. */
export function requireReachInTime(
  configuration: Configuration,
  lane: Lane,
  timing: Timing,
  microtenantId: string,
): void {
  const { reads } = laneLimits(configuration, lane, timing);
  const fault = reachFault(scannedMicrotenants([microtenantId]).length, reads, timing);
  if (fault !== undefined) throw new ScanTooLongError(fault);
}
