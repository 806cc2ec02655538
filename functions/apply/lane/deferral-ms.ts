import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type { LaneEnd } from './ports.ts';

/** For how long the messages of a lane are hidden after this end; 0: they return at once. */
export function deferralMs({ deferMinMs, deferMaxMs }: Timing, end: LaneEnd): number {
  return end.kind === 'wait' ? Math.min(Math.max(end.delayMs, deferMinMs), deferMaxMs) : 0;
}
