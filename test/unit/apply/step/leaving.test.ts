import { beforeEach, describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

/** An application that leaves a group without being named must be granted too. */
const OTHER = '72057594037930002';
const EMPTY = { action: 'update', group: { id: GROUP }, applications: { replace: [] }, moveTo: { id: OTHER } };
const DELETE = { action: 'delete', group: { id: GROUP }, moveApplicationsTo: { id: OTHER } };
const busy = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: 60_000 });

let world: LaneWorld;
let ports: ApplyPorts;
beforeEach(() => {
  world = createLaneWorld();
  world.addGroup({ id: OTHER, name: 'Annex' });
  for (const [id, name] of Object.entries({ '11': 'Git server', '12': 'Git web', '13': 'Payroll' })) {
    world.tenant.applications.set(id, { id, name });
  }
  const flags = ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'];
  const grant = { tenants: ['acme'], actions: ['update', 'delete'], groups: ['*'], applications: ['Git*'], flags };
  const sources = { desk: { system: 'Desk', grants: [grant] } };
  const { name, tenants } = world.ports.configuration;
  ports = { ...world.ports, configuration: configurationSchema.parse({ name, tenants, sources }) };
});

const membersOf = (id: string) => world.tenant.groups.get(id)?.applicationIds;

describe.each([
  ['an update that replaces the membership', EMPTY],
  ['an update that leaves them without a group', { ...EMPTY, moveTo: undefined, leaveUngrouped: true }],
  ['a delete that moves them on', DELETE],
])('%s', (_, change) => {
  it('is refused where one application that leaves is not granted', async () => {
    world.addGroup({ applicationIds: ['11', '13'] });
    await world.invoke([await world.accept('T-1', change)], ports);
    expect((await world.read('T-1')).outcome).toMatchObject({
      kind: 'rejected',
      code: 'not-permitted',
      sentence: 'This source may not name or move an application outside its grants.',
    });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is refused where ZPA does not tell the name of one that leaves', async () => {
    world.addGroup({ applicationIds: ['11', '404'] });
    await world.invoke([await world.accept('T-1', change)], ports);
    expect((await world.read('T-1')).outcome).toMatchObject({
      code: 'not-permitted',
      sentence: expect.stringContaining('application 404, of which ZPA did not tell the name'),
    });
  });

  it('is applied where all of them are granted', async () => {
    world.addGroup({ applicationIds: ['11', '12'] });
    await world.invoke([await world.accept('T-1', change)], ports);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied' });
    expect(membersOf(GROUP) ?? []).toEqual([]);
  });
});

describe('an application that joins the group meanwhile', () => {
  /** One write is deferred; an application joins the group before a later turn continues. */
  async function withNewcomer(delayedWrite: number): Promise<void> {
    let writes = 0;
    world.tenant.interfere = (method) => {
      if (method !== 'write') return undefined;
      writes += 1;
      return writes === delayedWrite ? { fault: busy } : undefined;
    };
    world.addGroup({ applicationIds: ['11'] });
    const change = await world.accept('T-1', EMPTY);
    await world.invoke([change], ports);
    // Member names would enlarge the lane item, whose size is limited.
    expect(JSON.stringify(await world.ledger.readLane(LANE))).not.toContain('memberNames');
    world.tenant.edit(GROUP, { applicationIds: [...(membersOf(GROUP) ?? []), '13'] });
    for (let turn = 0; turn < 5; turn += 1) {
      await world.clock.advance(120_000);
      await world.invoke([change], ports);
    }
  }

  it('is asked for in the grants before the first write is tried again', async () => {
    await withNewcomer(1);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'not-permitted' });
    expect(membersOf(GROUP)).toContain('13');
    expect(world.tenant.writes).toEqual([]);
  });

  it('stays where it is when the rest of the move is finished', async () => {
    await withNewcomer(2);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied' });
    expect([membersOf(GROUP), membersOf(OTHER)]).toEqual([['13'], ['11']]);
  });
});
