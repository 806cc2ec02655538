import { isSameSet } from '../../shared/domain/ledger/change-set.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import { shareObjects, type Touching } from '../../shared/domain/ledger/shared-objects.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { SweepPorts } from './ports.ts';

/** A change that was due and not released, by the place where it waits; `request` is absent if it cannot be read. */
export type Unreleased = { place: number; request?: Touching | undefined };

/**
 * One lane in one sweep. `failures`: steps that failed; `unreleased`: changes that were due, or may be, and were not
 * released.
 */
export type LaneSweep = { failures: number; unreleased: Unreleased[] };

/**
 * Does one step for a change. An error is logged and counted in `sweep`: one change that fails every
 * minute must not hold back the lane behind it. Answers undefined then.
 */
export async function attempt<T>(
  { log, meter }: Pick<SweepPorts, 'log' | 'meter'>,
  record: ChangeRecord,
  sweep: LaneSweep,
  step: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    sweep.failures += 1;
    log.error('change could not be swept', { ...record.ref, error });
    meter.count('SweepChangeFailed', 1, { lane: record.ref.lane });
    return undefined;
  }
}

/**
 * True if the order of effects forbids a release: a change of its set, or about its objects, or one of which nobody can
 * tell what it is about, was due before and not released.
 */
export function mustFollow(record: ChangeRecord, { unreleased }: LaneSweep): boolean {
  return unreleased.some(({ place, request }) => {
    if (place >= openPlace(record)) return false;
    return request === undefined || isSameSet(request, record) || shareObjects(request, record);
  });
}
