import { describe, expect, it } from 'vitest';
import { rejectionFromSet } from '../../../functions/apply/settle/set-dependencies.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { failureId } from '../../../shared/domain/lane/change-ref.ts';
import { setKey } from '../../../shared/domain/ledger/change-set.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { previewRedrives } from '../../../shared/ledger/preview-redrive.ts';
import { findDependents, redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { aRejected } from '../../fakes/records.ts';
import { configure } from './interfere.ts';
import { GROUP, type LaneWorld, laneWith } from './lane-world.ts';
import { adding, iso, MINUTE, update, upTo } from './requests.ts';

type OnReject = 'stop' | 'continue';
const set = (index: number, onReject: OnReject = 'stop', size = 3) => ({
  changeSet: { id: 'CHG1', index, size, onReject },
});

const aWorld = (...applications: string[]) => laneWith([{}], applications);

const KEYS = ['CHG1/1', 'OTHER', 'CHG1/2', 'CHG1/3'];
const STOPPED = ['application-not-found', 'applied', 'not-attempted', 'not-attempted'];

async function build(onReject: OnReject = 'stop') {
  const world = aWorld('12', '13', '14');
  const changes = [
    await world.accept('CHG1/1', adding('404', set(1, onReject))),
    await world.accept('OTHER', adding('14')),
    await world.accept('CHG1/2', adding('12', set(2, onReject))),
    await world.accept('CHG1/3', adding('13', set(3, onReject))),
  ];
  return { world, changes };
}

const keyOf = (record: ChangeRecord) => {
  const key = setKey(record);
  if (key === undefined) throw new Error('it is of a set');
  return key;
};

describe('a change set', () => {
  it('that stops: what comes after a rejection is not attempted, and says which one', async () => {
    const { world, changes } = await build();
    await world.settle(changes);
    expect(await world.endings(...KEYS)).toEqual(STOPPED);
    const causedBy = { idempotencyKey: 'CHG1/1', code: 'application-not-found' };
    for (const key of ['CHG1/2', 'CHG1/3']) expect(await world.outcome(key)).toMatchObject({ details: { causedBy } });
    expect(world.group()?.applicationIds).toEqual(['14']);
  });

  it('that stops keeps its order in a freeze: no accept goes before a change that waits and may be rejected', async () => {
    const world = aWorld();
    const now = world.clock.now();
    configure(world, { freezes: [{ from: iso(now - MINUTE), until: iso(now + MINUTE) }] });
    const changes = [
      await world.accept('CHG1/1', adding('404', set(1, 'stop', 2))),
      await world.accept('CHG1/2', {
        action: 'accept',
        group: { id: GROUP },
        state: { enabled: false },
        ...set(2, 'stop', 2),
      }),
    ];
    await world.settle(changes);
    await world.clock.advance(2 * MINUTE);
    await sweepLanes(world.ports, new AbortController().signal);
    await world.settle(changes);
    expect(await world.endings('CHG1/1', 'CHG1/2')).toEqual(['application-not-found', 'not-attempted']);
  });

  it('that continues goes on, in one write', async () => {
    const { world, changes } = await build('continue');
    await world.settle(changes);
    expect(await world.endings(...KEYS)).toEqual(['application-not-found', 'applied', 'applied', 'applied']);
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('stops for good, also when the first failure was put aside before the others came', async () => {
    const world = aWorld('13');
    await world.settle([await world.accept('CHG1/1', adding('404', set(1)))]);
    const rejected = await world.read('CHG1/1');
    const discarded = { by: 'lena', at: world.clock.now() };
    await world.ledger.writeChange({ ...rejected, failed: false, discarded }, rejected.version);
    await world.settle([await world.accept('CHG1/2', adding('13', set(2)))]);
    expect(await world.endings('CHG1/2')).toEqual(['not-attempted']);
  });

  /** It fails for T-1 for ever. */
  const failing = async ({ ref }: { ref: ChangeRecord['ref'] | null }) => {
    if (ref?.idempotencyKey === 'T-1') throw new Error('it fails for ever');
  };
  const breakStoring = ({ ports }: LaneWorld) => ({
    ...ports,
    ledger: { ...ports.ledger, putRejectedMember: failing },
  });
  it.each([
    ['cannot be stored', breakStoring],
    ['cannot be sent', ({ ports }: LaneWorld) => ({ ...ports, failures: { send: failing } })],
    ['cannot be announced', ({ ports }: LaneWorld) => ({ ...ports, outcomes: { publish: failing } })],
  ])('whose rejected member %s ends with it, and holds nothing else', async (_what, broken) => {
    const world = aWorld('12');
    for (const id of ['500', '600']) world.addGroup({ id, name: `Group ${id}` });
    const changes = await world.acceptAll(
      adding('404', set(1)),
      adding('12', { ...set(2), group: { id: '500' } }),
      update('500', { set: { description: 'later' } }),
      { action: 'delete', group: { name: 'Group 600' } },
    );
    for (let round = 0; round < 3; round += 1) await world.invoke(changes, broken(world));
    expect(await world.endings()).toEqual(['application-not-found', 'not-attempted', 'applied', 'applied']);
  });

  it('whose rejected member cannot be stored redrives no later member before it', async () => {
    const world = aWorld('12');
    const changes = await world.acceptAll(adding('404', set(1)), adding('12', set(2)));
    await world.invoke(changes, breakStoring(world));
    const { ref, generation } = await world.read('T-2');
    const decision = await redriveChange(world.ports, ref, generation);
    expect(decision).toMatchObject({ kind: 'refused', refusal: { code: 'earlier-member' } });
  });

  it('is known as stopped although the worker died right after the rejection', async () => {
    const { world, changes } = await build();
    const die = () => Promise.reject(new Error('dead'));
    const outcomes = interrupted(world.ports.outcomes, 'outcomes', die);
    const failures = interrupted(world.ports.failures, 'failures', die);
    await world.invoke(changes, { ...world.ports, outcomes, failures }).catch(() => []);
    await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
    await world.settle(changes);
    expect(await world.endings(...KEYS)).toEqual(STOPPED);
  });

  it('reads a few of the members that were rejected before, however many they are', async () => {
    const world = aWorld();
    const late = await world.accept('CHG1/3', adding('13', set(3)));
    await world.settle([await world.accept('CHG1/1', adding('404', set(1)))]);
    for (let n = 4; n <= 400; n += 1) {
      const ref = { ...late.ref, idempotencyKey: `CHG1/${n}` };
      await world.ledger.putRejectedMember({ set: keyOf(late), ref, expiresAt: 1 });
    }
    let looks = 0;
    const ledger = interrupted(world.ledger, 'ledger', ({ method, phase }) => {
      if (method === 'readChange' && phase === 'before') looks += 1;
    });
    expect(await rejectionFromSet({ ledger }, late, [])).toMatchObject({ code: 'not-attempted' });
    expect(looks).toBeLessThanOrEqual(25);
  });

  it('goes on where the rejected member is one that the ledger has forgotten', async () => {
    const world = aWorld('13');
    const late = await world.accept('CHG1/2', adding('13', set(2)));
    const ref = { ...late.ref, idempotencyKey: 'CHG1/1' };
    await world.ledger.putRejectedMember({ set: keyOf(late), ref, expiresAt: 1 });
    await world.settle([late]);
    expect(await world.endings('CHG1/2')).toEqual(['applied']);
  });

  it('is redriven with its dependents, in order, and goes all the way', async () => {
    const { world, changes } = await build();
    await world.settle(changes);
    world.addApplications('404');
    const chosen = await findDependents(world.ledger, [await world.read('CHG1/1')]);
    expect(chosen.map(({ ref }) => ref.idempotencyKey)).toEqual(['CHG1/1', 'CHG1/2', 'CHG1/3']);
    const reopened = [];
    for (const { ref, generation } of chosen) {
      const decision = await redriveChange(world.ports, ref, generation, { acceptStale: true });
      if (decision.kind === 'reopen') reopened.push(decision.record);
    }
    await world.settle(reopened);
    expect(await world.endings(...KEYS)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(world.group()?.applicationIds.toSorted()).toEqual(['12', '13', '14', '404']);
  });
});

/** Both members of a set are rejected, for applications that exist since. */
async function rejectedSet(onReject: OnReject = 'stop') {
  const world = aWorld();
  await world.play(adding('401', set(1, onReject, 2)), adding('402', set(2, onReject, 2)));
  world.addApplications('401', '402');
  const redrive = async (key: string) => {
    const { ref, generation } = await world.read(key);
    return redriveChange(world.ports, ref, generation);
  };
  return { world, redrive, first: await world.read('T-1'), second: await world.read('T-2') };
}
const refused = { kind: 'refused', refusal: { code: 'earlier-member' } };

describe('a set that stops, redriven', () => {
  it('holds a member while one before it is rejected, and says which', async () => {
    const { world, redrive } = await rejectedSet();
    const { writes } = world.ledger;
    const refusal = { ...refused.refusal, sentence: expect.stringContaining('T-1'), remedy: expect.any(String) };
    expect(await redrive('T-2')).toMatchObject({ ...refused, refusal });
    expect(world.ledger.writes).toBe(writes);
    const reopened = [await redrive('T-1'), await redrive('T-2')];
    expect(reopened.map(({ kind }) => kind)).toEqual(['reopen', 'reopen']);
    await world.settle(reopened.flatMap((one) => (one.kind === 'reopen' ? [one.record] : [])));
    expect(await world.endings()).toEqual(['applied', 'applied']);
  });

  it('holds a member while one before it waits for its time, and no longer than that', async () => {
    const { world, redrive } = await rejectedSet();
    await redrive('T-1');
    const open = await world.read('T-1');
    await world.ledger.writeChange({ ...open, state: 'scheduled' }, open.version);
    expect(await redrive('T-2')).toMatchObject(refused);
    await world.ledger.writeChange(open, open.version + 1);
    expect(await redrive('T-2')).toMatchObject({ kind: 'reopen' });
  });

  it('is previewed as a whole, in its order, whatever order it was chosen in', async () => {
    const { world, first, second } = await rejectedSet();
    const preview = async (...chosen: ChangeRecord[]) =>
      (await previewRedrives(world.ports, chosen)).map((row) => [row.record.ref.idempotencyKey, row.decision.kind]);
    expect(await preview(second, first)).toEqual([
      ['T-1', 'reopen'],
      ['T-2', 'reopen'],
    ]);
    expect(await preview(second)).toEqual([['T-2', 'refused']]);
  });

  it('by the console in the wrong order is carried out in the order of the set', async () => {
    const { world, first, second } = await rejectedSet();
    const movedBack = ({ ref, generation }: ChangeRecord) => {
      const sent = world.failures.sent.find((one) => one.ref?.idempotencyKey === ref.idempotencyKey);
      const id = failureId(ref, generation);
      return { messageId: id, receiptHandle: id, body: JSON.stringify(sent), receiveCount: 1 };
    };
    const late = movedBack(second);
    expect(await world.work(late, movedBack(first))).toEqual([late.messageId]);
    expect((await world.read('T-2')).generation).toBe(1);
    expect(await world.work(late)).toEqual([]);
    await world.settle([await world.read('T-1'), await world.read('T-2')]);
    expect(await world.endings()).toEqual(['applied', 'applied']);
  });
});

it('a set that continues, redriven, holds no member', async () => {
  const { redrive } = await rejectedSet('continue');
  expect(await redrive('T-2')).toMatchObject({ kind: 'reopen' });
});

describe('a rejection that follows from another', () => {
  const missing = { action: 'update', group: { name: 'Annex' }, set: { enabled: true } };

  it('is looked for only where one may follow', async () => {
    const world = aWorld('12');
    let asked = 0;
    world.ports.ledger = interrupted(world.ledger, 'ledger', ({ method }) => {
      if (method === 'failuresBefore') asked += 1;
    });
    await world.play(adding('12'), adding('404'));
    expect([await world.endings(), asked]).toEqual([['applied', 'application-not-found'], 0]);
  });

  it('is looked for among a bounded number of failures, the newest of them, however many there are', async () => {
    const world = aWorld();
    for (const record of await world.acceptAll(...upTo(300).map(() => missing))) {
      const outcome = aRejected({ at: world.clock.now() });
      await world.ledger.writeChange({ ...record, state: 'settled', outcome, failed: true }, record.version);
    }
    let read = 0;
    const { failedChanges, failuresBefore } = world.ledger;
    world.ports.ledger = {
      ...world.ledger,
      async *failedChanges(lane) {
        for await (const one of failedChanges(lane)) {
          read += 1;
          yield one;
        }
      },
      async failuresBefore(lane, sequence, limit) {
        const found = await failuresBefore(lane, sequence, limit);
        read += found.length;
        return found;
      },
    };
    expect(await world.play(missing)).toMatchObject({ details: { causedBy: { idempotencyKey: 'T-300' } } });
    expect(read).toBe(100);
  });

  it('names it: the group an earlier change should have made', async () => {
    const world = aWorld();
    const first = await world.play(update('999', { set: { name: 'Annex' } }), missing);
    expect(await world.endings()).toEqual(['group-not-found', 'group-not-found']);
    expect(first).not.toHaveProperty('details.causedBy');
    const causedBy = { idempotencyKey: 'T-1', code: 'group-not-found' };
    expect(await world.outcome('T-2')).toMatchObject({ details: { causedBy } });
  });
});

it.each([{}, set(2, 'continue')])('nothing is asked of a change that no rejection stops: %j', async (more) => {
  const world = aWorld('11');
  const record = await world.accept('T-1', adding('11', more));
  const asked = () => Promise.reject(new Error('asked'));
  const ledger = { readChange: asked, rejectedMembers: asked };
  expect(await rejectionFromSet({ ledger }, record, [])).toBeUndefined();
  const stopping = await world.accept('T-2', adding('11', set(2)));
  await expect(rejectionFromSet({ ledger }, stopping, [])).rejects.toThrow('asked');
});
