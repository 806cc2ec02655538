import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import { toJiraAdf } from '../../../shared/domain/text/jira-adf.ts';
import type { TicketText } from '../../../shared/domain/text/ticket-text.ts';
import { collected, required, startTicketWorld } from './ticket-world.ts';

const ISSUE = { key: 'ZPA-42', title: 'Development Apps' };
const TEXT: TicketText = [{ kind: 'heading', text: 'The change is in effect.' }];
const MARKER = 'zpa-changes/0123456789abcdef';

describe('reading a Jira issue back', () => {
  it('answers the issue as its webhooks have it, who approved it, and its edits', async () => {
    let at = Date.UTC(2026, 10, 30, 8);
    await using world = await startTicketWorld({ now: () => at });
    const { store } = world.jira;
    store.addIssue({ ...ISSUE, status: 'Waiting for approval', fields: { customfield_10102: 'Web Apps' } });
    at += 60_000;
    const ref = store.move(ISSUE.key, 'Approved', 'approver');
    at += 60_000;
    store.edit(ISSUE.key, 'customfield_10102', 'Admin', 'requester');
    await expect(world.reader('jira').read(ISSUE.key)).resolves.toEqual({
      id: ISSUE.key,
      payload: {
        issue: {
          id: expect.any(String),
          key: ISSUE.key,
          fields: expect.objectContaining({ customfield_10102: 'Admin' }),
        },
      },
      requesters: expect.arrayContaining(['5b10ac8d82e05b22cc7d4ef5']),
      approvals: [{ by: 'approver', at: '2026-11-30T08:01:00.000Z', ref }],
      history: complete([
        {
          field: 'issue.fields.status',
          by: 'approver',
          at: '2026-11-30T08:01:00.000Z',
          from: [expect.stringMatching(/^\d+$/), 'Waiting for approval'],
          to: [expect.stringMatching(/^\d+$/), 'Approved'],
        },
        {
          field: 'issue.fields.customfield_10102',
          by: 'requester',
          at: '2026-11-30T08:02:00.000Z',
          from: ['Web Apps'],
          to: ['Admin'],
        },
      ]),
    });
    expect(world.jira.calls[0]).toBe('GET /rest/api/2/issue/ZPA-42');
  });

  it('an approval that was withdrawn does not stand, and the next one is another', async () => {
    await using world = await startTicketWorld();
    const { store } = world.jira;
    store.addIssue({ ...ISSUE, status: 'Waiting for approval' });
    const first = store.move(ISSUE.key, 'Approved', 'approver');
    store.move(ISSUE.key, 'To Do', 'requester');
    await expect(world.reader('jira').read(ISSUE.key)).resolves.toMatchObject({ approvals: [] });
    store.move(ISSUE.key, 'Waiting for approval', 'requester');
    const second = store.move(ISSUE.key, 'Approved', 'approver');
    expect(second).not.toBe(first);
    await expect(world.reader('jira').read(ISSUE.key)).resolves.toMatchObject({ approvals: [{ ref: second }] });
  });

  it('nobody approved an issue that was made approved, or went from one approved status to another', async () => {
    const tickets = { approvedStatuses: ['Approved', 'Implementing'] };
    await using world = await startTicketWorld({ jira: { tickets } });
    const { store } = world.jira;
    store.addIssue(ISSUE);
    store.move(ISSUE.key, 'Implementing', 'somebody');
    await expect(world.reader('jira').read(ISSUE.key)).resolves.toMatchObject({ approvals: [] });
  });

  it('reads a changelog of several pages', async () => {
    await using world = await startTicketWorld();
    const { store } = world.jira;
    store.addIssue({ ...ISSUE, status: 'Waiting for approval' });
    const ref = store.move(ISSUE.key, 'Approved', 'approver');
    for (let n = 0; n < 250; n += 1) store.edit(ISSUE.key, 'labels', [`l${n}`], 'requester');
    const ticket = await world.reader('jira').read(ISSUE.key);
    expect(ticket?.approvals).toMatchObject([{ ref }]);
    expect(ticket?.history).toMatchObject({ kind: 'complete', value: { length: 251 } });
  });

  it('knows no issue that is not there, and asks for none whose key is not one', async () => {
    await using world = await startTicketWorld();
    await expect(world.reader('jira').read('ZPA-1')).resolves.toBeUndefined();
    const calls = world.jira.calls.length;
    for (const id of ['ZPA-0', 'zpa-42', 'ZPA-42/transitions', 'ZPA-42?x', '..', 'ZPA-42\n']) {
      await expect(world.reader('jira').read(id)).rejects.toMatchObject({ code: 'ticket-id' });
    }
    expect(world.jira.calls).toHaveLength(calls);
  });
});

describe('a limit of Jira', () => {
  it.each([
    ['its pause', { 'retry-after': '90', 'x-ratelimit-reset': '2026-11-30T08:00:10Z' }, 90_000],
    ['only when it ends', { 'x-ratelimit-reset': '2026-11-30T08:01:30Z' }, 90_000],
    ['nothing', {}, undefined],
  ])('is told with %s', async (_, headers, retryAfterMs) => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    const date = 'Mon, 30 Nov 2026 08:00:00 GMT';
    world.jira.faults.push({ kind: 'answer', answer: { status: 429, json: {}, headers: { date, ...headers } } });
    const limited = world.reader('jira').read(ISSUE.key);
    await expect(limited).rejects.toMatchObject({ code: 'tickets-limited', retryAfterMs });
  });
});

describe('listing approved Jira issues', () => {
  it('turns every page by its token, of the projects asked for, touched since', async () => {
    let at = Date.UTC(2026, 10, 30, 8);
    await using world = await startTicketWorld({ now: () => at, jira: { tickets: { projects: ['ZPA'] } } });
    const { store } = world.jira;
    store.addIssue({ ...ISSUE, key: 'ZPA-1' });
    at += 7_200_000;
    for (let n = 2; n <= 131; n += 1)
      store.addIssue({ ...ISSUE, key: `ZPA-${n}`, status: n === 77 ? 'To Do' : 'Approved' });
    store.addIssue({ ...ISSUE, key: 'HR-1' });
    const found = await collected(world.reader('jira').listApproved(at - 3_600_000));
    expect(found).toHaveLength(129);
    expect(found).not.toContain('ZPA-1');
    expect(found).not.toContain('ZPA-77');
  });

  it('what Jira says of a query that it refuses is in the error, on one line of bounded length', async () => {
    await using world = await startTicketWorld();
    const errorMessages = ["The value 'ZPA'\ndoes not exist.", 'x'.repeat(1000)];
    world.jira.faults.push({ path: /search/, kind: 'answer', answer: { status: 400, json: { errorMessages } } });
    const listed = await collected(world.reader('jira').listApproved(0)).catch((error: unknown) => error);
    expect(listed).toMatchObject({ message: expect.stringMatching(/HTTP 400: The value 'ZPA' does not exist\.: x+/) });
    expect(String(listed).length).toBeLessThan(400);
  });

  it('a status whose name holds quotes is still one status', async () => {
    const name = 'Approved" OR "Open';
    await using world = await startTicketWorld({ jira: { tickets: { approvedStatuses: [name] } } });
    world.jira.store.addIssue({ ...ISSUE, key: 'ZPA-1', status: name });
    world.jira.store.addIssue({ ...ISSUE, key: 'ZPA-2', status: 'Open' });
    expect(await collected(world.reader('jira').listApproved(0))).toEqual(['ZPA-1']);
  });
});

describe('answering a Jira issue', () => {
  it('says it as a document, once by its marker, however many comments came after', async () => {
    await using world = await startTicketWorld();
    const { store } = world.jira;
    store.addIssue(ISSUE);
    const writer = world.writer('jira');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('said');
    const issue = store.get(ISSUE.key);
    for (let n = 0; n < 150 && issue !== undefined; n += 1) store.comment(issue, { type: 'doc' }, 'somebody');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('already');
    expect(world.jira.notes(ISSUE.key)[0]).toMatch(new RegExp(`^The change is in effect.\\n${MARKER}/[\\w-]{21}$`));
    await expect(writer.comment('ZPA-1', TEXT, MARKER)).resolves.toBe('no-ticket');
  });

  it('a status secret that is rotated is no reason to say it twice, while the previous one is named beside it', async () => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    const writer = world.writer('jira');
    const rotate = (...secrets: string[]) => world.secrets.secrets.set('here/status', JSON.stringify({ secrets }));
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('said');
    rotate('a newer random text', 'any long random text');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('already');
    rotate('a third random text', 'a newer random text');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('said');
    rotate('a third random text');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('already');
  });

  it('says it although somebody put its marker there, or copied it from another issue', async () => {
    await using world = await startTicketWorld();
    const { store } = world.jira;
    const writer = world.writer('jira');
    store.addIssue({ ...ISSUE, key: 'ZPA-1' });
    await writer.comment('ZPA-1', TEXT, MARKER);
    store.addIssue(ISSUE);
    const issue = required(store.get(ISSUE.key));
    store.comment(issue, store.get('ZPA-1')?.comments[0]?.body, 'somebody');
    store.comment(issue, toJiraAdf(TEXT, MARKER), 'somebody');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('said');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('already');
  });

  it('says it although somebody copied the comment of this issue, of which ours was deleted', async () => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    const writer = world.writer('jira');
    await writer.comment(ISSUE.key, TEXT, MARKER);
    const { comments } = required(world.jira.store.get(ISSUE.key));
    const [ours] = comments.splice(0);
    comments.push({ ...required(ours), author: { accountId: 'somebody' } });
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('said');
    await expect(writer.comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('already');
  });

  it('an answer that was lost is no reason to say it twice', async () => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    world.jira.faults.push({ method: 'POST', kind: 'lose-answer' });
    await expect(world.writer('jira').comment(ISSUE.key, TEXT, MARKER)).rejects.toMatchObject({
      code: 'tickets-unavailable',
    });
    await expect(world.writer('jira').comment(ISSUE.key, TEXT, MARKER)).resolves.toBe('already');
  });

  it.each([
    [400, { errorMessages: ['Comment is too long.'], errors: {} }, /HTTP 400: Comment is too long\.$/],
    [
      403,
      { errorMessages: [], errors: { comment: 'You may not comment.' } },
      /HTTP 403.*: comment You may not comment\.$/,
    ],
    [400, { message: 'x' }, /HTTP 400 with an answer of another shape$/],
  ])('what Jira says of a comment that it refuses with %i is in the error: %j', async (status, json, message) => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    world.jira.faults.push({ method: 'POST', kind: 'answer', answer: { status, json } });
    const said = world.writer('jira').comment(ISSUE.key, TEXT, MARKER);
    await expect(said).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });

  it('moves it on with the fields its screen requires; once there it is done', async () => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    const writer = world.writer('jira');
    const fields = { resolution: { name: 'Done' } };
    await expect(writer.transition(ISSUE.key, 'done', fields, MARKER)).resolves.toEqual({ result: 'done' });
    expect(world.jira.store.get(ISSUE.key)?.fields).toMatchObject({ status: { name: 'Done' }, ...fields });
    await expect(writer.transition(ISSUE.key, 'Done', {}, MARKER)).resolves.toEqual({ result: 'done' });
  });

  it.each([
    ['no way leads there', 'Nowhere', {}, 'no transition leads from Approved to Nowhere'],
    ['a field is lacking', 'Done', {}, 'the transition to Done requires resolution'],
  ])('%s: a refusal with its reason, and nothing is tried', async (_, to, fields, reason) => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    await expect(world.writer('jira').transition(ISSUE.key, to, fields, MARKER)).resolves.toEqual({
      result: 'refused',
      reason,
    });
    expect(world.jira.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  });

  it('what Jira says of a refusal is its reason', async () => {
    await using world = await startTicketWorld();
    world.jira.store.addIssue(ISSUE);
    const json = { errorMessages: [], errors: { resolution: "Option 'x' is not valid" } };
    world.jira.faults.push({ method: 'POST', kind: 'answer', answer: { status: 400, json } });
    const moved = world.writer('jira').transition(ISSUE.key, 'Done', { resolution: 'x' }, MARKER);
    await expect(moved).resolves.toEqual({ result: 'refused', reason: "HTTP 400: resolution Option 'x' is not valid" });
  });
});
