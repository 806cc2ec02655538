import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { read } from './ingest-world.ts';
import { createTicketWorld, DAVID, snowPayload, snowTicket, type TicketWorld } from './ticket-world.ts';

/**
 * ServiceNow dates an approval by the audit and counts by it how often its record was granted. Where the audit cannot be
 * read, an approval has the time of its record's last edit and no count.
 */

const ID = 'CHG0031337';
const payload = snowPayload({ start_date: '2026-12-20 08:00:00' });
const unread = { kind: 'unknown', reason: 'the audit is not shown' } as const;
const lena = { by: 'lena', ref: 'appr1', at: '2026-12-01T07:01:00Z' };
const max = { by: 'max', ref: 'appr2', at: '2026-12-01T07:02:00Z' };
const touched = '2026-12-01T07:30:00Z';
const granted = { ...DAVID, ref: 'appr1-2', at: '2026-12-01T07:20:00Z' };

async function send(world: TicketWorld, source: string, over: Partial<TicketRecord>) {
  await world.clock.advance(1000);
  world.tickets.tickets.set(ID, snowTicket({ payload, ...over }));
  const answer = read(await world.send(payload, { source }));
  return { status: answer.status, ...answer.body };
}

async function grantedNow({ clock }: TicketWorld, ref: string) {
  await clock.advance(1000);
  return { by: 'kim', ref, at: new Date(clock.now()).toISOString() };
}

const keys = ({ ledger }: TicketWorld) => ledger.allChanges().map(({ ref, state }) => [ref.idempotencyKey, state]);

type Case = [string, before: TicketRecord['approvals'], unread: TicketRecord['approvals'], key: string];
const cases: Case[] = [
  ['and an old record was touched', [lena, max], [max, { ...lena, at: touched }], 'appr2'],
  ['and its record was granted twice', [granted], [{ ...granted, ref: 'appr1', at: touched }], 'appr1-2'],
];

describe.each(cases)(
  'an approval whose audit cannot be read for a moment, %s, is no new one',
  (_, before, now, key) => {
    it.each(['snow', 'snow-open'])('for source %s', async (source) => {
      const world = createTicketWorld();
      const scheduled = [[`${ID}/1@${key}`, 'scheduled']];
      expect((await send(world, source, { approvals: before })).status).toBe(202);
      const meanwhile = await send(world, source, { approvals: now, history: unread });
      expect(meanwhile).not.toMatchObject({ result: 'refused' });
      expect(keys(world)).toEqual(scheduled);
      expect((await send(world, source, { approvals: before })).status).toBe(202);
      expect(keys(world)).toEqual(scheduled);
      expect(world.tickets.comments).toEqual([]);
    });
  },
);

describe('where nobody audits', () => {
  const accepted = async () => {
    const world = createTicketWorld();
    await send(world, 'snow-open', { approvals: [lena, max], history: unread });
    return world;
  };

  it('an approval that was carried out is not carried out again when an old record is touched', async () => {
    const world = await accepted();
    const [record] = world.ledger.allChanges();
    if (record === undefined) throw new Error('it was accepted');
    await world.ledger.writeChange({ ...record, state: 'settled' }, record.version);
    await send(world, 'snow-open', { approvals: [max, { ...lena, at: touched }], history: unread });
    expect(keys(world)).toEqual([[`${ID}/1@appr2`, 'settled']]);
  });

  it('the record of a new approval is a new approval', async () => {
    const world = await accepted();
    const kim = await grantedNow(world, 'appr3');
    expect((await send(world, 'snow-open', { approvals: [lena, max, kim], history: unread })).status).toBe(202);
    expect(keys(world)).toEqual([
      [`${ID}/1@appr2`, 'settled'],
      [`${ID}/1@appr3`, 'scheduled'],
    ]);
  });

  it('one that was there before, and did not count, is none', async () => {
    const world = await accepted();
    const kim = { by: 'kim', ref: 'appr3', at: '2026-12-01T07:03:00Z' };
    await send(world, 'snow-open', { approvals: [lena, max, kim], history: unread });
    expect(keys(world)).toEqual([[`${ID}/1@appr2`, 'scheduled']]);
  });

  it('one that was accepted so is the same when the audit is read and counts its grants', async () => {
    const world = createTicketWorld();
    await send(world, 'snow-open', { approvals: [{ ...granted, ref: 'appr1' }], history: unread });
    await send(world, 'snow-open', { approvals: [granted], history: complete([]) });
    const moved = snowPayload({ start_date: '2026-12-20 08:00:00', state: '-1' });
    await send(world, 'snow-open', { approvals: [granted], payload: moved });
    expect(keys(world)).toEqual([[`${ID}/1@appr1`, 'scheduled']]);
    const again = { ...granted, ref: 'appr1-3', at: touched };
    await send(world, 'snow-open', { approvals: [again] });
    expect(keys(world)).toEqual([
      [`${ID}/1@appr1`, 'settled'],
      [`${ID}/1@appr1-3`, 'scheduled'],
    ]);
  });
});

it('a new approval that cannot be judged ends nothing, and is told', async () => {
  const world = createTicketWorld();
  await send(world, 'snow', { approvals: [lena] });
  const answer = await send(world, 'snow', {
    approvals: [lena, await grantedNow(world, 'appr2')],
    history: unread,
  });
  expect(answer).toMatchObject({ result: 'refused', reason: 'history-unknown' });
  expect(keys(world)).toEqual([[`${ID}/1@appr1`, 'scheduled']]);
  expect(world.tickets.comments).toHaveLength(1);
});
