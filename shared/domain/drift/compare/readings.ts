import type { Application, GroupReading } from '../../group/group.ts';
import type { ReadFailure } from '../drift.ts';

/** A listed object that cannot be parsed; `id` and `name` as far as they can be read. */
type UnreadableItem = { id?: string; name?: string; why: string };

/** The part of a tenant that one list covers: a microtenant, or (undefined) all that the tenant's client can read. */
type Scope = { tenant: string; microtenantId: string | undefined };

/** One listing of groups. */
export type GroupListing = Scope & {
  result: { groups: GroupReading[] } | { failure: ReadFailure };
  /** Of these nothing can be said; the rest of the listing is complete. */
  unreadable?: readonly UnreadableItem[];
};

/** One listing of application segments, read after the groups. */
export type ApplicationListing = Scope & {
  result: { applications: Application[] } | { failure: ReadFailure };
  /** Of these it is only known that they exist. */
  unreadable?: readonly UnreadableItem[];
};

/**
 * The read by id of a group that its listing lacked: a group that moved between pages while they were read is not
 * absent.
 */
export type AbsenceCheck = { groupId: string; result: 'absent' | { group: GroupReading } | { failure: ReadFailure } };

/** True if a list of this scope holds what is in a microtenant. */
export const covers = (scope: Pick<Scope, 'microtenantId'>, microtenantId: string): boolean =>
  scope.microtenantId === undefined || scope.microtenantId === microtenantId;
