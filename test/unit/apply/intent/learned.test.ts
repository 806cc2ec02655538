import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { anApplied } from '../../../fakes/records.ts';
import { GROUP } from '../lane-world.ts';
import { anEnding, COLLEAGUE, groupIn, type Left, laneOf, leave, OURS, updating, wroteAs } from './found-intent.ts';

const OTHER = '72057594037930002';
const knowing = (via?: 'v1' | 'v2') => ({ learned: { acme: { writer: OURS, ...(via && { via }) } } });
const answered = { cursor: 1, sendBefore: 0 };

describe('a read-back teaches', () => {
  /** The facts that the lane has learned after a write whose read-back shows these fields. */
  async function taught(write: Parameters<typeof updating>[1], lane: Left['lane'], seen: Partial<SegmentGroup>) {
    const world = laneOf({ applicationIds: ['11'] });
    const left = { writes: [updating(groupIn(world), write)], intent: answered, ...(lane && { lane }) };
    const scene = await leave(world, left);
    wroteAs(world, GROUP, seen);
    await scene.finish();
    expect((await scene.outcome())?.kind).toBe('applied');
    return scene.lane().learned.acme;
  }
  const renamed = [{ fields: { name: 'Depot' } }, { name: 'Depot' }] as const;
  const joined: [{ addedApps: string[] }, Partial<SegmentGroup>] = [
    { addedApps: ['12'] },
    { applicationIds: ['11', '12'] },
  ];

  it('who we are; and that v2 is honoured only by memberships, once that is known', async () => {
    expect(await taught(renamed[0], undefined, renamed[1])).toEqual({ writer: OURS });
    expect(await taught(renamed[0], knowing(), renamed[1])).toEqual({ writer: OURS });
    expect(await taught(joined[0], undefined, joined[1])).toEqual({ writer: OURS });
    expect(await taught(joined[0], knowing(), joined[1])).toEqual({ writer: OURS, via: 'v2' });
    expect(await taught({ deletedApps: ['11'] }, knowing(), { applicationIds: [] })).toEqual({
      ...{ writer: OURS, via: 'v2' },
    });
    expect(await taught({ ...joined[0], via: 'v1' }, knowing('v1'), joined[1])).toEqual({ writer: OURS, via: 'v1' });
  });

  it('nothing where ZPA stamps nothing', async () => {
    const unstamped = { ...joined[1], modifiedBy: undefined, modifiedTime: undefined };
    expect(await taught(joined[0], knowing(), unstamped)).toEqual({ writer: OURS });
  });

  it('nothing of an edit that came after', async () => {
    const edited = { ...joined[1], description: 'by hand', modifiedBy: COLLEAGUE };
    expect(await taught(joined[0], undefined, edited)).toBeUndefined();
  });

  it('that v2 is honoured where memberships went before a delete', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex', applicationIds: [] });
    const { finish, lane } = await leave(world, {
      writes: [
        updating({ ...groupIn(world, OTHER), applicationIds: ['11'] }, { deletedApps: ['11'] }),
        updating(groupIn(world), { addedApps: ['11'] }),
        { write: { kind: 'delete', groupId: '900', microtenantId: '0' }, before: { ...groupIn(world), id: '900' } },
      ],
      members: [{ ending: anEnding({ effect: { ...anApplied().effect, moves: [] } }) }],
      intent: { cursor: 3, sendBefore: 0 },
      lane: knowing(),
    });
    wroteAs(world, OTHER, {});
    wroteAs(world, GROUP, { applicationIds: ['11'] });
    await finish();
    expect(lane().learned.acme).toEqual({ writer: OURS, via: 'v2' });
  });
});
