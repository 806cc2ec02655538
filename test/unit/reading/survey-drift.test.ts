import { describe, expect, it } from 'vitest';
import { type SurveyPorts, surveyLane } from '../../../shared/reading/survey-drift.ts';
import { spoil, spoilDesired } from '../../fakes/unreadable.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../apply/lane-world.ts';
import { created } from '../domain/drift/compare/samples.ts';
import { desiredFrom } from '../domain/ledger-items.ts';

/** Drift reports of a lane that a worker has worked on. */

const describing = (id: string, description: string) => ({ action: 'update', group: { id }, set: { description } });

async function build(): Promise<LaneWorld> {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: '500', name: 'Empty' });
  await world.settle([
    await world.accept('one', describing(GROUP, 'a')),
    await world.accept('other', describing('500', 'b')),
  ]);
  // The lane has forgotten its own writes by now.
  await world.clock.advance(120_000);
  for (const id of [GROUP, '500']) edit(world, id, 'edited by hand');
  return world;
}

function edit({ tenant }: LaneWorld, id: string, description: string, applicationIds?: string[]): void {
  const group = tenant.groups.get(id);
  if (group !== undefined) tenant.groups.set(id, { ...group, description, ...(applicationIds && { applicationIds }) });
}

/** The worker has the lane, and has begun with the change. */
async function isWorkedOn(world: LaneWorld, key: string): Promise<void> {
  const now = world.clock.now();
  const ref = { lane: LANE, source: 'desk', tenant: 'acme', idempotencyKey: key };
  const working = { members: [{ ref, generation: 1, sequence: 3 }], strikes: 0, since: now };
  await world.setLane({ lease: { owner: 'worker', until: now + 60_000 }, working });
}

const survey = async (world: LaneWorld) => (await surveyOf(world)).report;

async function surveyOf({ ports, ledger }: LaneWorld, over: Partial<SurveyPorts> = {}) {
  const limiter = { take: async () => () => undefined, obey: () => undefined };
  const zpaOf: SurveyPorts['zpaOf'] = (tenant) => ports.zpaFor(tenant, limiter);
  const { signal } = new AbortController();
  return await surveyLane({ ledger, clock: ports.clock, zpaOf, ...over }, ports.configuration, LANE, signal);
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

it('findings are of the tenant that has the group now, where its tickets knew the tenant by another name', async () => {
  const world = await build();
  const { acme } = world.ports.configuration.tenants;
  if (acme === undefined) throw new Error('acme is configured');
  const tenants = { south: { ...acme, microtenants: { south: '72' } }, renamed: acme };
  world.ports.configuration = { ...world.ports.configuration, tenants };
  world.tenant.groups.delete('500');
  const { report, desired } = await surveyOf(world);
  expect(report.findings.map(({ kind, group }) => [kind, group.tenant])).toEqual([
    ['missing', 'renamed'],
    ['changed', 'renamed'],
  ]);
  expect(desired.map(({ tenant }) => tenant)).toEqual(['renamed', 'renamed']);
});

it.each([
  ['twice', 2, false],
  ['once more after it looked for a group that the list lacks', 3, true],
])('the desired groups are listed %s', async (_, times, isAbsent) => {
  const world = await build();
  if (isAbsent) world.tenant.groups.delete('500');
  let listed = 0;
  const ledger: SurveyPorts['ledger'] = {
    ...world.ledger,
    listDesired: (...asked) => {
      listed += 1;
      return world.ledger.listDesired(...asked);
    },
  };
  const { report } = await surveyOf(world, { ledger });
  expect(report.findings.map(({ kind }) => kind)).toEqual([...(isAbsent ? ['missing'] : ['changed']), 'changed']);
  expect(listed).toBe(times);
});

describe('a group that somebody deleted in the console', () => {
  const missing = async (world: LaneWorld) =>
    (await survey(world)).findings.map(({ kind, group }) => `${kind} ${group.id}`);

  it.each([
    ['by its name', { name: 'Warehouse' }],
    ['by its id', { id: GROUP }],
  ])('is missing until a ticket that deletes it %s ends, though it does not find it', async (_, group) => {
    const world = createLaneWorld();
    world.addGroup();
    await world.play({ action: 'update', group: { id: GROUP }, set: { name: 'Warehouse', description: 'a' } });
    world.tenant.groups.delete(GROUP);
    expect(await missing(world)).toEqual([`missing ${GROUP}`]);
    await world.play({ action: 'delete', group });
    expect(await world.endings('T-2')).toEqual(['group-not-found']);
    expect(await missing(world)).toEqual([]);
  });

  it('is missing until a ticket creates it anew', async () => {
    const world = createLaneWorld();
    world.addGroup();
    await world.play({ action: 'update', group: { id: GROUP }, set: { name: 'Warehouse' } });
    world.tenant.groups.delete(GROUP);
    expect(await missing(world)).toEqual([`missing ${GROUP}`]);
    await world.play({ action: 'create', group: { name: 'Warehouse' } });
    expect(await world.endings('T-2')).toEqual(['applied']);
    expect(await missing(world)).toEqual([]);
  });
});

it('groups that a ticket sought in vain do not take the second look of one that is missing', async () => {
  const world = createLaneWorld();
  const sought = Array.from({ length: 100 }, (_, nth) => created(1, String(1000 + nth), `Former ${nth}`));
  const desired = [
    ...desiredFrom(sought).map((group) => ({ ...group, unfound: { exists: 2 } })),
    ...desiredFrom([created(3, '9999', 'Web')]),
  ];
  const ledger: SurveyPorts['ledger'] = {
    ...world.ledger,
    async *listDesired() {
      yield* desired;
    },
  };
  const { report } = await surveyOf(world, { ledger });
  expect(report.findings).toMatchObject([{ kind: 'missing', group: { id: '9999' } }]);
});

describe('an application segment that somebody deleted', () => {
  it('is removed, and gone, until a ticket that removes it ends, though it does not find it', async () => {
    const world = createLaneWorld();
    world.addApplications('101', '102');
    world.addGroup({ applicationIds: ['101'] });
    await world.play({ action: 'update', group: { id: GROUP }, applications: { add: [{ id: '101' }] } });
    edit(world, GROUP, '', []);
    world.tenant.applications.delete('101');
    const found = async () => (await survey(world)).findings.map(({ facet, to }) => [facet, to]);
    expect(await found()).toEqual([['app:101', 'gone']]);
    const removing = { applications: { remove: [{ id: '101' }] }, leaveUngrouped: true };
    await world.play({ action: 'update', group: { name: 'Warehouse' }, ...removing });
    expect(await world.endings('T-2')).toEqual(['application-not-found']);
    expect(await found()).toEqual([]);
  });
});

describe('a change that is settled and has not written yet what it approved', () => {
  it('has approved it all the same', async () => {
    const world = await build();
    const { version: _, ...settled } = await world.read('one');
    if (settled.outcome === undefined || !('approved' in settled.outcome)) throw new Error('it was applied');
    const approved = { ...settled.outcome.approved, fields: { description: 'edited by hand' } };
    const ref = { ...settled.ref, idempotencyKey: 'owing' };
    const owing = { ...settled, ref, sequence: 9, outcome: { ...settled.outcome, approved }, version: 0 };
    await world.ledger.writeChange({ ...owing, pending: ['desired', 'sns'] }, 0);
    expect((await survey(world)).findings.map(({ group }) => group.id)).toEqual(['500']);
  });
});

describe('the lists that a report reads', () => {
  const calls = ({ tenant }: LaneWorld, method: string) => tenant.calls.filter((one) => one.method === method).length;

  it('are answered with it, the applications read once for names, places and catalogs', async () => {
    const world = createLaneWorld();
    world.addApplications(...Array.from({ length: 20 }, (_, index) => `${101 + index}`));
    const ids = [...world.tenant.applications.keys()];
    world.addGroup({ applicationIds: ids });
    await world.play({ action: 'update', group: { id: GROUP }, applications: { replace: ids.map((id) => ({ id })) } });
    edit(world, GROUP, '', []);
    const before = calls(world, 'listApplications');
    const { report, listings, applications } = await surveyOf(world);
    expect(report.findings.map(({ application, to }) => [application?.name, to])).toEqual(
      ids.map((id) => [`app-${id}`, 'no-group']),
    );
    expect([listings, applications]).toMatchObject([
      [{ tenant: 'acme', result: { groups: [{ id: GROUP }] } }],
      [{ tenant: 'acme', result: { applications: { length: 20 } } }],
    ]);
    expect(calls(world, 'listApplications') - before).toBe(1);
    expect(calls(world, 'getApplication')).toBe(0);
  });

  it('need no application where no finding is about one, if nobody wants a catalog', async () => {
    const world = await build();
    const before = calls(world, 'listApplications');
    const { report, applications } = await surveyOf(world, { applicationsIfNeeded: true });
    expect([report.findings.length, applications]).toEqual([2, []]);
    expect(calls(world, 'listApplications')).toBe(before);
  });

  it('of applications say where one is that moved between two pages of groups, also if nobody wants a catalog', async () => {
    const world = createLaneWorld();
    world.addApplications('101');
    world.addGroup({ applicationIds: ['101'] });
    world.addGroup({ id: '500', name: 'Other' });
    await world.play({ action: 'update', group: { id: '500' }, applications: { replace: [] } });
    await world.play({ action: 'update', group: { id: GROUP }, applications: { add: [{ id: '101' }] } });
    await world.clock.advance(120_000);
    const zpa = world.ports.zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
    const zpaOf: SurveyPorts['zpaOf'] = () => ({
      ...zpa,
      async *listGroups(options) {
        for await (const group of zpa.listGroups(options)) yield { ...group, applicationIds: ['101'] };
      },
    });
    const { report } = await surveyOf(world, { zpaOf, applicationsIfNeeded: true });
    expect(report).toMatchObject({ complete: true, findings: [], notChecked: [] });
  });

  it('take an object that cannot be parsed, once per list', async () => {
    const world = await build();
    const { signal } = new AbortController();
    const limiter = { take: async () => () => undefined, obey: () => undefined };
    const zpa = world.ports.zpaFor('acme', limiter);
    const odd = { id: GROUP, name: 'Odd', why: 'no name' };
    const ports: SurveyPorts = {
      ...{ ledger: world.ledger, clock: world.clock },
      zpaOf: () => ({
        ...zpa,
        async *listGroups(options) {
          options?.onUnreadable?.(odd);
          options?.onUnreadable?.(odd);
          for await (const group of zpa.listGroups(options)) if (group.id !== GROUP) yield group;
        },
      }),
    };
    const { report } = await surveyLane(ports, world.ports.configuration, LANE, signal);
    expect(report.notChecked).toMatchObject([{ groupId: GROUP, code: 'group-malformed', groups: 1 }]);
    expect(report.findings.map(({ group }) => group.id)).toEqual(['500']);
  });
});
