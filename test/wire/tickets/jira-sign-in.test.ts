import { describe, expect, it } from 'vitest';
import type { TicketText } from '../../../shared/domain/text/ticket-text.ts';
import { collected, startTicketWorld } from './ticket-world.ts';

const ISSUE = { key: 'ZPA-42', title: 'Development Apps' };
const TEXT: TicketText = [{ kind: 'heading', text: 'The change is in effect.' }];
const MARKER = 'zpa-changes/0123456789abcdef';
const SECRET = 'here/tickets/jira';
const withToken = (apiToken: string) => JSON.stringify({ email: 'zpa-changes@acme.example', apiToken });
const NO_ISSUE = { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} };

describe.each([
  ['that Jira tells in a header', undefined],
  ['that nothing tells but the missing name of the user', 'anonymous' as const],
])('a dead credential %s', (_, signIn) => {
  async function startDead() {
    const world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    if (signIn === undefined) world.secrets.secrets.set(SECRET, withToken('expired'));
    else world.jira.ways.signIn = signIn;
    return world;
  }

  it('is no missing ticket', async () => {
    await using world = await startDead();
    await expect(world.reader('jira').read(ISSUE.key)).rejects.toMatchObject({ code: 'tickets-refused' });
    // It may have been rotated, so that it is read again once.
    expect(world.secrets.reads.at(-1)).toMatchObject({ fresh: true });
  });

  it('is no empty list', async () => {
    await using world = await startDead();
    await expect(collected(world.reader('jira').listApproved(0))).rejects.toMatchObject({ code: 'tickets-refused' });
  });

  it('is no ticket without comments, and no transition that Jira refuses', async () => {
    await using world = await startDead();
    const writer = world.writer('jira');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).rejects.toMatchObject({ code: 'tickets-refused' });
    await expect(writer.transition(ISSUE.key, 'Done', {}, MARKER)).rejects.toMatchObject({ code: 'tickets-refused' });
  });
});

describe('a credential that dies between two calls', () => {
  it('is no end of the list', async () => {
    await using world = await startTicketWorld();
    await expect(collected(world.reader('jira').listApproved(0))).resolves.toEqual([]);
    world.jira.ways.signIn = 'anonymous';
    await expect(collected(world.reader('jira').listApproved(0))).rejects.toMatchObject({ code: 'tickets-refused' });
  });
});

describe('an answer that does not name the user', () => {
  it('counts if Jira knows the user when asked', async () => {
    await using world = await startTicketWorld();
    world.jira.faults.push({ kind: 'answer', answer: { status: 404, json: NO_ISSUE } });
    await expect(world.reader('jira').read(ISSUE.key)).resolves.toBeUndefined();
    expect(world.jira.calls).toEqual(['GET /rest/api/2/issue/ZPA-42', 'GET /rest/api/3/myself']);
  });
});

describe('Jira Server and Data Center', () => {
  const ask = async (answer: { status: number; json: unknown; headers?: Record<string, string> }) => {
    await using world = await startTicketWorld();
    world.jira.faults.push({ kind: 'answer', answer });
    await expect(world.reader('jira').read(ISSUE.key)).rejects.toMatchObject({
      code: 'tickets-unsupported',
      message: expect.stringMatching(/"accountId".*Jira Cloud/),
    });
  };

  it.each([
    ['finds', 200, { id: '1', key: ISSUE.key, fields: { status: { id: '1', name: 'Open' } } }],
    ['misses', 404, NO_ISSUE],
  ])('tell themselves by their header where an issue is asked for that Jira %s', async (_, status, json) => {
    await ask({ status, json, headers: { 'x-ausername': 'zpa-changes' } });
  });

  it.each(['reporter', 'creator'])('tell themselves by a %s without an account id', async (role) => {
    const fields = { status: { id: '1', name: 'Open' }, [role]: { name: 'beth', displayName: 'Beth' } };
    await ask({ status: 200, json: { id: '1', key: ISSUE.key, fields } });
  });
});

/** A page is tried again, JSON of another shape is an error; neither says that the ticket is missing. */
const NO_ANSWER = /^tickets-(malformed|unavailable)$/;

describe('a page that says 404', () => {
  it.each([
    ['HTML', { html: '<title>Page unavailable</title>' }],
    ['JSON of somebody else', { json: { message: 'no route' } }],
  ])('as %s says nothing about the ticket', async (_, body) => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    for (let n = 0; n < 3; n += 1) world.jira.faults.push({ kind: 'answer', answer: { status: 404, ...body } });
    await expect(world.reader('jira').read(ISSUE.key)).rejects.toMatchObject({
      code: expect.stringMatching(NO_ANSWER),
    });
    const writer = world.writer('jira');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).rejects.toMatchObject({
      code: expect.stringMatching(NO_ANSWER),
    });
  });
});
