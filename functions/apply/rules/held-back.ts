import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord, Stopped } from '../../../shared/domain/records/lane-record.ts';
import { shares } from './choose-step.ts';

/**
 * Rules for a lane of several tenants of which some are stopped (docs/architecture.md#fault-attribution): the changes of the
 * others go on, in ledger order among themselves.
 */

/** The changes of these tenants, and all others that may share a group, name, application or set with one of them before. */
export function heldBack(open: readonly ChangeRecord[], tenants: readonly string[]): ReadonlySet<ChangeRecord> {
  const held = new Set<ChangeRecord>();
  for (const record of open) {
    const waits = tenants.includes(record.change.tenant) || [...held].some((before) => shares(before, record));
    if (waits) held.add(record);
  }
  return held;
}

/** The stopped tenants that have no open change left: no call of theirs will end the stop. */
export function stoppedForNothing({ stopped }: LaneRecord, open: readonly ChangeRecord[]): string[] {
  return stopped?.tenants?.filter((tenant) => !open.some(({ change }) => change.tenant === tenant)) ?? [];
}

/** The stop that is left once ZPA has answered these tenants, or they have nothing open. */
export function afterAnswer({ stopped }: LaneRecord, ...done: string[]): { stopped: Stopped | undefined } {
  const tenants = stopped?.tenants?.filter((tenant) => !done.includes(tenant)) ?? [];
  return { stopped: stopped !== undefined && tenants.length > 0 ? { ...stopped, tenants } : undefined };
}
