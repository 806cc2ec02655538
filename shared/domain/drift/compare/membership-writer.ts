import type { GroupReading } from '../../group/group.ts';
import type { Approver } from '../../records/desired-group.ts';
import type { Writer } from '../report.ts';
import { type Comparison, groupWriter, type Stamp } from './subject.ts';

type Membership = {
  /** Of the application segment. */
  stamp: Stamp | undefined;
  /** Instants at which changes were settled that name it. */
  settledAt: readonly number[];
  /** The change that the membership departs from. */
  approver: Approver | undefined;
  /** The groups that it left and joined. */
  groups: readonly GroupReading[];
};

/**
 * The writer of a membership that is not as approved: of the application segment, unless its last write came before the
 * approval, or was ours. Then a write of a group took it out or in, which need not move the stamp of the application segment:
 * the newest stamp of a group counts, if it is newer than the approval and not ours.
 */
export function membershipWriter(
  comparison: Comparison,
  { stamp, settledAt, approver, groups }: Membership,
): Writer | undefined {
  const own = comparison.writerOf(stamp, 'application', settledAt);
  const written = stamp?.modifiedTime;
  if (own === undefined || written === undefined || approver === undefined) return own;
  const approved = Math.floor(approver.at / 1000);
  if (written >= approved && own.kind !== 'own') return own;
  const [newest] = groups
    .flatMap((group) => (group.modifiedTime === undefined ? [] : [{ group, at: group.modifiedTime }]))
    .filter(({ at }) => at >= approved && at > written)
    .toSorted((a, b) => b.at - a.at);
  if (newest === undefined) return own;
  const desired = comparison.desired.find(({ groupId }) => groupId === newest.group.id);
  const { writer } = groupWriter(comparison, newest.group, desired);
  return writer === undefined || writer.kind === 'own' ? own : writer;
}
