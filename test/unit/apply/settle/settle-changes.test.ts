import { describe, expect, it } from 'vitest';
import { settleAlone, settleInOrder } from '../../../../functions/apply/settle/settle-changes.ts';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { generationKey } from '../../../../shared/domain/lane/change-ref.ts';
import type { UnstampedOutcome } from '../../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anApplied } from '../../../fakes/records.ts';
import { laneOf, succeed } from '../intent/found-intent.ts';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP, LANE } from '../lane-world.ts';
import { CLASH, describing, OTHER, rename, update, upTo } from '../requests.ts';

const { generation: _generation, at: _at, attempts: _attempts, ...applied } = anApplied();
const rejected = (code: Parameters<typeof reject>[0]): UnstampedOutcome => reject(code, 'why');
const paused = { by: 'lena', reason: 'look', since: 1 };

/** Settles one change per outcome, in a lane with the given fields. */
async function settle(outcomes: UnstampedOutcome[], noted: Partial<LaneRecord> = {}) {
  const world = createLaneWorld();
  const records = await world.acceptAll(...outcomes.map(() => rename));
  const { session } = await succeed(world);
  session.stage(noted);
  const endings = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [{ record, outcome }];
  });
  await settleInOrder({ ports: world.ports, session }, endings);
  return { world, session, records, lane: session.lane() };
}

describe('a change that is settled', () => {
  it.each([
    ['T-2', false],
    ['T-9', true],
  ])('ends the count of its own 429s alone: of those of %s, left %s', async (key, isLeft) => {
    const ref = { lane: LANE, source: 'desk', tenant: 'acme', idempotencyKey: key };
    const limited = { of: generationKey({ ref, generation: 1 }), at: '', tries: 1, waitedMs: 1 };
    const { lane } = await settle([applied, applied], { limited });
    expect(lane.limited).toEqual(isLeft ? limited : undefined);
  });

  it('is counted once by how it ended, and told to whoever reads the log', async () => {
    const { world, session, records } = await settle([applied, rejected('group-not-found')]);
    const settled = () => world.meter.counts.filter(({ name }) => name === 'ChangeSettled');
    expect(settled()).toEqual([
      { name: 'ChangeSettled', value: 1, dimensions: { kind: 'applied' } },
      { name: 'ChangeSettled', value: 1, dimensions: { kind: 'rejected' } },
    ]);
    const lines = () => world.log.lines.filter(({ message }) => message === 'change settled');
    expect(lines().map(({ fields: { kind, code } }) => [kind, code])).toEqual([
      ['applied', undefined],
      ['rejected', 'group-not-found'],
    ]);
    const [first] = records;
    if (first === undefined) throw new Error('two were accepted');
    await settleInOrder({ ports: world.ports, session }, [{ record: first, outcome: applied }]);
    expect(settled()).toHaveLength(2);
    expect(lines()).toHaveLength(2);
  });

  it('names the settings by which it was settled', async () => {
    const world = createLaneWorld();
    const record = await world.accept('T-1', rename);
    const { session } = await succeed(world);
    const ports = { ...world.ports, configuration: { ...world.ports.configuration, settingsVersion: 7 } };
    await settleInOrder({ ports, session }, [{ record, outcome: applied }]);
    expect(await world.ledger.readChange(record.ref)).toMatchObject({
      outcome: { kind: 'applied', settingsVersion: 7 },
    });
  });

  it('and owes nothing need not be read again for its message', async () => {
    const { session, records } = await settle([applied, rejected('group-not-found')]);
    expect([...session.finished]).toEqual(records.map(generationKey));
  });

  it('and cannot be announced is not finished, and keeps no other one from it', async () => {
    const world = createLaneWorld();
    const records = await world.acceptAll(rename, rename);
    const { session } = await succeed(world);
    const publish: typeof world.outcomes.publish = async (notice) => {
      if (notice.ref.idempotencyKey === 'T-1') throw new Error('too large');
      await world.outcomes.publish(notice);
    };
    const endings = records.map((record) => ({ record, outcome: applied }));
    await settleInOrder({ ports: { ...world.ports, outcomes: { publish } }, session }, endings);
    expect([...session.finished]).toEqual(records.slice(1).map(generationKey));
    expect(await world.read('T-1')).toMatchObject({ state: 'settled', pending: ['sns'] });
    expect(world.meter.total('WorkerError')).toBe(1);
    const said = { message: 'owed sends could not be sent', fields: expect.objectContaining(records[0]?.ref) };
    expect(world.log.lines).toContainEqual(expect.objectContaining(said));
  });

  it('and was opened anew at that moment is not finished, nor if it has ended again and owes its sends', async () => {
    for (const since of [
      { state: 'queued', pending: [] },
      { state: 'settled', pending: ['sns'] },
    ] as const) {
      const world = createLaneWorld();
      const record = await world.accept('T-1', rename);
      const { session } = await succeed(world);
      const failures = {
        send: async () => {
          const settled = await world.read('T-1');
          const next = { ...settled, generation: 2, state: since.state, pending: [...since.pending] };
          await world.ledger.writeChange(next, settled.version);
        },
      };
      await settleInOrder({ ports: { ...world.ports, failures }, session }, [
        { record, outcome: rejected('group-not-found') },
      ]);
      expect([...session.finished]).toEqual([]);
    }
  });

  it('keeps the group it was about in its effect', async () => {
    const about = { groupId: GROUP };
    expect(await laneOf({}).play(rename)).toMatchObject({ kind: 'applied', effect: about, approved: about });
  });

  it('alone leaves nothing of it in hand', async () => {
    const { world, session } = await settle([]);
    const record = await world.accept('T-1', rename);
    const { ref, generation } = record;
    session.stage({
      working: { members: [], strikes: 0, since: 0 },
      trouble: { ref, generation, tries: 1, since: 1, retryAt: 1 },
    });
    await settleAlone({ ports: world.ports, session }, record, rejected('window-closed'));
    for (const field of ['working', 'trouble', 'intent']) expect(session.lane()).not.toHaveProperty(field);
  });
});

describe('a lane', () => {
  it('knows how far it is, and which places behind that are still open', async () => {
    const { lane } = await settle([applied, applied], { skipped: [1, 2, 7], through: 1 });
    expect(lane).toMatchObject({ through: 2, skipped: [7] });
  });

  it('is paused, with an alarm, when five changes in a row were rejected and nobody knows why', async () => {
    const { lane, world } = await settle([rejected('unclassified')], { unclassifiedInARow: 4 });
    expect(lane).toMatchObject({ unclassifiedInARow: 0, paused: { by: 'worker', since: world.clock.now() } });
    expect(world.meter.counts).toContainEqual({ name: 'LaneStopped', value: 1, dimensions: { lane: LANE } });
  });

  it('is not paused by changes that are rejected for a reason, and a change that ZPA took breaks the row', async () => {
    const known = await settle(Array.from({ length: 6 }, () => rejected('group-not-found')));
    expect(known.lane).not.toHaveProperty('paused');
    const mixed = await settle([rejected('unclassified'), rejected('group-not-found')], { unclassifiedInARow: 2 });
    expect(mixed.lane).toMatchObject({ unclassifiedInARow: 3 });
    const broken = await settle([rejected('unclassified'), applied], { unclassifiedInARow: 3 });
    expect(broken.lane).toMatchObject({ unclassifiedInARow: 0 });
    expect(broken.lane).not.toHaveProperty('paused');
  });

  it.each<[string, Parameters<typeof reject>[0], Partial<ZpaFault>, number]>([
    ['a clash that does not pass', 'zpa-refused', CLASH, 3],
    ['a limit that does not pass', 'zpa-refused', { code: 'rate-limited' }, 3],
    ['what ZPA refuses for good', 'zpa-refused', { code: 'invalid', class: 'permanent' }, 2],
    ['a reason that is known', 'group-not-found', CLASH, 2],
  ])('counts %s (%s) in the row or not', async (_, code, fault, row) => {
    const outcome = reject(code, 'why', { zpaError: aFault(fault) });
    expect((await settle([outcome], { unclassifiedInARow: 2 })).lane.unclassifiedInARow).toBe(row);
  });

  it('that an operator has paused stays as the operator says', async () => {
    const { lane } = await settle([rejected('unclassified')], { unclassifiedInARow: 4, paused });
    expect(lane).toMatchObject({ paused, unclassifiedInARow: 5 });
  });
});

describe('a lane that is stopped because its tenant refuses writes', () => {
  it('is alarmed once and probed later and later, although its reads succeed', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' });
    failWrites(world, upTo(8), aFault({ code: 'sign-in-refused', class: 'permanent', scope: 'tenant' }));
    await world.play(describing(), describing(OTHER));
    const delays = world.deferral.deferred.map(({ delayMs }) => delayMs);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(Math.max(...delays)).toBe(world.ports.timing.deferMaxMs);
    expect(world.log.lines.filter(({ message }) => message === 'lane stopped')).toHaveLength(1);
    expect(await world.endings()).toEqual(['applied', 'applied']);
    expect(await world.lane()).not.toHaveProperty('stopped');
  });

  it.each([
    ['a write that is confirmed', [describing()]],
    ['several', [describing(), describing(OTHER)]],
    ['a change that needs no write', [update(GROUP, { set: { name: 'Warehouse' } })]],
    ['a change of a group that does not exist', [describing('404')]],
    ['a refusal of the change itself', [update(GROUP, { set: { name: 'Refused' } })]],
  ])('is no longer stopped after %s', async (_, requests) => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' });
    await world.setLane({ stopped: { code: 'any', sentence: 'any', since: 0, tries: 1, probeAt: 0, alarmed: true } });
    world.tenant.interfere = (method, argument) =>
      method === 'write' && JSON.stringify(argument).includes('Refused') ? { fault: aFault() } : undefined;
    await world.play(...requests);
    expect(await world.lane()).not.toHaveProperty('stopped');
  });
});
