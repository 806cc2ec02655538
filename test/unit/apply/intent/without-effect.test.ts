import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

const OTHER = '72057594037930002';
const THIRD = '72057594037930003';
const describing = (id: string, description: string) => ({ action: 'update', group: { id }, set: { description } });
const adding = (application: string) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: [{ id: application }] },
});
type Request = Record<string, unknown>;

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

const unknown = aFault({ code: 'unrecognised', class: 'unknown', scope: 'change', effect: 'none' });

/** Fails each read of this group, and counts them. */
function failReads(id: string) {
  const fail = (method: string, argument: unknown) => {
    if (method !== 'getGroup' || argument !== id) return undefined;
    fail.times += 1;
    return { fault: unknown };
  };
  fail.times = 0;
  return fail;
}

async function settled(world: LaneWorld, requests: readonly Request[]): Promise<string[]> {
  const accepted: ChangeRecord[] = [];
  for (const [index, request] of requests.entries()) accepted.push(await world.accept(`T-${index}`, request));
  await world.settle(accepted, 100);
  const outcomes = await Promise.all(requests.map(async (_, index) => (await world.read(`T-${index}`)).outcome));
  return outcomes.map((outcome) => (outcome?.kind === 'rejected' ? outcome.code : (outcome?.kind ?? 'open')));
}

const writesOf = (world: LaneWorld, id: string) =>
  world.tenant.writes.filter((write) => write.kind === 'update' && write.groupId === id).length;

describe('writes of a group that ZPA confirms and does not carry out', () => {
  it.each<[string, Request[], string[]]>([
    ['a change alone', [describing(GROUP, 'a')], ['unclassified']],
    [
      'a second change of the group behind it',
      [describing(GROUP, 'a'), describing(GROUP, 'b')],
      ['unclassified', 'unclassified'],
    ],
    [
      'a change of another group behind it',
      [describing(GROUP, 'a'), describing(OTHER, 'b')],
      ['unclassified', 'applied'],
    ],
    [
      'a second change of the group behind it, and others before and after',
      [describing(THIRD, 'a'), describing(GROUP, 'b'), describing(GROUP, 'c'), describing(OTHER, 'd')],
      ['applied', 'unclassified', 'unclassified', 'applied'],
    ],
    [
      'two changes that are coalesced, and another group behind them',
      [adding('11'), adding('12'), describing(OTHER, 'b')],
      ['unclassified', 'unclassified', 'applied'],
    ],
  ])('end after six tries each: %s', async (_, requests, endings) => {
    const world = build();
    expect(await settled(world, requests)).toEqual(endings);
    const ended = endings.filter((ending) => ending === 'unclassified').length;
    // The first write of several changes finds out that it has company.
    expect(writesOf(world, GROUP)).toBeLessThanOrEqual(ended * TIMING.unknownTries + 1);
    expect(writesOf(world, GROUP)).toBeGreaterThanOrEqual(ended * TIMING.unknownTries);
    expect(writesOf(world, OTHER)).toBeLessThanOrEqual(1);
  });

  it('say of memberships alone which setting may be the cause', async () => {
    for (const [request, names] of [
      [adding('11'), true],
      [describing(GROUP, 'a'), false],
    ] as const) {
      const world = build();
      await settled(world, [request]);
      const { outcome } = await world.read('T-0');
      expect(JSON.stringify(outcome).includes('tenants.acme.membership')).toBe(names);
    }
  });

  it('keep their count while another change is tried, too', async () => {
    const world = build();
    const { interfere } = world.tenant;
    const fail = failReads(OTHER);
    world.tenant.interfere = (method, argument) => interfere(method, argument) ?? fail(method, argument);
    const requests = [describing(GROUP, 'a'), describing(OTHER, 'b'), describing(THIRD, 'c')];
    expect(await settled(world, requests)).toEqual(['unclassified', 'unclassified', 'applied']);
    expect(writesOf(world, GROUP)).toBeLessThanOrEqual(TIMING.unknownTries + 1);
  });
});

describe('the tries of a change', () => {
  it('are not forgotten because a change before it succeeds late', async () => {
    const world = build();
    const fail = failReads(OTHER);
    const before = world.tenant.groups.get(GROUP);
    let written: SegmentGroup | undefined;
    let reads = 0;
    // The first read-back of `GROUP` does not show its write yet.
    world.tenant.interfere = (method, argument) => {
      if (written !== undefined) world.tenant.groups.set(GROUP, written);
      if (method !== 'getGroup' || argument !== GROUP) return fail(method, argument);
      reads += 1;
      written = reads === 2 ? world.tenant.groups.get(GROUP) : undefined;
      if (before !== undefined && reads === 2) world.tenant.groups.set(GROUP, before);
      return undefined;
    };
    expect(await settled(world, [describing(GROUP, 'a'), describing(OTHER, 'b')])).toEqual(['applied', 'unclassified']);
    expect(reads).toBe(3);
    expect(fail.times).toBe(TIMING.unknownTries);
  });
});
