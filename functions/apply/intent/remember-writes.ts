import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { groupAfterWrite, microtenantOf, writtenGroups } from '../../../shared/domain/intent/intent-writes.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { withGroupRead, withHomes, withWrite } from '../../../shared/domain/records/remember-groups.ts';
import type { LaneHold } from '../lane/lane-hold.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import { rememberSeen, seenNow } from '../lane/refuse-older-reads.ts';

/** Remembers the writes of an intent from `from` to its cursor: a read of their groups as they were before is older. */
export function rememberWrites(hold: LaneHold, intent: Intent, from = 0): void {
  const now = hold.ports.clock.now();
  let seen = seenNow(hold);
  for (const planned of intent.writes.slice(from, intent.cursor)) {
    seen = [...withWrite(seen, planned, groupAfterWrite(planned), intent.createdId, now)];
  }
  rememberSeen(hold.session, seen);
}

/** Remembers the groups of an intent as a listing that is not older has shown its result. */
export function rememberShown(hold: LaneHold, intent: Intent, live: ReadonlyMap<string, SegmentGroup>): void {
  let seen = seenNow(hold);
  for (const { groupId } of writtenGroups(intent)) {
    const group = live.get(groupId);
    if (group !== undefined) seen = [...withGroupRead(seen, group, microtenantOf(intent), hold.ports.clock.now())];
  }
  rememberSeen(hold.session, seen);
  rememberHomes(hold.session, intent, live);
}

/** Remembers which applications the intent has moved, as far as they show; by default all of them. */
export function rememberHomes(
  session: LaneSession,
  intent: Intent,
  live: ReadonlyMap<string, SegmentGroup | null> = expectedOf(intent),
): void {
  rememberSeen(session, withHomes(session.lane().seen ?? [], intent, live));
}

const expectedOf = (intent: Intent) =>
  new Map(writtenGroups(intent).map(({ groupId, expected }) => [groupId, expected]));
