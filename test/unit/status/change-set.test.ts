import { describe, expect, it } from 'vitest';
import { statusHash, statusToken } from '../../../shared/domain/http/status-token.ts';
import { isSettled, noteId, recordOutcome, type SetNote } from '../../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { spoil } from '../../fakes/unreadable.ts';
import { applied, BROWSER, createStatusWorld, recordOf, rejected } from './status-world.ts';

type Sibling = Partial<Omit<ChangeRecord, 'ref'>> & { name?: string; set?: string; ref?: Partial<ChangeRecord['ref']> };

/** A member of a set on the ticket; without an outcome it waits. */
function member(index: number, { name = `Group ${index}`, set = 'lines', ref, ...part }: Sibling = {}): ChangeRecord {
  const base = recordOf();
  const key = `CHG0031337/${index}@APPR0007`;
  const changeSet = { id: set, index, size: 5, onReject: 'continue' as const };
  const change = { ...base.change, group: { name }, idempotencyKey: key, changeSet } as ChangeRecord['change'];
  const state = part.outcome === undefined ? 'queued' : 'settled';
  return recordOf({ ...part, state, ref: { ...base.ref, idempotencyKey: key, ...ref }, change });
}

/** The page of the first member, after all settled ones were noted; `planted` are put into its note as they are. */
async function worldOf(first: ChangeRecord, others: ChangeRecord[], planted: ChangeRecord[] = []) {
  const world = await createStatusWorld(first);
  for (const one of [...others, ...planted]) await world.ledger.writeChange(one, 0);
  const settled = [first, ...others].filter(isSettled);
  const note = settled.reduce<SetNote | undefined>((known, one) => recordOutcome(known, one, TEST_START), undefined);
  const foreign = planted.filter(isSettled).map((one) => recordOutcome(undefined, one, TEST_START).members);
  if (note !== undefined) await world.notes.write({ ...note, members: [...note.members, ...foreign.flat()] }, 0);
  return world;
}

type World = Awaited<ReturnType<typeof worldOf>>;
const jsonOf = async (world: World, query?: Record<string, string>) =>
  JSON.parse((await world.get(undefined, world.token, 'GET', query)).body);
const pageOf = async (world: World, query?: Record<string, string>) =>
  (await world.get(BROWSER, world.token, 'GET', query)).body;

describe('the page of a change that is one of several on its ticket', () => {
  it('says which one it is, and lists the others with change, result and link', async () => {
    const world = await worldOf(member(3, { outcome: rejected }), [
      member(1, { outcome: applied }),
      member(2, { outcome: applied }),
      member(5, { outcome: rejected, name: 'Remote <b>' }),
    ]);
    const page = await pageOf(world);
    expect(page).toContain(' · 3 of 5 on this ticket</p>');
    expect(page).toContain('2 of 5 changes are live; 2 need your attention; 1 is not finished, or not known here.');
    expect(page).toContain('<a href="?change=1"><bdi>Group 1</bdi></a>');
    expect(page).toContain('<b aria-current="page"><bdi>Group 3</bdi></b>');
    expect(page).toContain('<a href="?change=5"><bdi>Remote &lt;b&gt;</bdi></a>');
    expect(page).toContain('1 more change of this ticket has not finished, or is not known here.');
    expect((await jsonOf(world)).set).toMatchObject({
      index: 3,
      size: 5,
      members: [
        { index: 1, group: 'Group 1', outcome: 'applied', result: 'Live' },
        { index: 2, result: 'Live' },
        { index: 3, outcome: 'rejected', result: 'Rejected', change: 'Enable. Add 2 application segments: ssh, 42' },
        { index: 5, group: 'Remote <b>' },
      ],
    });
  });

  it('leads to each of them by the same link', async () => {
    const world = await worldOf(member(3, { outcome: rejected }), [member(1, { outcome: applied })]);
    expect(await jsonOf(world, { change: '1' })).toMatchObject({
      idempotencyKey: 'CHG0031337/1@APPR0007',
      outcome: { kind: 'applied' },
      set: { index: 1, members: [{ index: 1 }, { index: 3 }] },
    });
    expect(await pageOf(world, { change: '1' })).toContain(' · 1 of 5 on this ticket</p>');
    expect((await jsonOf(world, { change: '3' })).idempotencyKey).toBe('CHG0031337/3@APPR0007');
  });

  it('knows itself before any of them has ended', async () => {
    const world = await worldOf(member(2), []);
    expect((await jsonOf(world)).set).toMatchObject({
      summary: '1 is not finished; 4 are not finished, or not known here.',
      members: [{ index: 2, state: 'queued', outcome: null, result: 'Not finished' }],
    });
  });

  it('a redriven one has not finished', async () => {
    const again = { ...member(1, { outcome: rejected }), state: 'queued' as const };
    const { outcome: _, ...open } = again;
    const world = await worldOf(member(3, { outcome: applied }), [open]);
    expect((await jsonOf(world)).set.members).toMatchObject([{ index: 3 }]);
  });

  it.each<[string, ChangeRecord]>([
    ['ticket', member(1, { outcome: applied, ticket: { ...recordOf().ticket, id: 'CHG0000002' } })],
    ['set', member(1, { outcome: applied, set: 'others' })],
    ['approval', member(1, { outcome: applied, ref: { idempotencyKey: 'CHG0031337/1@APPR0001' } })],
  ])('never shows a change of another %s, even if the note names it', async (_, foreign) => {
    const own = member(3, { outcome: applied });
    expect(noteId(foreign)).not.toBe(noteId(own));
    const world = await worldOf(own, [], [foreign]);
    expect((await jsonOf(world)).set.members).toMatchObject([{ index: 3 }]);
    const asked = await world.get(undefined, world.token, 'GET', { change: '1' });
    expect(asked).toEqual(await world.get(undefined, 'A'.repeat(43)));
  });

  it.each(['0', '4', '03', 'undefined', '../3', ''])('answers place "%s" as an unknown link', async (change) => {
    const world = await worldOf(member(3, { outcome: applied }), []);
    expect((await world.get(undefined, world.token, 'GET', { change })).status).toBe(404);
  });

  it('of a change by itself, or of a set of one, says nothing of others', async () => {
    const world = await createStatusWorld();
    expect(JSON.parse((await world.get()).body).set).toBeUndefined();
    expect((await world.get(undefined, world.token, 'GET', { change: 'undefined' })).status).toBe(404);
    expect((await world.get(BROWSER)).body).not.toContain('on this ticket');
  });

  it('is shown, and leads to the others, where the record of one of them is malformed', async () => {
    const world = await worldOf(member(3, { outcome: applied }), [
      member(1, { outcome: applied }),
      member(2, { outcome: applied }),
    ]);
    spoil(world.ledger, member(1).ref.idempotencyKey, { request: false });
    expect((await jsonOf(world)).set.members).toMatchObject([{ index: 2 }, { index: 3 }]);
    expect(await pageOf(world)).toContain('3 more changes of this ticket have not finished, or are not known here.');
    expect(world.log.lines[0]).toMatchObject({ level: 'error', fields: { code: 'record-malformed' } });
  });

  it('is not shown without the others while the ledger does not answer', async () => {
    const world = await worldOf(member(3, { outcome: applied }), [member(1, { outcome: applied })]);
    world.notes.read = async () => Promise.reject(new Error('throttled'));
    expect((await world.get(undefined, world.token)).status).toBe(503);
  });

  it('a link that has expired leads to none of them', async () => {
    const world = await worldOf(member(3, { outcome: applied }), [member(1, { outcome: applied })]);
    const token = statusToken('secret', member(1).ref);
    await world.ledger.putStatusLink({ hash: statusHash(token), ref: member(1).ref, expiresAt: TEST_START });
    expect((await world.get(undefined, token, 'GET', { change: '3' })).status).toBe(404);
  });
});
