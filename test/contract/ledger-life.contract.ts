import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Ledger } from '../../shared/ports/ports.ts';
import { aChange, aDesired, anApplied, anUpdate, aRef, aRejected } from '../fakes/records.ts';
import { all, type LedgerUnderTest, nextLane } from './ledger.contract.ts';

/** The promises of every `Ledger` about a lane's lists: members, order, completeness. */
export function ledgerLifeContract(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`ledger contract, lists of a lane: ${name}`, () => {
    let under: LedgerUnderTest;
    let ledger: Ledger;
    beforeAll(async () => {
      under = await open();
      ledger = under.ledger;
    });
    afterAll(() => under.close());

    const openKeys = async (lane: Lane) => keysOf(await ledger.openChanges(lane, 100));
    const failedKeys = async (lane: Lane) => keysOf(await all(ledger.failedChanges(lane)));

    it('follows a rejected and redriven change from open to failed to open to neither', async () => {
      const lane = nextLane();
      const first = aChange({ ref: aRef('CHG1/1', { lane }), sequence: 4 });
      const rejected = aRejected();
      const life: [Partial<ChangeRecord>, boolean, boolean][] = [
        [{}, true, false],
        [{ state: 'queued', sentAt: 1 }, true, false],
        [{ state: 'scheduled' }, true, false],
        [{ state: 'settled', outcome: rejected, failed: true, pending: ['dlq', 'sns'] }, true, true],
        [{ pending: ['sns'] }, true, true],
        [{ pending: [] }, false, true],
        [{ state: 'accepted', generation: 2, sequence: 9, failed: false, history: [rejected] }, true, false],
        [{ state: 'settled', outcome: anApplied({ generation: 2 }), pending: ['desired', 'sns'] }, true, false],
        [{ pending: [] }, false, false],
      ];
      let record = first;
      for (const [index, [step, isOpen, isFailed]] of life.entries()) {
        record = { ...record, ...step };
        expect(await ledger.writeChange(record, index)).toEqual({ written: true });
        expect({ index, open: await openKeys(lane) }).toEqual({ index, open: isOpen ? ['CHG1/1'] : [] });
        expect({ index, failed: await failedKeys(lane) }).toEqual({ index, failed: isFailed ? ['CHG1/1'] : [] });
      }
    });

    it('lists changes whole, with everything that a read of one shows', async () => {
      const lane = nextLane();
      const rejected = aRejected();
      const full: ChangeRecord = {
        ...aChange({ ref: aRef('CHG1/1', { lane }), state: 'settled', outcome: rejected, failed: true }),
        ...{ pending: ['sns'], history: [rejected], scheduledFor: 1, releasedAt: 2, attempts: 3, acceptStale: true },
        ...{ cancelRequest: { generation: 1, by: 'ada', reason: 'r', at: 4 }, microtenantId: '0' },
      };
      await ledger.writeChange(full, 0);
      const read = await ledger.readChange(full.ref);
      expect(read).toEqual({ ...full, version: 1 });
      expect(await ledger.openChanges(lane, 10)).toEqual([read]);
      expect(await all(ledger.failedChanges(lane))).toEqual([read]);
      expect(await ledger.failuresBefore(lane, full.sequence + 1, 10)).toEqual([read]);
    });

    it('lists open changes by sequence, from a place on, up to a limit', async () => {
      const lane = nextLane();
      for (const sequence of [30, 2, 100, 9, 10]) await writeOpen(ledger, lane, sequence);
      const sequences = async (limit: number, after?: number) =>
        (await ledger.openChanges(lane, limit, after)).map((one) => one.sequence);
      expect(await sequences(100)).toEqual([2, 9, 10, 30, 100]);
      expect(await sequences(3)).toEqual([2, 9, 10]);
      expect(await sequences(2, 9)).toEqual([10, 30]);
      expect(await sequences(10, 100)).toEqual([]);
      expect(await sequences(0)).toEqual([]);
    });

    it('lists failures before a place, the latest first, up to a limit', async () => {
      const lane = nextLane();
      for (const sequence of [30, 2, 100, 9, 10]) {
        const ref = aRef(`CHG${sequence}`, { lane });
        const failed = aChange({ ref, sequence, state: 'settled', outcome: aRejected(), failed: sequence !== 9 });
        await ledger.writeChange(failed, 0);
      }
      const sequences = async (before: number, limit: number) =>
        (await ledger.failuresBefore(lane, before, limit)).map((one) => one.sequence);
      expect(await sequences(101, 100)).toEqual([100, 30, 10, 2]);
      expect(await sequences(100, 2)).toEqual([30, 10]);
      expect(await sequences(2, 100)).toEqual([]);
    });

    it('lists scheduled changes behind all others, in their order', async () => {
      const lane = nextLane();
      for (const sequence of [1, 2, 3]) await writeOpen(ledger, lane, sequence);
      const [one, two] = await ledger.openChanges(lane, 2);
      if (one === undefined || two === undefined) throw new Error('two are open');
      await ledger.writeChange({ ...two, state: 'scheduled', scheduledFor: 4 }, 1);
      await ledger.writeChange({ ...one, state: 'scheduled', scheduledFor: 5 }, 1);
      const sequences = async (limit: number, after?: number) =>
        (await ledger.openChanges(lane, limit, after)).map((each) => each.sequence);
      expect(await sequences(10)).toEqual([3, 1, 2]);
      expect(await sequences(10, 3)).toEqual([1, 2]);
      expect(await sequences(10, openPlace({ state: 'scheduled', sequence: 1 }))).toEqual([2]);
      await ledger.writeChange({ ...one, state: 'accepted', sequence: 4 }, 2);
      expect(await sequences(10)).toEqual([3, 4, 2]);
    });

    it('knows the rejected members of a set, and no others', async () => {
      const lane = nextLane();
      const member = (key: string, set: string) => ({ set, ref: aRef(key, { lane }), expiresAt: 1_900_000_000_000 });
      await ledger.putRejectedMember(member('CHG1/1#x', 'a'));
      await ledger.putRejectedMember(member('CHG1/1#x', 'a'));
      await ledger.putRejectedMember(member('CHG1/2', 'a'));
      await ledger.putRejectedMember(member('CHG1/3', 'ab'));
      const refs = await ledger.rejectedMembers(lane, 'a');
      expect(refs.map((ref) => ref.idempotencyKey).toSorted()).toEqual(['CHG1/1#x', 'CHG1/2']);
      expect(await ledger.rejectedMembers(nextLane(), 'a')).toEqual([]);
    });

    it('lists rejected changes by sequence, without those put aside', async () => {
      const lane = nextLane();
      for (const sequence of [7, 3, 5]) {
        const ref = aRef(`F${sequence}`, { lane });
        const settled = { state: 'settled' as const, outcome: aRejected(), failed: true };
        await ledger.writeChange(aChange({ ref, sequence, ...settled }), 0);
      }
      expect(await failedKeys(lane)).toEqual(['F3', 'F5', 'F7']);
      const read = await ledger.readChange(aRef('F5', { lane }));
      if (read === undefined) throw new Error('F5 is gone');
      await ledger.writeChange({ ...read, failed: false, discarded: { by: 'ada', at: 5 } }, read.version);
      expect(await failedKeys(lane)).toEqual(['F3', 'F7']);
    });

    it('shows a write in the very next read and query', async () => {
      const lane = nextLane();
      for (let sequence = 1; sequence <= 20; sequence++) {
        await writeOpen(ledger, lane, sequence);
        expect((await ledger.openChanges(lane, 100)).at(-1)?.sequence).toBe(sequence);
        expect((await ledger.readChange(aRef(`K${sequence}`, { lane })))?.sequence).toBe(sequence);
      }
    });

    it('lists more than a megabyte, whole and in order, and a limit across its pages', async () => {
      const lane = nextLane();
      const change = anUpdate({ set: { description: 'd'.repeat(60_000) } });
      for (let sequence = 1; sequence <= 40; sequence++) {
        await ledger.writeChange(aChange({ ref: aRef(`K${sequence}`, { lane }), sequence, change }), 0);
      }
      const sequences = (changes: ChangeRecord[]) => changes.map((one) => one.sequence);
      const open = await ledger.openChanges(lane, 1000);
      expect(sequences(open)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
      expect(open[39]?.change).toEqual(change);
      expect(sequences(await ledger.openChanges(lane, 35))).toEqual(sequences(open).slice(0, 35));
      expect(sequences(await ledger.openChanges(lane, 30, 5))).toEqual(sequences(open).slice(5, 35));
    });

    it('lists the desired groups of a lane, more than a megabyte of them', async () => {
      const lane = nextLane();
      const members = Object.fromEntries(
        Array.from({ length: 3000 }, (_, index) => [`7205759403793${index}`, [1, index] as [1, number]]),
      );
      const groups = Array.from({ length: 20 }, (_, index) =>
        aDesired({ lane, groupId: String(index + 100), members }),
      );
      for (const group of groups) expect(await ledger.writeDesired(group, 0)).toEqual({ written: true });
      const listed = await all(ledger.listDesired(lane));
      expect(listed.map((one) => one.groupId).sort()).toEqual(groups.map((one) => one.groupId));
      expect(listed[19]?.members).toEqual(members);
    });

    it('lists the desired groups anew to whoever knows earlier ones: those written since, and those that came', async () => {
      const lane = nextLane();
      const groups = ['100', '101', '102'].map((groupId) => aDesired({ lane, groupId, members: { '1': [1, 1] } }));
      for (const group of groups.slice(0, 2)) await ledger.writeDesired(group, 0);
      const known = new Map((await all(ledger.listDesired(lane))).map((one) => [one.groupId, one]));
      await ledger.writeDesired(aDesired({ lane, groupId: '101', members: { '1': [0, 2] } }), 1);
      await ledger.writeDesired(aDesired({ lane, groupId: '102', members: { '1': [1, 3] } }), 0);
      const listed = await all(ledger.listDesired(lane, undefined, known));
      expect(listed).toEqual(await all(ledger.listDesired(lane)));
      expect(listed.map(({ members }) => members['1'])).toEqual([
        [1, 1],
        [0, 2],
        [1, 3],
      ]);
    });

    it('shows nothing of another lane, also one whose name begins alike', async () => {
      const lane = nextLane();
      const longer = `${lane}0`;
      await writeOpen(ledger, longer, 1);
      await ledger.writeDesired(aDesired({ lane: longer }), 0);
      expect(await openKeys(lane)).toEqual([]);
      expect(await failedKeys(lane)).toEqual([]);
      expect(await all(ledger.listDesired(lane))).toEqual([]);
      expect(await openKeys(longer)).toEqual(['K1']);
    });
  });
}

const keysOf = (changes: ChangeRecord[]) => changes.map((one) => one.ref.idempotencyKey);

const writeOpen = (ledger: Ledger, lane: Lane, sequence: number) =>
  ledger.writeChange(aChange({ ref: aRef(`K${sequence}`, { lane }), sequence }), 0);
