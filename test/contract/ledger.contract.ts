import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import type { ClaimHolder } from '../../shared/domain/records/change-record.ts';
import { newLane } from '../../shared/domain/records/lane-record.ts';
import { ABSENT, type Ledger, type Written } from '../../shared/ports/ports.ts';
import { aChange, aDelivery, aDesired, aRef } from '../fakes/records.ts';

export type LedgerUnderTest = { ledger: Ledger; close(): Promise<void> };

/** Makes a lane that no other test of this run has used. */
export type NewLane = () => Lane;

let lanes = 0;
export const nextLane: NewLane = () => {
  lanes += 1;
  return `BETA:7205759403${String(lanes).padStart(6, '0')}`;
};

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/**
 * The promises of every `Ledger` about single records: conditional writes, versions, counters, links. `exact: false` where
 * the line loses answers, so that a repeated count may skip numbers.
 */
export function ledgerContract(name: string, open: () => Promise<LedgerUnderTest>, { exact = true } = {}): void {
  describe(`ledger contract, single records: ${name}`, () => {
    let under: LedgerUnderTest;
    let ledger: Ledger;
    beforeAll(async () => {
      under = await open();
      ledger = under.ledger;
    });
    afterAll(() => under.close());

    it('answers for what nobody wrote', async () => {
      const lane = nextLane();
      expect(await ledger.readChange(aRef('none', { lane }))).toBeUndefined();
      expect(await ledger.readLane(lane)).toEqual(newLane(lane));
      expect(await ledger.readDesired(lane, '1')).toBeUndefined();
      expect(await ledger.readStatusLink('0'.repeat(64))).toBeUndefined();
      expect(await ledger.lastSequence(lane)).toBe(0);
      expect(await ledger.openChanges(lane, 10)).toEqual([]);
    });

    it('gives out places of a lane in order, several at once, each lane its own', async () => {
      const [lane, other] = [nextLane(), nextLane()];
      const first = await ledger.takeSequences(lane, 1);
      const three = await ledger.takeSequences(lane, 3);
      const next = await ledger.takeSequences(lane, 1);
      if (exact) expect([first, three, next]).toEqual([1, 2, 5]);
      expect(three).toBeGreaterThan(first);
      expect(next).toBeGreaterThan(three + 2);
      expect(await ledger.lastSequence(lane)).toBe(next);
      expect(await ledger.lastSequence(other)).toBe(0);
    });

    it('never gives a place twice to takers at the same time', async () => {
      const lane = nextLane();
      const firsts = await Promise.all(Array.from({ length: 20 }, () => ledger.takeSequences(lane, 2)));
      const places = new Set(firsts.flatMap((first) => [first, first + 1]));
      expect(places.size).toBe(40);
    });

    it('counts versions up from an absent record, and refuses a write against another version', async () => {
      const lane = nextLane();
      const record = aChange({ ref: aRef('CHG1/1', { lane }) });
      expect(await ledger.writeChange(record, ABSENT)).toEqual({ written: true });
      expect(await ledger.readChange(record.ref)).toEqual({ ...record, version: 1 });

      const queued = { ...record, state: 'queued' as const, sentAt: 5 };
      expect(await ledger.writeChange(queued, 1)).toEqual({ written: true });
      expect(await ledger.readChange(record.ref)).toEqual({ ...queued, version: 2 });

      const stale = await ledger.writeChange({ ...record, attempts: 9 }, 1);
      expect(stale).toEqual({ written: false, found: { ...queued, version: 2 } });
      const again = await ledger.writeChange(record, ABSENT);
      expect(again).toEqual({ written: false, found: { ...queued, version: 2 } });
      expect(await ledger.readChange(record.ref)).toEqual({ ...queued, version: 2 });
    });

    it('refuses to replace what is not there', async () => {
      const lane = nextLane();
      const record = aChange({ ref: aRef('CHG2/1', { lane }) });
      expect(await ledger.writeChange(record, 3)).toEqual({ written: false, found: undefined });
      expect(await ledger.writeLane(newLane(lane), 1)).toEqual({ written: false, found: undefined });
      expect(await ledger.writeDesired(aDesired({ lane }), 2)).toEqual({ written: false, found: undefined });
      expect(await ledger.readChange(record.ref)).toBeUndefined();
    });

    it('goes by the version that is expected, not by the one the record carries', async () => {
      const lane = nextLane();
      const record = aChange({ ref: aRef('CHG3/1', { lane }), version: 77 });
      expect(await ledger.writeChange(record, ABSENT)).toEqual({ written: true });
      expect((await ledger.readChange(record.ref))?.version).toBe(1);
    });

    it('lets one of fifty writers win, and shows the winner to all others', async () => {
      const lane = nextLane();
      const ref = aRef('CHG4/1', { lane });
      const race = (expected: number) =>
        winners(50, (attempts) => ledger.writeChange(aChange({ ref, attempts }), expected));
      for (const expected of [ABSENT, 1, 2]) {
        const { won, found } = await race(expected);
        const stored = await ledger.readChange(ref);
        expect(won).toEqual([stored?.attempts]);
        expect(found).toHaveLength(49);
        for (const one of found) expect(one).toEqual(stored);
      }
    });

    it('does so for lanes and desired groups too', async () => {
      const lane = nextLane();
      const lanesWon = await winners(20, (fence) => ledger.writeLane({ ...newLane(lane), fence }, ABSENT));
      expect(lanesWon.won).toEqual([(await ledger.readLane(lane)).fence]);
      const desiredWon = await winners(20, (complete) => ledger.writeDesired(aDesired({ lane, complete }), ABSENT));
      const stored = await ledger.readDesired(lane, aDesired().groupId);
      expect(desiredWon.won).toEqual([stored?.complete]);
      expect(stored?.version).toBe(1);
    });

    it('keeps changes apart whose source, tenant, key or lane differ', async () => {
      const lane = nextLane();
      const refs = [
        aRef('a#b', { lane }),
        aRef('b', { lane, source: 'helpdesk', tenant: 'acme-test-a' }),
        aRef('a#b', { lane, source: 'other' }),
        aRef('a#b', { lane: `${lane}1` }),
        aRef('a#b%$"\'{}', { lane }),
      ];
      for (const [index, ref] of refs.entries()) {
        expect(await ledger.writeChange(aChange({ ref, attempts: index }), ABSENT)).toEqual({ written: true });
      }
      for (const [index, ref] of refs.entries()) expect((await ledger.readChange(ref))?.attempts).toBe(index);
    });

    it('remembers a body of a source once, whoever says so first, until it is written anew', async () => {
      const bodyHash = nextLane().padEnd(64, 'd');
      const race = await winners(20, (at) => ledger.writeDelivery(aDelivery({ bodyHash, id: `id-${at}`, at }), ABSENT));
      const [at = -1] = race.won;
      const first = aDelivery({ bodyHash, id: `id-${at}`, at, version: 1 });
      expect(race.won).toHaveLength(1);
      for (const found of race.found) expect(found).toEqual(first);
      const later = { ...first, id: 'later', keptUntil: first.keptUntil + 1 };
      expect(await ledger.writeDelivery(later, 1)).toEqual({ written: true });
      const found = { ...later, version: 2 };
      expect(await ledger.writeDelivery(first, 1)).toEqual({ written: false, found });
      expect(await ledger.writeDelivery(aDelivery({ bodyHash, source: 'other' }), ABSENT)).toEqual({ written: true });
    });

    it('gives a key to one change, however many ask for it at once, and to the same one again', async () => {
      const key = nextLane().padEnd(64, 'c');
      expect(await ledger.readClaim(key)).toBeUndefined();
      const claimOf = (at: number) => ({ key, ref: aRef(`T-${at}`), claimedAt: at, expiresAt: 1_796_000_000_123 });
      const claim = async (at: number) => holderOf(await ledger.claimKey(claimOf(at)));
      const holders = await Promise.all(Array.from({ length: 20 }, (_, at) => claim(at)));
      const [holder] = holders;
      for (const one of holders) expect(one).toEqual(holder);
      expect(holder?.ref).toEqual(aRef(`T-${holder?.claimedAt}`));
      expect(await claim(holder?.claimedAt ?? -1)).toEqual(holder);
      expect(await ledger.readClaim(key)).toMatchObject(holder ?? {});
      const other = { ...claimOf(99), key: `${key.slice(1)}0` };
      expect(await ledger.claimKey(other)).toMatchObject({ ref: other.ref, claimedAt: 99 });
    });

    it('keeps a status link, and a second time the same link is the same', async () => {
      const link = { hash: nextLane().padEnd(64, 'e'), ref: aRef(), expiresAt: 1_796_000_000_123 };
      await ledger.putStatusLink(link);
      await ledger.putStatusLink(link);
      expect(await ledger.readStatusLink(link.hash)).toEqual(link);
    });
  });
}

const holderOf = ({ ref, claimedAt }: ClaimHolder) => ({ ref, claimedAt });

async function winners<T>(count: number, write: (index: number) => Promise<Written<T>>) {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => write(index)));
  return {
    won: answers.flatMap((answer, index) => (answer.written ? [index] : [])),
    found: answers.flatMap((answer) => (answer.written ? [] : [answer.found])),
  };
}
