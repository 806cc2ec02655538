import { describe, expect, it } from 'vitest';
import { rememberHomes, rememberShown, rememberWrites } from '../../../../functions/apply/intent/remember-writes.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { GROUP } from '../lane-world.ts';
import { groupIn, laneOf, leave, updating } from './found-intent.ts';

/** The lane knows this of the groups of an intent, beside the reads by their ids. */
async function answered() {
  const world = laneOf({ applicationIds: ['11'] });
  const write = updating(groupIn(world), { addedApps: ['12', '13'], deletedApps: ['11'] });
  const { session } = await leave(world, { writes: [write], intent: { cursor: 1 } });
  const { intent } = session.lane();
  if (intent === undefined) throw new Error('it is open');
  rememberWrites({ ports: world.ports, session }, intent);
  return {
    session,
    intent,
    show: (live: SegmentGroup[]) => rememberShown({ ports: world.ports, session }, intent, byId(live)),
  };
}
const byId = (groups: SegmentGroup[]) => new Map(groups.map((group) => [group.id, group]));
const homesOf = ({ joined, left }: { joined?: string[]; left?: string[] }) => ({ joined, left });

describe('a lane remembers of a write that ZPA has answered', () => {
  it('what a listing shows of its group: its stamp, and who has joined and left', async () => {
    const { session, show } = await answered();
    const stamp = 1_800_000_000;
    show([{ ...groupIn(laneOf({})), applicationIds: ['12'], modifiedTime: stamp }]);
    const [known] = session.lane().seen ?? [];
    expect(known).toMatchObject({ groupId: GROUP, modifiedTime: stamp, members: 1, joined: ['12'], left: ['11'] });
  });

  it('nothing more where the listing does not show its group', async () => {
    const { session, show } = await answered();
    const [before] = session.lane().seen ?? [];
    show([]);
    expect(session.lane().seen).toEqual([{ ...before, left: ['11'] }]);
  });

  it('where its applications are to be, if nobody has looked yet', async () => {
    const { session, intent } = await answered();
    rememberHomes(session, intent);
    expect((session.lane().seen ?? []).map(homesOf)).toEqual([{ joined: ['12', '13'], left: ['11'] }]);
  });
});
