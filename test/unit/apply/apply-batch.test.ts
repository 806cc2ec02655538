import { describe, expect, it } from 'vitest';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { aFault } from '../../fakes/memory-zpa.ts';
import { aRejected } from '../../fakes/records.ts';
import { createLaneWorld, GROUP, LANE, laneWith, messageIdOf, toQueueRecord } from './lane-world.ts';
import { adding, refs, update } from './requests.ts';

const change = update(GROUP, { set: { name: 'Depot', enabled: true } });

const aWorld = () => laneWith();

describe('one change', () => {
  it('is applied once, settled, announced, and leaves the lane free', async () => {
    const world = aWorld();
    const [accepted] = await world.acceptAll(change);
    if (accepted === undefined) throw new Error('it was accepted');
    // Two records of one key in a batch, and its message once more, are one effect.
    expect(await world.invoke([accepted, accepted])).toEqual([]);
    expect(await world.invoke([accepted])).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({
      ...{ state: 'settled', pending: [] },
      outcome: {
        ...{ kind: 'applied', overtaken: [] },
        effect: { before: { name: 'Warehouse', enabled: false }, after: { name: 'Depot', enabled: true } },
      },
    });
    expect(world.tenant.writes).toHaveLength(1);
    expect(world.outcomes.published.map((n) => n.outcome.kind)).toEqual(['applied']);
    expect(await world.ledger.readDesired(LANE, GROUP)).toMatchObject({ name: { value: 'Depot' } });
    const { lease, intent } = await world.lane();
    expect([lease, intent, world.deferral.deferred]).toEqual([undefined, undefined, []]);
  });

  it('that is so already is unchanged, without a write', async () => {
    const world = aWorld();
    world.addGroup({ name: 'Depot', enabled: true });
    expect((await world.play(change))?.kind).toBe('unchanged');
    expect(world.tenant.writes).toHaveLength(0);
  });

  it('creates, and pins the id ZPA gave in what it approved', async () => {
    const world = createLaneWorld();
    world.addApplications('11');
    const asked = { action: 'create', group: { name: 'Depot' }, enabled: true, applications: refs('11') };
    const outcome = await world.play(asked);
    const [created] = [...world.tenant.groups.values()];
    expect(created).toMatchObject({ name: 'Depot', enabled: true, applicationIds: ['11'] });
    const approved = { groupId: created?.id, members: { exactly: ['11'] } };
    expect(outcome).toMatchObject({ kind: 'applied', approved });
  });

  it('deletes an empty group that no rule names, and says what was scanned', async () => {
    const world = aWorld();
    const outcome = await world.play({ action: 'delete', group: { name: 'Warehouse' } });
    expect(outcome).toMatchObject({ kind: 'applied', reach: { status: 'checked' } });
    expect(world.tenant.groups.size).toBe(0);
  });
});

describe('rejections', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['group-not-found', 'group missing', { ...change, group: { id: '999' } }],
    ['application-not-found', 'application missing', adding('404')],
    ['group-exists', 'new name taken', update(GROUP, { set: { name: 'Taken' } })],
    ['application-in-other-group', 'application elsewhere', adding('22')],
    ['would-leave-ungrouped', 'nowhere to go', update(GROUP, { applications: { remove: refs('11') } })],
    ['precondition-failed', 'not as expected', { ...change, expect: { enabled: true } }],
    ['group-not-empty', 'delete of a group with members', { action: 'delete', group: { id: GROUP } }],
    ['group-in-use', 'delete of a group in a rule', { action: 'delete', group: { id: '500' } }],
    ['group-read-only', 'managed by Zscaler', { ...change, group: { id: '600' } }],
    ['group-name-ambiguous', 'name of two groups', { ...change, group: { name: 'Twin' } }],
    ['zpa-refused', 'a refusal of ZPA', update(GROUP, { set: { description: 'refused' } })],
  ])('%s: %s', async (code, _why, asked) => {
    const world = aWorld();
    const groups = { [GROUP]: 'Warehouse', 400: 'Taken', 500: 'Ruled', 600: 'Managed', 701: 'Twin', 702: 'Twin' };
    for (const [id, name] of Object.entries(groups)) world.addGroup({ id, name, readOnly: id === '600' });
    world.addGroup({ applicationIds: ['11'] });
    world.addGroup({ id: '400', name: 'Taken', applicationIds: ['22'] });
    world.addApplications('11', '22');
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'Staff', ruleOrder: '1', action: 'ALLOW' };
    world.tenant.rules.push({ ...rule, microtenantId: '0' });
    const zpaError = aFault({ zpaId: 'invalid.resource.argument', reason: 'no' });
    world.tenant.interfere = (method, write) =>
      method === 'write' && JSON.stringify(write).includes('refused') ? { fault: zpaError } : undefined;
    await world.play(update('400', { set: { enabled: true } }), asked);
    expect(await world.endings()).toEqual(['applied', code]);
    if (code === 'zpa-refused') expect(await world.outcome('T-2')).toMatchObject({ zpaError });
    expect(world.failures.sent.map((f) => [f.ref?.idempotencyKey, f.rejection.code])).toEqual([['T-2', code]]);
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('keep a group outside the grants from the source, and tell the operator’s log', async () => {
    const world = aWorld();
    world.addGroup({ id: '400', name: 'Secret', applicationIds: ['22'] });
    world.addApplications('11', '22');
    const { configuration } = world.ports;
    const { desk } = configuration.sources;
    if (desk === undefined) throw new Error('it is configured');
    const grants = desk.grants.map((grant) => ({ ...grant, groups: ['Warehouse'] }));
    world.ports.configuration = { ...configuration, sources: { desk: { ...desk, grants } } };
    const outcome = await world.play(adding('22'));
    const sentence = expect.stringContaining('is in a group outside your grants');
    expect(outcome).toMatchObject({ code: 'application-in-other-group', sentence });
    for (const told of [outcome, world.failures.sent, world.outcomes.published])
      expect(JSON.stringify(told)).not.toMatch(/Secret|"400"|withheld/);
    const fields = { idempotencyKey: 'T-1', withheld: [{ application: '22', group: '400' }] };
    await world.play(update(GROUP, { set: { enabled: true } }), { ...change, group: { id: '999' } });
    const told = world.log.lines.filter(({ message }) => message.includes('keeps groups outside its grants'));
    expect(told.map((line) => line.fields)).toMatchObject([fields]);
  });
});

describe('messages that are not what the ledger accepted', () => {
  it('are dead-lettered and not executed, with as much of it as is useful, the rest of the batch unharmed', async () => {
    const world = aWorld();
    const good = await world.accept('T-1', change);
    const records = [
      { ...toQueueRecord(good), messageId: 'x1', body: 'x'.repeat(10_000), receiveCount: 3 },
      { ...toQueueRecord(good), messageId: 'x2', body: '{"schemaVersion":2}' },
      toQueueRecord({ ...good, ref: { ...good.ref, idempotencyKey: 'T-9' } }),
      toQueueRecord({ ...good, change: { ...good.change, group: { id: '1' } } as typeof good.change }),
      toQueueRecord({ ...good, fingerprint: 'f'.repeat(64) }),
      toQueueRecord({ ...good, generation: 7 }),
      toQueueRecord(good),
    ];
    const failedAt = world.clock.now();
    expect(await world.work(...records)).toEqual([]);
    expect(world.failures.sent.map((f) => f.rejection.code)).toEqual([
      ...['malformed-message', 'malformed-message'],
      ...['unknown-origin', 'unknown-origin', 'unknown-origin', 'unknown-origin'],
    ]);
    expect(world.failures.sent[0]).toMatchObject({ original: 'x'.repeat(4096), attempts: 3, failedAt });
    expect(world.failures.sent[2]).toMatchObject({ attempts: 1 });
    expect(world.meter.total('UnknownOrigin')).toBe(6);
    expect([await world.endings(), world.tenant.writes.length]).toEqual([['applied'], 1]);
  });

  it('a failure that the AWS console moved back is redriven from the ledger, once', async () => {
    const world = createLaneWorld();
    const accepted = await world.accept('T-1', change);
    await world.invoke([accepted]);
    world.addGroup();
    for (let time = 1; time <= 2; time += 1) await world.moveBack(accepted);
    expect(world.queue.sent).toMatchObject([{ generation: 2, reason: 'redrive' }]);
    await world.settle([await world.read('T-1')]);
    expect(await world.read('T-1')).toMatchObject({ generation: 2, outcome: { kind: 'applied', generation: 2 } });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('one of an older generation is acknowledged: the newer one has a message of its own', async () => {
    const world = createLaneWorld();
    const record = await world.accept('T-1', change);
    await world.ledger.writeChange({ ...record, generation: 2 }, record.version);
    expect(await world.invoke([record])).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ generation: 2, state: 'queued' });
    expect(world.tenant.calls).toEqual([]);
  });
});

it('membership changes of one group are carried out with one write, each with its own outcome', async () => {
  const world = aWorld();
  world.addApplications('11', '12', '13');
  await world.play(...['11', '12', '404', '13', '12'].map((id) => adding(id)));
  expect(world.tenant.writes).toHaveLength(1);
  expect(world.group()?.applicationIds).toEqual(['11', '12', '13']);
  expect(await world.endings()).toEqual(['applied', 'applied', 'application-not-found', 'applied', 'unchanged']);
});

it('a worker without the lease defers and touches nothing', async () => {
  const world = aWorld();
  const [accepted, other] = [await world.accept('T-1', change), await world.accept('T-2', change)];
  await world.setLane({ fence: 1, lease: { owner: 'another', until: world.clock.now() + 60_000 } });
  for (const receiveCount of [1, 2, 3])
    expect(await world.work({ ...toQueueRecord(accepted), receiveCount })).toEqual([messageIdOf(accepted)]);
  await world.work({ ...toQueueRecord(accepted), receiveCount: 3 }, toQueueRecord(other));
  expect(world.tenant.calls).toHaveLength(0);
  // The other worker may be about to leave the lane, and may not have seen a new change; later it is at work.
  const [first, second, third, fourth] = world.deferral.deferred.map(({ delayMs }) => delayMs);
  expect([first, second, fourth]).toEqual([5000, 5000, 5000]);
  expect(third).toBeGreaterThanOrEqual(30_000);
});

describe('a batch in which our own services fail', () => {
  const failing = (wanted: string, times = Number.POSITIVE_INFINITY) => {
    let left = times;
    return ({ method, phase }: PortCall) => {
      if (method !== wanted || phase !== 'before' || left === 0) return;
      left -= 1;
      throw new Error(`${wanted} failed`);
    };
  };

  it('gives back the records whose changes cannot be read, and works the others', async () => {
    const world = aWorld();
    const records = await world.acceptAll(change, change);
    const ledger = interrupted(world.ledger, 'ledger', failing('readChange', 1));
    expect(await world.invoke(records, { ...world.ports, ledger })).toEqual(['m-T-1-1']);
    expect((await world.read('T-2')).state).toBe('settled');
    expect(await world.invoke(records)).toEqual([]);
  });

  it('hides all of a lane’s records for the shortest time when the lane cannot be worked, and counts it', async () => {
    const world = aWorld();
    const records = await world.acceptAll(change, change);
    const messageIds = records.map(messageIdOf);
    const ledger = interrupted(world.ledger, 'ledger', failing('openChanges'));
    expect(await world.invoke(records, { ...world.ports, ledger })).toEqual(messageIds);
    expect(world.deferral.deferred).toEqual([{ messageIds, delayMs: 30_000 }]);
    expect(world.meter.total('WorkerError')).toBe(1);
  });

  it('gives records back that cannot be hidden: they come when their visibility ends', async () => {
    const world = aWorld();
    const record = await world.accept('T-1', change);
    const ports = { ...world.ports, ledger: interrupted(world.ledger, 'ledger', failing('openChanges')) };
    world.deferral.refused.add(messageIdOf(record));
    expect(await world.invoke([record], ports)).toEqual([messageIdOf(record)]);
    const said = world.log.lines.filter(({ message }) => message === 'some records could not be deferred');
    expect(said).toMatchObject([{ level: 'warn', fields: { failed: 1 } }]);
    const deferral = interrupted(world.deferral, 'deferral', failing('defer'));
    expect(await world.invoke([record], { ...ports, deferral })).toEqual([messageIdOf(record)]);
    expect(world.log.text()).toContain('records could not be deferred');
  });

  it('hides them without a warning where all can be hidden', async () => {
    const world = aWorld();
    await world.setLane({ paused: { by: 'lena', reason: 'look', since: 1 } });
    await world.invoke(await world.acceptAll(change));
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('reads no change again that it has settled itself', async () => {
    const world = aWorld();
    const reads: unknown[] = [];
    const ledger = interrupted(world.ledger, 'ledger', ({ method, phase }) => {
      if (method === 'readChange' && phase === 'before') reads.push(method);
    });
    expect(await world.invoke(await world.acceptAll(change), { ...world.ports, ledger })).toEqual([]);
    // One read is at the start of the batch, and one before the write, for a cancel request.
    expect(reads).toHaveLength(2);
  });

  it('says of what waits for time that there is more', async () => {
    const world = aWorld();
    const record = await world.accept('T-1', change);
    await world.invoke([record], world.ports, 1000);
    expect(world.deferral.deferred).toEqual([{ messageIds: [messageIdOf(record)], delayMs: 0 }]);
  });

  it('keeps the message of a settled change, in a group of its own, until its sends are done', async () => {
    const world = aWorld();
    const record = { ...(await world.accept('T-1', change)), state: 'settled' as const, outcome: aRejected() };
    await world.ledger.writeChange({ ...record, pending: ['sns'] }, 1);
    world.ports.outcomes = interrupted(world.outcomes, 'outcomes', failing('publish', 2));
    expect(await world.invoke([record])).toEqual([]);
    const [apart] = world.queue.sent.map((message) => ({ ...toQueueRecord(record), body: JSON.stringify(message) }));
    if (apart === undefined) throw new Error('the message is lost');
    expect(await world.work(apart)).toEqual([messageIdOf(record)]);
    expect(await world.work(apart)).toEqual([]);
    expect(world.outcomes.published).toHaveLength(1);
    expect(await world.lane()).toMatchObject({ fence: 0 });
  });
});
