import { describe, expect, it } from 'vitest';
import { statusToken } from '../../../shared/domain/http/status-token.ts';
import { NOTIFY_TIMING } from '../../../shared/domain/notice/retry-schedule.ts';
import { TicketError } from '../../../shared/tickets/http/ticket-error.ts';
import { applied, createNotifyWorld, ended, rejected, unavailable } from './notify-world.ts';

const HOUR = 3_600_000;

describe('a change by itself', () => {
  it('is told with what changed and where to look, and the ticket moves on', async () => {
    const world = createNotifyWorld();
    const record = ended(applied());
    await world.settle(record);
    await world.deliver();
    const url = `https://front.example.org/changes/${statusToken('status-secret', record.ref)}`;
    expect(world.tickets.said().map((text) => text.split('\n'))).toEqual([
      [
        'The change is live in ZPA.',
        'Segment group in acme-test  Change  Result',
        'Printers                    Enable  Live',
        'Policy impact not checked: Rules are not read yet.',
        `Status page: ${url}`,
      ],
    ]);
    const fields = { resolution: { name: 'Done' }, notes: 'zpa-changes: The change is live in ZPA.' };
    expect(world.tickets.moves).toEqual([{ source: 'helpdesk', ticket: 'CHG0000001', to: 'Done', fields }]);
    expect(world.queue.size).toBe(0);
    expect(world.log.text()).not.toContain(url);
  });

  it('that was rejected is told with why not and what to do', async () => {
    const world = createNotifyWorld();
    await world.settle(ended(rejected()));
    await world.deliver();
    const [text = ''] = world.tickets.said();
    expect(text).toContain('The change is not live in ZPA.');
    expect(text).toContain(
      'Rejected: There is no segment group "Printers" in acme-test. Next step: Correct the group in the ticket. (group-not-found)',
    );
    expect(world.tickets.moves).toMatchObject([{ to: 'Failed' }]);
  });

  it.each([
    [
      { kind: 'cancelled', by: 'helpdesk', reason: 'approval withdrawn' } as const,
      'Cancelled by helpdesk: Approval withdrawn.',
      [],
    ],
    [
      { kind: 'cancelled', by: 'kim', reason: 'change freeze' } as const,
      'Cancelled by kim: Change freeze.',
      [{ to: 'Failed' }],
    ],
    [
      { kind: 'superseded', by: 'CHG0000001/1@A2', reason: 'approved again' } as const,
      'Replaced by CHG0000001/1@A2: Approved again.',
      [],
    ],
  ])('that was %o is told too; where the ticket itself went on, it stays there', async (outcome, sentence, moves) => {
    const world = createNotifyWorld();
    await world.settle(ended({ ...outcome, generation: 1, at: 0, attempts: 0 }));
    await world.deliver();
    expect(world.tickets.said()[0]).toContain(sentence);
    expect(world.tickets.moves).toMatchObject(moves);
    expect(world.queue.size).toBe(0);
  });

  it('that had nothing to change is in effect', async () => {
    const world = createNotifyWorld();
    const { effect, approved, reach, ...rest } = applied();
    await world.settle(ended({ kind: 'unchanged', effect, approved, reach, generation: 1, at: rest.at, attempts: 1 }));
    await world.deliver();
    expect(world.tickets.said()[0]).toContain('Live already');
    expect(world.tickets.moves).toMatchObject([{ to: 'Done' }]);
  });

  it('is told once, however often its notice comes by', async () => {
    const world = createNotifyWorld();
    const record = ended(applied());
    await world.settle(record, 3);
    await world.deliver(2);
    await world.pass(HOUR);
    world.publish(record);
    await world.pass(HOUR);
    expect(world.tickets.comments).toHaveLength(1);
    expect(world.tickets.moves).toHaveLength(1);
    expect(world.queue.size).toBe(0);
  });

  it('that was redriven is told again', async () => {
    const world = createNotifyWorld();
    await world.settle(ended(rejected()));
    await world.pass(HOUR);
    await world.settle(ended(applied(2)));
    await world.pass(HOUR);
    expect(world.tickets.said()[1]).toContain('Live (retry 1)');
    expect(world.tickets.moves).toMatchObject([{ to: 'Failed' }, { to: 'Done' }]);
  });

  it('that was re-opened before it could be told is told when it has ended again', async () => {
    const world = createNotifyWorld();
    world.publish(ended(rejected()));
    await world.put({ ...ended(rejected()), state: 'queued', generation: 2 });
    await world.deliver();
    expect(world.tickets.comments).toEqual([]);
    expect(world.queue.size).toBe(0);
    await world.settle(ended(applied(2)));
    await world.deliver();
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('of a source without a ticket system is nobody to be told', async () => {
    const world = createNotifyWorld();
    await world.settle(ended(applied(), { source: 'silent' }));
    await world.deliver();
    expect(world.queue.size).toBe(0);
    expect(world.tickets.comments).toEqual([]);
  });
});

describe('a change set', () => {
  const member = (index: number, outcome = applied() as ReturnType<typeof applied> | ReturnType<typeof rejected>) =>
    ended(outcome, { set: { index, size: 3 } });

  it('is told when all have ended, in one comment and one move', async () => {
    const world = createNotifyWorld();
    await world.settle(member(2));
    await world.deliver();
    await world.settle(member(1, rejected()));
    await world.deliver();
    expect(world.tickets.comments).toEqual([]);
    await world.settle(member(3));
    await world.pass(2 * HOUR);
    expect(world.tickets.said()).toHaveLength(1);
    const [text = ''] = world.tickets.said();
    expect(text).toContain('2 of 3 changes are live; 1 needs your attention.');
    expect(text.split('\n').slice(2, 5)).toEqual([
      expect.stringMatching(/^Printers {20}Enable {2}Rejected: /),
      'Printers                    Enable  Live',
      'Printers                    Enable  Live',
    ]);
    expect(text.match(/Status page.*: https/g)).toHaveLength(1);
    expect(world.tickets.moves).toMatchObject([{ to: 'Partly done' }]);
    expect(world.queue.size).toBe(0);
  });

  it.each([
    [[applied(), applied(), applied()], 'All 3 changes are live in ZPA.', 'Done'],
    [[rejected(), rejected(), rejected()], 'None of the 3 changes is live; 3 need your attention.', 'Failed'],
  ])('all, or none', async (outcomes, summary, to) => {
    const world = createNotifyWorld();
    for (const [index, outcome] of outcomes.entries()) await world.settle(member(index + 1, outcome));
    await world.deliver();
    expect(world.tickets.said()[0]).toContain(summary);
    expect(world.tickets.moves).toMatchObject([{ to }]);
  });

  it('of which one never comes is told after an hour with what is known, moved by nobody, and alarmed', async () => {
    const world = createNotifyWorld();
    await world.settle(member(1));
    await world.settle(member(2));
    await world.pass(NOTIFY_TIMING.patienceMs - 1);
    expect(world.tickets.comments).toEqual([]);
    await world.pass(1);
    expect(world.tickets.said()).toEqual([expect.stringContaining('2 of 3 changes are live; 1 is not finished.')]);
    expect(world.tickets.moves).toEqual([]);
    expect(world.meter.total('NotifyPartial')).toBe(1);
    expect(world.queue.size).toBe(0);
    // The last outcome completes the set, weeks later.
    await world.pass(500 * HOUR);
    await world.settle(member(3));
    await world.deliver();
    expect(world.tickets.said()[1]).toContain('All 3 changes are live in ZPA.');
    expect(world.tickets.moves).toMatchObject([{ to: 'Done' }]);
  });

  it('of another approval is another set', async () => {
    const world = createNotifyWorld();
    for (const index of [1, 2, 3]) await world.settle(member(index));
    await world.deliver();
    await world.settle(ended(applied(), { set: { index: 1, size: 3 }, approval: 'A2' }));
    await world.deliver();
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('of which several are redriven is told once more when all of them have ended again', async () => {
    const world = createNotifyWorld();
    for (const index of [1, 2, 3]) await world.settle(member(index, index === 1 ? applied() : rejected()));
    await world.pass(HOUR);
    for (const index of [2, 3]) await world.put({ ...member(index, rejected()), state: 'queued', generation: 2 });
    await world.settle(member(2, applied(2)));
    await world.deliver();
    expect(world.tickets.comments).toHaveLength(1);
    await world.settle(member(3, applied(2)));
    await world.pass(2 * HOUR);
    expect(world.tickets.said()).toHaveLength(2);
    expect(world.tickets.said()[1]).toContain('All 3 changes are live in ZPA.');
    expect(world.tickets.moves).toMatchObject([{ to: 'Partly done' }, { to: 'Done' }]);
  });
});

describe('a ticket system with troubles', () => {
  it('that is away is tried again on the schedule, longer and longer', async () => {
    const world = createNotifyWorld();
    const tries: number[] = [];
    world.tickets.trouble = () => {
      tries.push(world.now());
      throw unavailable();
    };
    await world.settle(ended(applied()));
    const begun = world.now();
    await world.pass(40 * HOUR);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? begun));
    for (const [index, pause] of pauses.entries()) {
      const planned = NOTIFY_TIMING.retryMs[Math.min(index, NOTIFY_TIMING.retryMs.length - 1)] ?? 0;
      expect(pause).toBeGreaterThanOrEqual(planned);
      expect(pause).toBeLessThanOrEqual(planned * 1.1 + 1);
    }
    expect(tries.length).toBeGreaterThanOrEqual(8);
    world.tickets.trouble = () => undefined;
    await world.pass(12 * HOUR);
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('that wants to be left alone is, for as long as it says', async () => {
    const world = createNotifyWorld();
    world.tickets.trouble = () => {
      throw new TicketError('tickets-limited', 'slow down', { retryAfterMs: 10 * 60_000 });
    };
    await world.settle(ended(applied()));
    await world.deliver();
    world.tickets.trouble = () => undefined;
    await world.pass(9 * 60_000);
    expect(world.tickets.comments).toEqual([]);
    await world.pass(3 * 60_000);
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('holds up no other source, and is not asked for its other tickets meanwhile', async () => {
    const world = createNotifyWorld();
    const asked: string[] = [];
    world.tickets.trouble = (call) => {
      asked.push(call);
      if (call.endsWith('helpdesk')) throw unavailable();
    };
    await world.settle(ended(applied()));
    await world.settle(ended(applied(), { ticket: 'CHG0000002' }));
    await world.settle(ended(applied(), { source: 'other' }));
    await world.deliver();
    expect(world.tickets.comments).toMatchObject([{ source: 'other' }]);
    expect(asked.filter((call) => call.endsWith('helpdesk'))).toHaveLength(1);
    expect(world.queue.size).toBe(2);
  });

  it('that refuses to move the ticket on is told all the same, and somebody is alarmed', async () => {
    const world = createNotifyWorld();
    world.tickets.refusal = 'resolution is required';
    await world.settle(ended(applied()));
    await world.pass(HOUR);
    expect(world.tickets.comments).toHaveLength(1);
    expect(world.meter.total('NotifyPartial')).toBe(1);
    expect(world.log.lines.at(-1)).toMatchObject({
      message: 'ticket told in part',
      fields: { code: 'transition-refused', reason: 'to Done: resolution is required' },
    });
    expect(world.queue.size).toBe(0);
  });

  it('that fails between comment and move gets the move later, and no second comment', async () => {
    const world = createNotifyWorld();
    const calls: string[] = [];
    let failures = 1;
    world.tickets.trouble = (call) => {
      calls.push(call);
      if (call.startsWith('before transition') && failures > 0) {
        failures -= 1;
        throw unavailable();
      }
    };
    await world.settle(ended(applied()));
    await world.pass(HOUR);
    expect(world.tickets.moves).toHaveLength(1);
    // A webhook receiver cannot be read, so the note stores that the comment was sent.
    expect(calls.filter((call) => call.startsWith('before comment'))).toHaveLength(1);
  });

  it('one speaks at a time, and the other finds nothing left to say', async () => {
    const world = createNotifyWorld();
    const calls: string[] = [];
    world.tickets.trouble = (call) => void calls.push(call);
    await world.settle(ended(applied()), 2);
    await Promise.all([world.deliver(1), world.deliver(1)]);
    await world.pass(HOUR);
    expect(calls.filter((call) => call.startsWith('before'))).toEqual([
      'before comment helpdesk',
      'before transition helpdesk',
    ]);
    expect(world.queue.size).toBe(0);
  });

  it.each([
    ['CHG0000099', undefined, 'no-ticket'],
    ['CHG0000001', new TicketError('ticket-id', 'not an id'), 'ticket-id'],
    ['CHG0000001', new TicketError('ticket-ambiguous', 'two records'), 'ticket-ambiguous'],
  ])('that knows no ticket %s is not asked again', async (ticket, trouble, code) => {
    const world = createNotifyWorld();
    world.tickets.trouble = () => {
      if (trouble !== undefined) throw trouble;
    };
    await world.settle(ended(applied(), { ticket }));
    await world.pass(HOUR);
    expect(world.queue.size).toBe(0);
    expect(world.tickets.moves).toEqual([]);
    expect(world.meter.total('NotifyPartial')).toBe(1);
    expect(world.log.lines.at(-1)).toMatchObject({ fields: { code } });
  });
});

describe('what else comes by', () => {
  it('a report is nobody’s ticket; what cannot be read stays for the dead-letter queue', async () => {
    const world = createNotifyWorld();
    world.publish(ended(applied()));
    const [message] = world.queue.values();
    if (message === undefined) throw new Error('no message');
    for (const [id, body] of [
      ['report', '{"kind":"drift-report","counts":{}}'],
      ['junk', 'not json'],
      ['other', '{"schemaVersion":2,"outcome":{}}'],
    ] as const) {
      world.queue.set(id, { ...message, messageId: id, body });
    }
    world.queue.delete(message.messageId);
    await world.deliver();
    expect([...world.queue.keys()]).toEqual(['junk', 'other']);
  });

  it('a change that cannot be read waits by itself, is counted, and is told once it can be read', async () => {
    let isMalformed = true;
    const world = createNotifyWorld((notify) => ({
      ...notify,
      ledger: {
        ...notify.ledger,
        readChange: async (ref) => {
          if (isMalformed && ref.source === 'helpdesk') throw new Error('a malformed item');
          return await notify.ledger.readChange(ref);
        },
      },
    }));
    await world.settle(ended(applied()));
    await world.settle(ended(applied(), { source: 'other', ticket: 'CHG0000002' }));
    await world.deliver();
    expect(world.tickets.comments.map(({ source }) => source)).toEqual(['other']);
    expect([...world.queue.keys()]).toEqual(['message-1']);
    expect(world.meter.counts).toContainEqual({ name: 'NotifyFailed', value: 1, dimensions: { source: 'helpdesk' } });
    expect(world.log.text()).toContain('message-1');
    isMalformed = false;
    await world.pass(HOUR);
    expect(world.tickets.comments.map(({ source }) => source)).toEqual(['other', 'helpdesk']);
    expect(world.queue.size).toBe(0);
  });

  it('an invocation that is nearly over begins nothing', async () => {
    const world = createNotifyWorld();
    await world.settle(ended(applied()));
    await world.deliver(5, 10_000);
    expect(world.tickets.comments).toEqual([]);
    await world.pass(HOUR);
    expect(world.tickets.comments).toHaveLength(1);
  });
});
