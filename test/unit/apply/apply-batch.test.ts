import { describe, expect, it } from 'vitest';
import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import { aFault } from '../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, messageIdOf, toQueueRecord } from './lane-world.ts';

const anInvocation = () => ({ remainingMs: () => 60_000, signal: new AbortController().signal });
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot', enabled: true } };
const adding = (...ids: string[]) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: ids.map((id) => ({ id })) },
});

describe('one change', () => {
  it('is applied once, settled, announced, and leaves the lane free', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change])).toEqual([]);
    const record = await world.read('T-1');
    expect(record).toMatchObject({ state: 'settled', pending: [], outcome: { kind: 'applied', overtaken: [] } });
    expect(record.outcome).toMatchObject({
      effect: { before: { name: 'Warehouse', enabled: false }, after: { name: 'Depot', enabled: true } },
    });
    expect(world.tenant.writes).toHaveLength(1);
    expect(world.outcomes.published.map((n) => n.outcome.kind)).toEqual(['applied']);
    expect(await world.ledger.readDesired(LANE, GROUP)).toMatchObject({ name: { value: 'Depot' } });
    const lane = await world.ledger.readLane(LANE);
    expect(lane.lease).toBeUndefined();
    expect(lane.intent).toBeUndefined();
  });

  it('is acknowledged without another write when its message comes again', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', rename);
    await world.invoke([change]);
    expect(await world.invoke([change])).toEqual([]);
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('that is so already is unchanged, without a write', async () => {
    const world = createLaneWorld();
    world.addGroup({ name: 'Depot', enabled: true });
    await world.invoke([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome?.kind).toBe('unchanged');
    expect(world.tenant.writes).toHaveLength(0);
  });

  it('creates, and pins the id ZPA gave in what it approved', async () => {
    const world = createLaneWorld();
    world.addApplications('11');
    const asked = { action: 'create', group: { name: 'Depot' }, enabled: true, applications: [{ id: '11' }] };
    await world.invoke([await world.accept('T-1', asked)]);
    const [created] = [...world.tenant.groups.values()];
    expect(created).toMatchObject({ name: 'Depot', enabled: true, applicationIds: ['11'] });
    expect((await world.read('T-1')).outcome).toMatchObject({
      kind: 'applied',
      approved: { groupId: created?.id, members: { exactly: ['11'] } },
    });
  });

  it('deletes an empty group that no rule names, and says what was scanned', async () => {
    const world = createLaneWorld();
    world.addGroup();
    await world.invoke([await world.accept('T-1', { action: 'delete', group: { name: 'Warehouse' } })]);
    expect(world.tenant.groups.size).toBe(0);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied', reach: { status: 'checked' } });
  });
});

describe('rejections', () => {
  const cases: [string, string, Record<string, unknown>][] = [
    ['group-not-found', 'group missing', { ...rename, group: { id: '999' } }],
    ['application-not-found', 'application missing', adding('404')],
    ['group-exists', 'new name taken', { ...rename, set: { name: 'Taken' } }],
    ['application-in-other-group', 'application elsewhere', adding('22')],
    ['would-leave-ungrouped', 'nowhere to go', { ...adding(), applications: { remove: [{ id: '11' }] } }],
    ['precondition-failed', 'not as expected', { ...rename, expect: { enabled: true } }],
    ['group-not-empty', 'delete of a group with members', { action: 'delete', group: { id: GROUP } }],
    ['group-in-use', 'delete of a group in a rule', { action: 'delete', group: { id: '500' } }],
    ['group-read-only', 'managed by Zscaler', { ...rename, group: { id: '600' } }],
    ['group-name-ambiguous', 'name of two groups', { ...rename, group: { name: 'Twin' } }],
  ];
  it('keep a group outside the grants from the source, and tell the operator’s log', async () => {
    const world = createLaneWorld();
    world.addGroup({ applicationIds: ['11'] });
    world.addGroup({ id: '400', name: 'Secret', applicationIds: ['22'] });
    world.addApplications('11', '22');
    const change = await world.accept('T-1', adding('22'));
    const { configuration } = world.ports;
    const { desk } = configuration.sources;
    if (desk === undefined) throw new Error('it is configured');
    const grants = desk.grants.map((grant) => ({ ...grant, groups: ['Warehouse'] }));
    const narrow = { ...configuration, sources: { desk: { ...desk, grants } } };
    await world.invoke([change], { ...world.ports, configuration: narrow });
    const { outcome } = await world.read('T-1');
    expect(outcome).toMatchObject({
      code: 'application-in-other-group',
      sentence: expect.stringContaining('is in a group outside your grants'),
    });
    for (const told of [outcome, world.failures.sent, world.outcomes.published]) {
      expect(JSON.stringify(told)).not.toMatch(/Secret|"400"|withheld/);
    }
    expect(world.log.lines.find(({ fields }) => 'withheld' in fields)?.fields).toMatchObject({
      idempotencyKey: 'T-1',
      withheld: [{ application: '22', group: '400' }],
    });
  });

  it.each(cases)('%s: %s', async (code, _why, change) => {
    const world = createLaneWorld();
    world.addGroup({ applicationIds: ['11'] });
    world.addGroup({ id: '400', name: 'Taken', applicationIds: ['22'] });
    world.addGroup({ id: '500', name: 'Ruled' });
    world.addGroup({ id: '600', name: 'Managed', readOnly: true });
    world.addGroup({ id: '701', name: 'Twin' });
    world.addGroup({ id: '702', name: 'Twin' });
    world.addApplications('11', '22');
    world.tenant.rules.push({
      policyType: 'ACCESS_POLICY',
      ruleId: '1',
      ruleName: 'Allow staff',
      ruleOrder: '1',
      microtenantId: '0',
      action: 'ALLOW',
    });
    const bystander = await world.accept('T-0', { action: 'update', group: { id: '400' }, set: { enabled: true } });
    const change1 = await world.accept('T-1', change);
    expect(await world.invoke([bystander, change1])).toEqual([]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code });
    expect((await world.read('T-0')).outcome?.kind).toBe('applied');
    expect(world.failures.sent.map((f) => [f.ref?.idempotencyKey, f.rejection.code])).toEqual([['T-1', code]]);
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('a refusal of ZPA rejects its change and carries the error', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const fault = aFault({ zpaId: 'invalid.resource.argument', reason: 'no' });
    world.tenant.interfere = (method) => (method === 'write' ? { fault } : undefined);
    await world.invoke([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'zpa-refused', zpaError: fault });
  });
});

describe('messages that are not what the ledger accepted', () => {
  it('are dead-lettered and not executed, the rest of the batch unharmed', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const good = await world.accept('T-1', rename);
    const records = [
      { ...toQueueRecord(good), messageId: 'x1', body: 'not json' },
      { ...toQueueRecord(good), messageId: 'x2', body: '{"schemaVersion":2}' },
      toQueueRecord({ ...good, ref: { ...good.ref, idempotencyKey: 'T-9' } }),
      toQueueRecord({ ...good, change: { ...good.change, group: { id: '1' } } as typeof good.change }),
      toQueueRecord({ ...good, fingerprint: 'f'.repeat(64) }),
      toQueueRecord({ ...good, generation: 7 }),
      toQueueRecord(good),
    ];
    expect(await applyBatch(world.ports, records, anInvocation())).toEqual([]);
    const codes = world.failures.sent.map((f) => f.rejection.code);
    expect(codes).toEqual([
      ...['malformed-message', 'malformed-message'],
      ...['unknown-origin', 'unknown-origin', 'unknown-origin', 'unknown-origin'],
    ]);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('a failure that the AWS console moved back is redriven from the ledger, once', async () => {
    const world = createLaneWorld();
    const change = await world.accept('T-1', rename);
    await world.invoke([change]);
    const [failure] = world.failures.sent;
    expect(failure?.rejection.code).toBe('group-not-found');
    world.addGroup();
    const moved = { ...toQueueRecord(change), messageId: 'moved', body: JSON.stringify(failure) };
    for (let time = 1; time <= 2; time += 1) expect(await applyBatch(world.ports, [moved], anInvocation())).toEqual([]);
    expect(world.queue.sent).toMatchObject([{ generation: 2, reason: 'redrive' }]);
    await world.settle([await world.read('T-1')]);
    expect(await world.read('T-1')).toMatchObject({ generation: 2, outcome: { kind: 'applied', generation: 2 } });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('two records of one key in one batch are one effect', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change, change])).toEqual([]);
    expect(world.tenant.writes).toHaveLength(1);
  });
});

describe('coalescing', () => {
  it('carries membership changes of one group out with one write, each with its own outcome', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12', '13', '14', '15', '16');
    const changes = [];
    for (const id of ['11', '12', '404', '13', '12'])
      changes.push(await world.accept(`T-${changes.length}`, adding(id)));
    expect(await world.invoke(changes)).toEqual([]);
    expect(world.tenant.writes).toHaveLength(1);
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['11', '12', '13']);
    const kinds = await Promise.all(changes.map(async (c) => (await world.read(c.ref.idempotencyKey)).outcome?.kind));
    expect(kinds).toEqual(['applied', 'applied', 'rejected', 'applied', 'unchanged']);
  });

  it('goes one by one when ZPA refuses the coalesced write, so that only the offender is rejected', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12', '13');
    world.tenant.interfere = (method, write) =>
      method === 'write' && JSON.stringify(write).includes('"12"') ? { fault: aFault() } : undefined;
    const changes = [];
    for (const id of ['11', '12', '13']) changes.push(await world.accept(`T-${id}`, adding(id)));
    await world.settle(changes);
    const kinds = await Promise.all(changes.map(async (c) => (await world.read(c.ref.idempotencyKey)).outcome?.kind));
    expect(kinds).toEqual(['applied', 'rejected', 'applied']);
  });
});

describe('somebody else', () => {
  it('who edits between our write and our look is recorded as overtaken and not rewritten', async () => {
    const world = createLaneWorld();
    world.addGroup();
    let written = false;
    world.tenant.interfere = (method) => {
      if (written && method === 'getGroup') world.tenant.edit(GROUP, { description: 'by hand' });
      written ||= method === 'write';
      return undefined;
    };
    await world.invoke([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome).toMatchObject({
      kind: 'applied',
      overtaken: [{ field: 'description', expected: '', found: 'by hand' }],
    });
    expect(world.tenant.writes).toHaveLength(1);
    expect(world.tenant.groups.get(GROUP)?.description).toBe('by hand');
  });

  it('a worker without the lease defers and touches nothing', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', rename);
    const lane = await world.ledger.readLane(LANE);
    const lease = { owner: 'another', until: world.clock.now() + 60_000 };
    await world.ledger.writeLane({ ...lane, fence: 1, lease }, 0);
    const invocation = { remainingMs: () => 60_000, signal: new AbortController().signal };
    for (const receiveCount of [1, 2, 3]) {
      const record = { ...toQueueRecord(change), receiveCount };
      expect(await applyBatch(world.ports, [record], invocation)).toEqual([messageIdOf(change)]);
    }
    expect(world.tenant.calls).toHaveLength(0);
    // The other worker may be about to leave the lane; later it is at work.
    const [first, second, third] = world.deferral.deferred.map(({ delayMs }) => delayMs);
    expect([first, second]).toEqual([5000, 5000]);
    expect(third).toBeGreaterThanOrEqual(30_000);
  });
});
