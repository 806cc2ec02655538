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
  // What the lane remembers of its own writes is over.
  await world.clock.advance(120_000);
  for (const id of [GROUP, '500']) edit(world, id, 'edited by hand');
  return world;
}

function edit({ tenant }: LaneWorld, id: string, description: string): void {
  const group = tenant.groups.get(id);
  if (group !== undefined) tenant.groups.set(id, { ...group, description });
}

/** The worker has the lane, and has begun with the change. */
async function isWorkedOn(world: LaneWorld, key: string): Promise<void> {
  const now = world.clock.now();
  const ref = { lane: LANE, source: 'desk', tenant: 'acme', idempotencyKey: key };
  const working = { members: [{ ref, generation: 1, sequence: 3 }], strikes: 0, since: now };
  await world.setLane({ lease: { owner: 'worker', until: now + 60_000 }, working });
}

async function survey({ ports, ledger }: LaneWorld) {
  const limiter = { take: async () => () => undefined, obey: () => undefined };
  const zpaOf: SurveyPorts['zpaOf'] = (tenant) => ports.zpaFor(tenant, limiter);
  const { signal } = new AbortController();
  return (await surveyLane({ ledger, clock: ports.clock, zpaOf }, ports.configuration, LANE, signal)).report;
}

describe('a drift report', () => {
  it('says which desired group cannot be read, and compares the others', async () => {
    const world = await build();
    spoilDesired(world.ledger, GROUP);
    const { complete, coverage, findings, notChecked } = await survey(world);
    expect(complete).toBe(false);
    expect(findings).toMatchObject([{ kind: 'changed', facet: 'description', group: { id: '500' } }]);
    expect(notChecked).toMatchObject([{ groupId: GROUP, code: 'record-malformed', groups: 1 }]);
    expect(coverage).toMatchObject({ managed: 2, notChecked: 1, drifted: 1, unmanaged: 0, partlyStated: 1 });
  });

  it('knows what is in flight by the request of an open change that cannot be read', async () => {
    const world = await build();
    await world.accept('bad', describing(GROUP, 'c'));
    spoil(world.ledger, 'bad', { request: true });
    await isWorkedOn(world, 'bad');
    const { complete, findings } = await survey(world);
    expect(complete).toBe(true);
    expect(findings.map(({ group, state }) => [group.id, state])).toEqual([
      ['500', 'new'],
      [GROUP, 'in-flight'],
    ]);
  });

  it('says that an open change cannot be read of which nobody can tell what it is about', async () => {
    const world = await build();
    await world.accept('bad', describing(GROUP, 'c'));
    spoil(world.ledger, 'bad', { request: false });
    const { complete, notChecked } = await survey(world);
    expect(complete).toBe(false);
    expect(notChecked).toMatchObject([{ code: 'record-malformed', groups: 0 }]);
  });
});
