import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord, Stopped } from '../../../shared/domain/records/lane-record.ts';
import { shares } from './choose-step.ts';

/**
 * Rules for changes that wait while others of their lane go on, in ledger order among themselves: those of stopped tenants
 * (docs/architecture.md#fault-attribution), and those behind a record that cannot be read (docs/architecture.md#acceptance).
 */

/** The changes that wait, and all others that may share a group, name, application or set with one of them before. */
function heldWith(open: readonly ChangeRecord[], waits: (record: ChangeRecord) => boolean): ReadonlySet<ChangeRecord> {
  const held = new Set<ChangeRecord>();
  for (const record of open) {
    if (waits(record) || [...held].some((before) => shares(before, record))) held.add(record);
  }
  return held;
}

/** The changes of these tenants, and what may depend on them. `open`: in lane order. */
export const heldBack = (open: readonly ChangeRecord[], tenants: readonly string[]): ReadonlySet<ChangeRecord> =>
  heldWith(open, ({ change }) => tenants.includes(change.tenant));

/** An open change that cannot be read, as far as others have to wait for it. */
export type Unread = { place: number; request?: Pick<ChangeRecord, 'ref' | 'change'> | undefined };

/**
 * The changes that must not overtake one that cannot be read: those behind it that share something with it, and what may depend on
 * them; all behind it if nobody can tell what it is about. A scheduled one has no place yet; the sweeper lets nothing overtake it.
 */
export const heldBehind = (open: readonly ChangeRecord[], unread: readonly Unread[]): ReadonlySet<ChangeRecord> =>
  heldWith(open, (record) =>
    unread.some(({ place, request }) => place < record.sequence && (request === undefined || shares(request, record))),
  );

/** The stopped tenants that have no open change left: no call of theirs will end the stop. */
export function stoppedForNothing({ stopped }: LaneRecord, open: readonly ChangeRecord[]): string[] {
  return stopped?.tenants?.filter((tenant) => !open.some(({ change }) => change.tenant === tenant)) ?? [];
}

/** The stop that is left once ZPA has answered these tenants, or they have nothing open. */
export function afterAnswer({ stopped }: LaneRecord, ...done: string[]): { stopped: Stopped | undefined } {
  const tenants = stopped?.tenants?.filter((tenant) => !done.includes(tenant)) ?? [];
  return { stopped: stopped !== undefined && tenants.length > 0 ? { ...stopped, tenants } : undefined };
}
