import { describe, expect, it } from 'vitest';
import { rejectionFromSet } from '../../../functions/apply/settle/set-dependencies.ts';
import { setKey } from '../../../shared/domain/ledger/change-set.ts';
import { findDependents, redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { aRejected } from '../../fakes/records.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });
const set = (index: number, onReject: 'stop' | 'continue' = 'stop') => ({
  changeSet: { id: 'CHG1', index, size: 3, onReject },
});

async function endings(world: LaneWorld, ...keys: string[]) {
  const records = await Promise.all(keys.map((key) => world.read(key)));
  return records.map(({ outcome }) => (outcome?.kind === 'rejected' ? outcome.code : outcome?.kind));
}

async function build(onReject: 'stop' | 'continue' = 'stop') {
  const world = createLaneWorld();
  world.addGroup();
  world.addApplications('12', '13', '14');
  const changes = [
    await world.accept('CHG1/1', { ...adding('404'), ...set(1, onReject) }),
    await world.accept('OTHER', adding('14')),
    await world.accept('CHG1/2', { ...adding('12'), ...set(2, onReject) }),
    await world.accept('CHG1/3', { ...adding('13'), ...set(3, onReject) }),
  ];
  return { world, changes };
}

const KEYS = ['CHG1/1', 'OTHER', 'CHG1/2', 'CHG1/3'];

describe('a change set', () => {
  it('that stops: what comes after a rejection is not attempted, and says which one', async () => {
    const { world, changes } = await build();
    await world.settle(changes);
    expect(await endings(world, ...KEYS)).toEqual([
      'application-not-found',
      'applied',
      'not-attempted',
      'not-attempted',
    ]);
    const causedBy = { idempotencyKey: 'CHG1/1', code: 'application-not-found' };
    for (const key of ['CHG1/2', 'CHG1/3']) {
      expect((await world.read(key)).outcome).toMatchObject({ details: { causedBy } });
    }
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['14']);
  });

  it('that continues goes on, in one write', async () => {
    const { world, changes } = await build('continue');
    await world.settle(changes);
    expect(await endings(world, ...KEYS)).toEqual(['application-not-found', 'applied', 'applied', 'applied']);
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('stops for good, also when the first failure was put aside before the others came', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('13');
    await world.settle([await world.accept('CHG1/1', { ...adding('404'), ...set(1) })]);
    const rejected = await world.read('CHG1/1');
    const discarded = { by: 'lena', at: world.clock.now() };
    await world.ledger.writeChange({ ...rejected, failed: false, discarded }, rejected.version);
    const late = await world.accept('CHG1/2', { ...adding('13'), ...set(2) });
    await world.settle([late]);
    expect(await endings(world, 'CHG1/2')).toEqual(['not-attempted']);
  });

  it('whose rejected member cannot be stored holds its later members, and nothing else', async () => {
    const world = createLaneWorld();
    world.addGroup();
    for (const id of ['500', '600']) world.addGroup({ id, name: `Group ${id}` });
    world.addApplications('12');
    const changes = [
      await world.accept('CHG1/1', { ...adding('404'), ...set(1) }),
      await world.accept('CHG1/2', { ...adding('12'), ...set(2), group: { id: '500' } }),
      await world.accept('OTHER', { action: 'update', group: { id: '500' }, set: { description: 'later' } }),
      await world.accept('FAR', { action: 'update', group: { id: '600' }, set: { enabled: true } }),
    ];
    const putRejectedMember = () => Promise.reject(new Error('no table'));
    const ports = { ...world.ports, ledger: { ...world.ledger, putRejectedMember } };
    for (let round = 0; round < 3; round += 1) await world.invoke(changes, ports);
    const keys = ['CHG1/1', 'CHG1/2', 'OTHER', 'FAR'];
    expect(await endings(world, ...keys)).toEqual(['application-not-found', undefined, undefined, 'applied']);
    expect(world.meter.total('WorkerError')).toBeGreaterThan(0);
    await world.settle(changes);
    expect(await endings(world, ...keys)).toEqual(['application-not-found', 'not-attempted', 'applied', 'applied']);
  });

  it('is known as stopped although the worker died right after the rejection', async () => {
    const { world, changes } = await build();
    const outcomes = interrupted(world.ports.outcomes, 'outcomes', () => Promise.reject(new Error('dead')));
    const failures = interrupted(world.ports.failures, 'failures', () => Promise.reject(new Error('dead')));
    await world.invoke(changes, { ...world.ports, outcomes, failures }).catch(() => []);
    await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
    await world.settle(changes);
    expect(await endings(world, ...KEYS)).toEqual([
      'application-not-found',
      'applied',
      'not-attempted',
      'not-attempted',
    ]);
  });

  it('reads a few of the members that were rejected before, however many they are', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const late = await world.accept('CHG1/3', { ...adding('13'), ...set(3) });
    const key = setKey(late);
    if (key === undefined) throw new Error('it is of a set');
    const first = await world.accept('CHG1/1', { ...adding('404'), ...set(1) });
    await world.settle([first]);
    for (let n = 4; n <= 400; n += 1) {
      await world.ledger.putRejectedMember({
        set: key,
        ref: { ...late.ref, idempotencyKey: `CHG1/${n}` },
        expiresAt: 1,
      });
    }
    let looks = 0;
    const ledger = interrupted(world.ledger, 'ledger', ({ method }) => {
      if (method === 'readChange') looks += 1;
    });
    expect(await rejectionFromSet({ ledger }, late)).toMatchObject({ code: 'not-attempted' });
    // Each read is told twice, before and after it.
    expect(looks).toBeLessThanOrEqual(2 * 25);
  });

  it('goes on where the rejected member is one that the ledger has forgotten', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('13');
    const late = await world.accept('CHG1/2', { ...adding('13'), ...set(2) });
    const key = setKey(late);
    if (key === undefined) throw new Error('it is of a set');
    const ref = { ...late.ref, idempotencyKey: 'CHG1/1' };
    await world.ledger.putRejectedMember({ set: key, ref, expiresAt: 1 });
    await world.settle([late]);
    expect(await endings(world, 'CHG1/2')).toEqual(['applied']);
  });

  it('is redriven with its dependents, in order, and goes all the way', async () => {
    const { world, changes } = await build();
    await world.settle(changes);
    world.addApplications('404');
    const first = await world.read('CHG1/1');
    const chosen = await findDependents(world.ledger, [first]);
    expect(chosen.map(({ ref }) => ref.idempotencyKey)).toEqual(['CHG1/1', 'CHG1/2', 'CHG1/3']);
    const reopened = [];
    for (const { ref, generation } of chosen) {
      const decision = await redriveChange(world.ports, ref, generation, { acceptStale: true });
      if (decision.kind === 'reopen') reopened.push(decision.record);
    }
    await world.settle(reopened);
    expect(await endings(world, ...KEYS)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(world.tenant.groups.get(GROUP)?.applicationIds.toSorted()).toEqual(['12', '13', '14', '404']);
  });
});

describe('a rejection that follows from another', () => {
  it('is looked for only where one may follow', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('12');
    let asked = 0;
    const ledger = interrupted(world.ledger, 'ledger', ({ method }) => {
      if (method === 'failuresBefore') asked += 1;
    });
    const changes = [await world.accept('T-1', adding('12')), await world.accept('T-2', adding('404'))];
    await world.invoke(changes, { ...world.ports, ledger });
    expect(await endings(world, 'T-1', 'T-2')).toEqual(['applied', 'application-not-found']);
    expect(asked).toBe(0);
  });

  it('is looked for among a bounded number of failures, the newest of them, however many there are', async () => {
    const world = createLaneWorld();
    const missing = { action: 'update', group: { name: 'Annex' }, set: { enabled: true } };
    for (let n = 1; n <= 300; n += 1) {
      const record = await world.accept(`F-${n}`, missing);
      const outcome = aRejected({ at: world.clock.now() });
      await world.ledger.writeChange({ ...record, state: 'settled', outcome, failed: true }, record.version);
    }
    const change = await world.accept('T-1', missing);
    let read = 0;
    const ledger: typeof world.ledger = {
      ...world.ledger,
      async *failedChanges(lane) {
        for await (const one of world.ledger.failedChanges(lane)) {
          read += 1;
          yield one;
        }
      },
      async failuresBefore(lane, sequence, limit) {
        const found = await world.ledger.failuresBefore(lane, sequence, limit);
        read += found.length;
        return found;
      },
    };
    await world.invoke([change], { ...world.ports, ledger });
    expect((await world.read('T-1')).outcome).toMatchObject({ details: { causedBy: { idempotencyKey: 'F-300' } } });
    expect(read).toBe(100);
  });

  it('names it: the group an earlier change should have made', async () => {
    const world = createLaneWorld();
    world.addGroup({ name: 'Depot' });
    const changes = [
      await world.accept('T-1', { action: 'update', group: { id: '999' }, set: { name: 'Annex' } }),
      await world.accept('T-2', { action: 'update', group: { name: 'Annex' }, set: { enabled: true } }),
    ];
    await world.settle(changes);
    expect(await endings(world, 'T-1', 'T-2')).toEqual(['group-not-found', 'group-not-found']);
    expect((await world.read('T-1')).outcome).not.toHaveProperty('details.causedBy');
    expect((await world.read('T-2')).outcome).toMatchObject({
      details: { causedBy: { idempotencyKey: 'T-1', code: 'group-not-found' } },
    });
  });
});
