import { expect, it } from 'vitest';
import type { ChangeFilters } from '../../../../../functions/ops/changes/matcher.ts';
import { createChangeIndex } from '../../../../../functions/ops/console/changes/change-index.ts';
import { createFollower } from '../../../../../functions/ops/console/changes/follow-changes.ts';
import { PAGE_SIZE, readListing } from '../../../../../functions/ops/console/changes/read-listing.ts';
import { TEST_START } from '../../../../fakes/fake-clock.ts';
import { anApplied, aRef, aRejected } from '../../../../fakes/records.ts';
import { createListedLedger } from './listed-ledger.ts';

/** The list of changes over a ledger that has no index by time. */

function openList(most?: number) {
  const ledger = createListedLedger();
  const ends = new AbortController();
  const index = createChangeIndex(most);
  let now = TEST_START;
  const follower = createFollower(index, () => now);
  const list = async (filters: ChangeFilters = {}, page = 1) => {
    const means = { session: ledger.session, ends: ends.signal };
    const listing = await readListing(means, { index, follower }, { filters, page });
    return { ...listing, keys: listing.records.map(({ ref }) => ref.idempotencyKey) };
  };
  return {
    ledger,
    ends,
    list,
    idle: () => follower.idle(),
    /** The list once everything is read. */
    async listAll(filters?: ChangeFilters, page?: number) {
      await list();
      await follower.idle();
      return list(filters, page);
    },
    wait(ms: number) {
      now += ms;
    },
  };
}

type Scene = ReturnType<typeof openList>;

const settled = (key: string, at: number, over: object = {}) => ({
  ref: aRef(key),
  ticket: { system: 'Helpdesk', id: /^[^/@]*/.exec(key)?.[0] ?? '', approvals: [] },
  state: 'settled' as const,
  outcome: anApplied({ at }),
  ...over,
});

const store = async (scene: Scene, count: number) => {
  for (let index = 1; index <= count; index += 1) await scene.ledger.store(settled(`CHG${index}/1@A`, index));
};

it('shows each change on one page, the newest first, and reads no more than the page for one', async () => {
  const scene = openList();
  await store(scene, 2 * PAGE_SIZE + 3);
  const first = await scene.listAll();
  const before = { ...scene.ledger.counts };
  const pages = [first, await scene.list({}, 2), await scene.list({}, 3)];
  const keys = pages.flatMap((page) => page.keys);
  expect(keys).toEqual(Array.from({ length: 2 * PAGE_SIZE + 3 }, (_, back) => `CHG${2 * PAGE_SIZE + 3 - back}/1@A`));
  expect(pages.every(({ total }) => total === 2 * PAGE_SIZE + 3)).toBe(true);
  expect(scene.ledger.counts).toEqual({ listed: before.listed, read: before.read + PAGE_SIZE + 3 });
  expect((await scene.list({}, 4)).keys).toEqual([]);
});

it('is never shown as complete while it is read: a key, a ticket, a line and what is open are there at once', async () => {
  const scene = openList();
  await store(scene, 5);
  await scene.ledger.store({ ref: aRef('CHG9/1@A'), acceptedAt: 9 });
  const going = Promise.withResolvers<void>();
  scene.ledger.hold = () => going.promise;
  const begun = await scene.list();
  expect(begun.progress).toMatchObject({ isComplete: false, since: undefined });
  expect(begun.keys).toEqual(['CHG9/1@A']);
  for (const text of ['CHG4', 'CHG4/1', 'CHG4/1@A']) expect((await scene.list({ text })).keys).toEqual(['CHG4/1@A']);
  going.resolve();
  await scene.idle();
  expect(await scene.list()).toMatchObject({ total: 6, progress: { isComplete: true, read: 6, missed: 0 } });
});

it('tells how far it was read when its changes were chosen, though the reading ends while they are read', async () => {
  const scene = openList();
  await store(scene, 3);
  await scene.ledger.store({ ref: aRef('CHG9/1@A'), acceptedAt: 9 });
  const going = Promise.withResolvers<void>();
  scene.ledger.hold = () => going.promise;
  scene.ledger.onRead = () => {
    going.resolve();
    return scene.idle();
  };
  expect(await scene.list()).toMatchObject({ total: 1, progress: { isComplete: false } });
  expect(await scene.list()).toMatchObject({ total: 4, progress: { isComplete: true } });
});

it.each<[string, ChangeFilters, string[]]>([
  ['a part of the key, in any case', { text: 'chg2' }, ['CHG20/1@A', 'CHG2/1@A']],
  ['a part of the group’s name', { text: 'inter' }, ['CHG20/1@A', 'CHG3/1@A', 'CHG2/1@A']],
  ['its id', { text: '72057594037931001' }, ['CHG20/1@A', 'CHG2/1@A']],
  ['an outcome', { outcome: 'rejected' }, ['CHG3/1@A']],
  ['being scheduled', { outcome: 'scheduled' }, ['CHG4/1@A']],
  ['being open', { outcome: 'open' }, ['CHG4/1@A']],
  ['a source', { source: 'jira' }, []],
  ['time', { since: '2026-01-01', until: '2026-01-02' }, ['CHG3/1@A']],
])('is chosen by %s, as `changes list` does', async (_, filters, keys) => {
  const scene = openList();
  await scene.ledger.store(settled('CHG2/1@A', Date.parse('2025-12-30')));
  await scene.ledger.store(settled('CHG20/1@A', Date.parse('2026-02-01')));
  const outcome = aRejected({ at: Date.parse('2026-01-01') });
  await scene.ledger.store(settled('CHG3/1@A', 0, { outcome, failed: true }));
  const change = { group: { name: 'Other' }, notBefore: '2099-01-01T00:00:00Z' };
  const scheduled = { state: 'scheduled' as const, acceptedAt: Date.parse('2026-03-01') };
  await scene.ledger.store({ ref: aRef('CHG4/1@A'), ...scheduled, change: change as never });
  expect((await scene.listAll(filters)).keys).toEqual(keys);
});

it('follows an open change until it is settled, without reading the ledger again', async () => {
  const scene = openList();
  await store(scene, 3);
  await scene.ledger.store({ ref: aRef('CHG9/1@A'), acceptedAt: 9 });
  expect((await scene.listAll({ outcome: 'open' })).keys).toEqual(['CHG9/1@A']);
  const { listed } = scene.ledger.counts;
  await scene.ledger.store(settled('CHG9/1@A', 10));
  scene.wait(60_000);
  expect((await scene.list({ outcome: 'open' })).keys).toEqual([]);
  const later = await scene.list();
  expect(later.keys[0]).toBe('CHG9/1@A');
  expect(later.progress.missed).toBe(0);
  expect(scene.ledger.counts.listed).toBe(listed);
});

it('tells that a change was accepted and settled between two looks, finds it by its name, and reads the ledger again', async () => {
  const scene = openList();
  await store(scene, 3);
  await scene.listAll();
  await scene.ledger.store(settled('CHG9/1@A', 9));
  scene.wait(1000);
  expect(await scene.list()).toMatchObject({ total: 3, progress: { missed: 1 } });
  expect((await scene.list({ text: 'CHG9' })).keys).toEqual(['CHG9/1@A']);
  scene.wait(60_000);
  const again = await scene.listAll();
  expect(again).toMatchObject({ total: 4, progress: { missed: 0 } });
});

it('tells that the ledger could not be read, keeps what was read, and reads it again', async () => {
  const scene = openList();
  await store(scene, 3);
  scene.ledger.fault = new Error('The table is away.');
  const failed = await scene.listAll();
  expect(failed.progress).toMatchObject({ isComplete: false, failures: [{ sentence: 'The table is away.' }] });
  scene.ledger.fault = undefined;
  scene.wait(60_000);
  expect(await scene.listAll()).toMatchObject({ total: 3, progress: { isComplete: true, failures: [] } });
});

it('tells what may be missing until the ledger is read again to its end', async () => {
  const scene = openList();
  await store(scene, 3);
  await scene.listAll();
  await scene.ledger.store(settled('CHG9/1@A', 9));
  scene.wait(60_000);
  const going = Promise.withResolvers<void>();
  scene.ledger.hold = () => going.promise;
  await scene.list();
  expect(await scene.list()).toMatchObject({ total: 3, progress: { isComplete: true, missed: 1 } });
  going.reject(new Error('The table is away.'));
  await scene.idle();
  expect(await scene.list()).toMatchObject({ total: 3, progress: { missed: 1, failures: [{}] } });
  expect((await scene.list({ text: 'CHG9' })).keys).toEqual(['CHG9/1@A']);
  scene.ledger.hold = undefined;
  scene.wait(60_000);
  expect(await scene.listAll()).toMatchObject({ total: 4, progress: { missed: 0, failures: [] } });
});

it('lists an open change whose record cannot be read any more by its key, and shows the others', async () => {
  const scene = openList();
  await store(scene, 2);
  await scene.ledger.store({ ref: aRef('CHG9/1@A'), acceptedAt: 9 });
  expect((await scene.listAll()).keys).toContain('CHG9/1@A');
  await scene.ledger.store(settled('CHG9/1@A', 10));
  scene.ledger.malformed.add('CHG9/1@A');
  for (const later of [1000, 60_000]) {
    scene.wait(later);
    const { keys, unreadable } = await scene.list();
    expect(keys).toEqual(['CHG2/1@A', 'CHG1/1@A']);
    expect(unreadable.map(({ key }) => key)).toEqual(['CHG9/1@A']);
  }
  scene.ledger.malformed.clear();
  scene.wait(60_000);
  expect(await scene.list({ outcome: 'open' })).toMatchObject({ keys: [], unreadable: [] });
});

it('keeps the keys of records that cannot be read while it is read again', async () => {
  const scene = openList();
  await store(scene, 2);
  scene.ledger.unreadable = ['CHG7/1@A'];
  expect((await scene.listAll()).unreadable).toHaveLength(1);
  await scene.ledger.store(settled('CHG9/1@A', 9));
  scene.wait(60_000);
  const going = Promise.withResolvers<void>();
  scene.ledger.hold = () => going.promise;
  scene.ledger.unreadable = [];
  await scene.list();
  expect(await scene.list()).toMatchObject({ unreadable: [{ key: 'CHG7/1@A' }], progress: { read: 2 } });
  going.resolve();
  await scene.idle();
  expect(await scene.list()).toMatchObject({ unreadable: [], progress: { read: 3 } });
});

it('is complete and empty where the settings have no tenant', async () => {
  const scene = openList();
  scene.ledger.session.configuration.tenants = {};
  expect(await scene.listAll()).toMatchObject({ total: 0, progress: { isComplete: true, since: TEST_START } });
});

it('ends to read when the console ends', async () => {
  const scene = openList();
  await store(scene, 3);
  const going = Promise.withResolvers<void>();
  scene.ledger.hold = () => going.promise;
  await scene.list();
  scene.ends.abort();
  going.resolve();
  await scene.idle();
  expect(scene.ledger.counts.listed).toBeLessThanOrEqual(2);
});

it('keeps the newest and every open one where there are more than it may hold, and says since when', async () => {
  const scene = openList(10);
  await scene.ledger.store({ ref: aRef('CHG0/1@A'), acceptedAt: 0 });
  await store(scene, 30);
  const { keptSince, keys } = await scene.listAll();
  expect(keptSince).toBeGreaterThan(15);
  expect(keys).toContain('CHG30/1@A');
  expect(keys).toContain('CHG0/1@A');
  expect(keys.length).toBeLessThanOrEqual(12);
});
