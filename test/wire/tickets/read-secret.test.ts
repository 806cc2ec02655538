import { describe, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS, LOCAL_READERS } from '../../../local/ticket-systems/open.ts';
import type { CommentQueue } from '../../../shared/ports/ticket-system.ts';
import { startTicketWorld } from './ticket-world.ts';

const TICKETS = { servicenow: 'CHG0031337', jira: 'ZPA-42' } as const;
const KINDS = ['servicenow', 'jira'] as const;
type Kind = (typeof KINDS)[number];

/** A function that only reads: it holds what the secret `name` has, and no other. */
async function startReading(kind: Kind, name: string, readSecret: boolean, credential: object) {
  const queued: Parameters<CommentQueue['comment']>[0][] = [];
  const world = await startTicketWorld({
    [kind]: { tickets: { readSecret } },
    secrets: { [name]: JSON.stringify(credential), 'here/status': 'any long random text' },
    comments: { comment: async (request) => void queued.push(request) },
  });
  world.servicenow.store.addTicket({ number: TICKETS.servicenow, title: 'Web Apps' });
  world.jira.store.addIssue({ key: TICKETS.jira, title: 'Web Apps' });
  const notes = () => world[kind].notes(TICKETS[kind]);
  return Object.assign(world, { queued, notes });
}
const TEXT = [{ kind: 'line', text: 'Not applied.' }] as const;

describe.each(KINDS)('a function that only reads tickets of %s', (kind) => {
  const id = TICKETS[kind];
  it('reads by the read secret, and has its comments written by another function', async () => {
    await using world = await startReading(kind, `here/tickets-read/${kind}`, true, LOCAL_READERS[kind]);
    expect(await world.reader(kind).read(id)).toMatchObject({ id });
    expect(await world.writer(kind).comment(id, TEXT, 'zpa-changes/not-taken/1')).toBe('said');
    expect(world.queued).toEqual([{ source: kind, ticketId: id, text: TEXT, marker: 'zpa-changes/not-taken/1' }]);
    expect(world.notes()).toEqual([]);
    expect(new Set(world.secrets.reads.map(({ name }) => name))).toEqual(new Set([`here/tickets-read/${kind}`]));
  });

  it('without an account for reading, does both by the one account, under the same name', async () => {
    await using world = await startReading(kind, `here/tickets-read/${kind}`, false, LOCAL_CREDENTIALS[kind]);
    expect(await world.reader(kind).read(id)).toMatchObject({ id });
    expect(await world.writer(kind).comment(id, TEXT, 'zpa-changes/not-taken/1')).toBe('said');
    expect([world.queued, world.notes().length]).toEqual([[], 1]);
  });

  it('could write nothing with the account of the read secret', async () => {
    await using world = await startReading(kind, `here/tickets-read/${kind}`, false, LOCAL_READERS[kind]);
    await expect(world.writer(kind).comment(id, TEXT, 'zpa-changes/not-taken/1')).rejects.toThrow();
    expect(world.notes()).toEqual([]);
  });
});
