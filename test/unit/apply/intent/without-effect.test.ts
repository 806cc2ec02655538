import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, describing, OTHER, THIRD } from '../requests.ts';

/** A tenant that answers success to each write of `GROUP` and leaves that group as it is. */
function build(): LaneWorld {
  const world = createLaneWorld();
  const untouched = world.addGroup();
  world.addGroup({ id: OTHER, name: 'Annex' });
  world.addGroup({ id: THIRD, name: 'Cellar' });
  world.addApplications('11', '12');
  world.tenant.interfere = () => {
    world.tenant.groups.set(GROUP, untouched);
    return undefined;
  };
  return world;
}

/** Fails each read of this group, and counts them. */
function failReads(id: string) {
  const fault = aFault({ code: 'unrecognised', class: 'unknown', scope: 'change', effect: 'none' });
  const fail = (method: string, argument: unknown) => {
    if (method !== 'getGroup' || argument !== id) return undefined;
    fail.times += 1;
    return { fault };
  };
  fail.times = 0;
  return fail;
}

async function endings(world: LaneWorld, ...requests: Record<string, unknown>[]): Promise<string[]> {
  await world.settle(await world.acceptAll(...requests), 100);
  return world.endings();
}
const writesOf = (world: LaneWorld, id: string) => world.written().filter((one) => one === id).length;

describe('writes of a group that ZPA confirms and does not carry out', () => {
  it.each<[string, Record<string, unknown>[], string[]]>([
    ['a change alone', [describing()], ['unclassified']],
    ['a second one of the group behind it', [describing(), describing(GROUP, 'b')], ['unclassified', 'unclassified']],
    ['a change of another group behind it', [describing(), describing(OTHER)], ['unclassified', 'applied']],
    [
      'a second change of the group behind it, and others before and after',
      [describing(THIRD), describing(), describing(GROUP, 'c'), describing(OTHER)],
      ['applied', 'unclassified', 'unclassified', 'applied'],
    ],
    [
      'two changes that are coalesced, and another group behind them',
      [adding('11'), adding('12'), describing(OTHER)],
      ['unclassified', 'unclassified', 'applied'],
    ],
  ])('end after six tries each: %s', async (_, requests, expected) => {
    const world = build();
    expect(await endings(world, ...requests)).toEqual(expected);
    const ended = expected.filter((ending) => ending === 'unclassified').length;
    // The first write of several changes finds out that it has company.
    expect(writesOf(world, GROUP)).toBeLessThanOrEqual(ended * TIMING.unknownTries + 1);
    expect(writesOf(world, GROUP)).toBeGreaterThanOrEqual(ended * TIMING.unknownTries);
    expect(writesOf(world, OTHER)).toBeLessThanOrEqual(1);
    // Memberships alone may be ignored because of a setting.
    const said =
      'applications' in (requests[0] ?? {}) ? /set tenants\.acme\.membership to "v1"$/ : /group is as before$/;
    expect(await world.outcome(`T-${expected.indexOf('unclassified') + 1}`)).toMatchObject({
      sentence: expect.stringMatching(said),
    });
  });

  it('keep their count while another change is tried, too', async () => {
    const world = build();
    const { interfere } = world.tenant;
    const fail = failReads(OTHER);
    world.tenant.interfere = (method, argument) => interfere(method, argument) ?? fail(method, argument);
    const expected = ['unclassified', 'unclassified', 'applied'];
    expect(await endings(world, describing(), describing(OTHER), describing(THIRD))).toEqual(expected);
    expect(writesOf(world, GROUP)).toBeLessThanOrEqual(TIMING.unknownTries + 1);
  });
});

it('the tries of a change are not forgotten because a change before it succeeds late', async () => {
  const world = build();
  const fail = failReads(OTHER);
  const before = world.group();
  let written: SegmentGroup | undefined;
  let reads = 0;
  // The first read-back of `GROUP` does not show its write yet.
  world.tenant.interfere = (method, argument) => {
    if (written !== undefined) world.tenant.groups.set(GROUP, written);
    if (method !== 'getGroup' || argument !== GROUP) return fail(method, argument);
    reads += 1;
    written = reads === 2 ? world.group() : undefined;
    if (before !== undefined && reads === 2) world.tenant.groups.set(GROUP, before);
    return undefined;
  };
  expect(await endings(world, describing(), describing(OTHER))).toEqual(['applied', 'unclassified']);
  expect([reads, fail.times]).toEqual([3, TIMING.unknownTries]);
});
