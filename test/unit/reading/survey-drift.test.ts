import { describe, expect, it } from 'vitest';
import { type SurveyPorts, surveyLane } from '../../../shared/reading/survey-drift.ts';
import { spoil, spoilDesired } from '../../fakes/unreadable.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../apply/lane-world.ts';

/** A drift report of a lane with a record that cannot be read. */

const describing = (id: string, description: string) => ({ action: 'update', group: { id }, set: { description } });

async function build(): Promise<LaneWorld> {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: '500', name: 'Empty' });
  await world.settle([
    await world.accept('one', describing(GROUP, 'a')),
    await world.accept('other', describing('500', 'b')),
  ]);
  for (const id of [GROUP, '500']) edit(world, id, 'edited by hand');
  return world;
}

function edit({ tenant }: LaneWorld, id: string, description: string): void {
  const group = tenant.groups.get(id);
  if (group !== undefined) tenant.groups.set(id, { ...group, description });
}

function survey({ ports, ledger }: LaneWorld) {
  const limiter = { take: async () => () => undefined, obey: () => undefined };
  const zpaOf: SurveyPorts['zpaOf'] = (tenant) => ports.zpaFor(tenant, limiter);
  return surveyLane({ ledger, clock: ports.clock, zpaOf }, ports.configuration, LANE, new AbortController().signal);
}

describe('a drift report', () => {
  it('says which desired group cannot be read, and compares the others', async () => {
    const world = await build();
    spoilDesired(world.ledger, GROUP);
    const { complete, coverage, findings } = await survey(world);
    expect(complete).toBe(false);
    expect(findings).toMatchObject([
      { kind: 'changed', groupId: '500' },
      { kind: 'not-checked', groupId: GROUP, code: 'record-malformed', groups: 1 },
    ]);
    expect(coverage).toMatchObject({ managed: 2, notChecked: 1, drifted: 1, unmanaged: 0, inSync: 0 });
  });

  it('knows what is in flight by the request of an open change that cannot be read', async () => {
    const world = await build();
    await world.accept('bad', describing(GROUP, 'c'));
    spoil(world.ledger, 'bad', { request: true });
    const { complete, findings } = await survey(world);
    expect(complete).toBe(true);
    expect(findings).toMatchObject([
      { groupId: '500', pending: 0 },
      { groupId: GROUP, pending: 1 },
    ]);
  });

  it('says that an open change cannot be read of which nobody can tell what it is about', async () => {
    const world = await build();
    await world.accept('bad', describing(GROUP, 'c'));
    spoil(world.ledger, 'bad', { request: false });
    const { complete, findings } = await survey(world);
    expect(complete).toBe(false);
    expect(findings.at(-1)).toMatchObject({ kind: 'not-checked', code: 'record-malformed', groups: 0 });
  });
});
