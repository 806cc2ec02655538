import { describe, expect, it } from 'vitest';
import { judgeApproval } from '../../../shared/domain/approval/judge-approval.ts';
import { complete } from '../../../shared/domain/approval/reading.ts';
import { readsField } from '../../../shared/domain/mapping/fields-read.ts';
import { mappingSchema } from '../../../shared/domain/mapping/mapping-schema.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { collected, required, startTicketWorld } from './ticket-world.ts';

const KEY = 'ZPA-42';
const GROUP = 'customfield_10102';
const MAPPING = mappingSchema.parse({
  preset: 'jira-issue',
  rows: { tenant: { value: 'acme-prod' }, group: { from: `issue.fields.${GROUP}` } },
});

/** An issue that waits for approval, was edited, and was approved a minute later. */
async function startApproved() {
  let at = Date.UTC(2026, 10, 30, 8);
  const world = await startTicketWorld({ now: () => at });
  const { store } = world.jira;
  const tick = () => {
    at += 60_000;
  };
  store.addIssue({ key: KEY, title: 'Development Apps', status: 'Waiting for approval', fields: { [GROUP]: 'Web' } });
  tick();
  store.edit(KEY, GROUP, 'Web Apps', 'requester');
  tick();
  const ref = store.move(KEY, 'Approved', 'approver');
  tick();
  const history = () => required(store.get(KEY)).history;
  const read = async () => required(await world.reader('jira').read(KEY));
  return Object.assign(world, { store, tick, ref, history, read });
}

function verdictOn({ approvals, requesters, history }: TicketRecord, trustHistory = false) {
  const affectsChange = (field: string) => readsField(MAPPING, field);
  const verdict = judgeApproval(
    { approvals, requesters, history, affectsChange, namesRequester: () => false, now: Date.UTC(2026, 11, 1) },
    { selfApproval: false, trustHistory },
  );
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

describe('an edit whose history item does not name its field', () => {
  it('makes an approval before it stale, and is harmless before the approval', async () => {
    await using world = await startApproved();
    for (const { items } of world.history()) {
      for (const item of items) if (item.fieldId !== 'status') delete item.fieldId;
    }
    expect(verdictOn(await world.read())).toBe('in-force');
    world.store.edit(KEY, GROUP, 'Admin', 'requester');
    for (const item of world.history().at(-1)?.items ?? []) delete item.fieldId;
    expect(verdictOn(await world.read())).toBe('approval-stale');
  });

  it('may be of any field of a mapping whose fields are not known', async () => {
    await using world = await startApproved();
    world.history().push({
      id: '1',
      created: '2026-11-30T09:00:00.000+0000',
      author: { accountId: 'requester' },
      items: [{ field: 'ZPA group', fromString: 'Web Apps', toString: 'Admin' }],
    });
    const { history } = await world.read();
    const fields = history.kind === 'complete' ? history.value.slice(2).map(({ field }) => field) : [];
    expect(fields).toEqual(['issue.fields', 'issue.fields.ZPA group']);
  });

  it('is no approval if it is of a status', async () => {
    await using world = await startApproved();
    world.jira.ways.historyFields = 'without-id';
    expect(verdictOn(await world.read())).toBe('no-approval');
  });
});

describe('an approval that was taken back by an entry that does not name its field', () => {
  it.each([
    ['status', 'status'],
    ['with a capital', 'Status'],
    ['translated', 'Estado'],
  ])('%s, does not stand again when somebody moves the issue forward', async (_, field) => {
    await using world = await startApproved();
    world.store.move(KEY, 'To Do', 'requester');
    world.store.move(KEY, 'Approved', 'requester');
    for (const { items } of world.history().slice(-2)) for (const item of items) delete item.fieldId;
    world.jira.ways.fieldNames = { status: field };
    expect((await world.read()).approvals).toEqual([]);
  });
});

describe('a history that Jira does not show completely', () => {
  it.each([false, true])('bears no approval, trusted (%s) or not', async (trustHistory) => {
    await using world = await startApproved();
    for (let n = 0; n < 99; n += 1) world.store.edit(KEY, 'labels', [`l${n}`], 'requester');
    world.jira.ways.changelogEndsAt = 2;
    const ticket = await world.read();
    expect(ticket.history).toMatchObject({ kind: 'partial' });
    expect(verdictOn(ticket, trustHistory)).toBe('history-unknown');
    delete world.jira.ways.changelogEndsAt;
    expect(verdictOn(await world.read(), trustHistory)).toBe('in-force');
  });

  it.each([
    ['counts more entries than came', { isLast: true, total: 101 }],
    ['says that more follow', { isLast: false }],
    ['neither counts entries nor says that a page is the last', { isLast: undefined }],
  ])('%s', async (_, said) => {
    await using world = await startApproved();
    const entry = required(world.history()[0]);
    const path = /changelog/;
    const page = (values: unknown[]) => ({ status: 200, json: { ...said, values } });
    world.jira.faults.push({ path, kind: 'answer', answer: page([entry]) });
    world.jira.faults.push({ path, kind: 'answer', answer: page([]) });
    expect((await world.read()).history).toMatchObject({ kind: 'partial' });
  });

  it('an entry that comes twice counts once', async () => {
    await using world = await startApproved();
    const entry = required(world.history()[0]);
    const json = { total: 2, values: [entry, entry] };
    world.jira.faults.push({ path: /changelog/, kind: 'answer', answer: { status: 200, json } });
    expect((await world.read()).history).toMatchObject({ kind: 'partial' });
  });

  it('an entry without a readable time may be after the approval', async () => {
    await using world = await startApproved();
    world.store.edit(KEY, GROUP, 'Admin', 'requester');
    required(world.history().at(-1)).created = 'yesterday';
    const ticket = await world.read();
    expect(ticket.history).toMatchObject({ kind: 'unknown' });
    expect(verdictOn(ticket)).toBe('history-unknown');
  });
});

describe('a search whose pages lead nowhere', () => {
  it.each([
    ['by a token that comes again', { nextPageToken: 'again' }],
    ['by a page that is not the last and names no other', { isLast: false }],
  ])('%s, is a failed read', async (_, page) => {
    await using world = await startApproved();
    const answer = { status: 200, json: { issues: [], ...page } };
    for (let n = 0; n < 5; n += 1) world.jira.faults.push({ path: /search/, kind: 'answer', answer });
    const listed = collected(world.reader('jira').listApproved(0));
    await expect(listed).rejects.toMatchObject({ code: 'tickets-malformed' });
    // It is told by the second page at the latest.
    expect(world.jira.faults.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a status', () => {
  it('is known by its id, however the changelog spells the field', async () => {
    await using world = await startApproved();
    world.jira.ways.historyFields = 'upper-case';
    expect(verdictOn(await world.read())).toBe('in-force');
  });

  it('is known by its id, in whatever language it was recorded', async () => {
    await using world = await startApproved();
    world.store.edit(KEY, 'labels', [], 'requester');
    const { approvals } = await world.read();
    expect(approvals).toMatchObject([{ ref: world.ref }]);
    world.jira.ways.statusNames = { 'Waiting for approval': 'Wartet auf Genehmigung', 'To Do': 'К выполнению' };
    expect((await world.read()).approvals).toEqual(approvals);
    world.store.move(KEY, 'To Do', 'requester');
    expect((await world.read()).approvals).toEqual([]);
  });

  it('is configured by its name in the language of the account', async () => {
    const jira = { tickets: { approvedStatuses: ['Genehmigt'] } };
    await using world = await startTicketWorld({ jira });
    world.jira.ways.statusNames = { Approved: 'Genehmigt' };
    world.jira.store.addIssue({ key: KEY, title: 'One', status: 'Waiting for approval' });
    const ref = world.jira.store.move(KEY, 'Approved', 'approver');
    await expect(world.reader('jira').read(KEY)).resolves.toMatchObject({ approvals: [{ ref }] });
    await expect(collected(world.reader('jira').listApproved(0))).resolves.toEqual([KEY]);
  });

  it('whose name Jira does not know is a fault that names it', async () => {
    const jira = { tickets: { approvedStatuses: ['Approved', 'Aproved'] } };
    await using world = await startTicketWorld({ jira });
    world.jira.store.addIssue({ key: KEY, title: 'One' });
    await expect(world.reader('jira').read(KEY)).rejects.toMatchObject({
      code: 'tickets-malformed',
      message: expect.stringContaining('"Aproved"'),
    });
  });

  it('is looked up once for many tickets', async () => {
    await using world = await startApproved();
    await world.read();
    await world.read();
    expect(world.jira.calls.filter((call) => call === 'GET /rest/api/3/status')).toHaveLength(1);
  });
});

describe('an approver who is no person', () => {
  it.each([
    ['an app', { accountId: '557058:automation', accountType: 'app' }],
    ['a former user', { accountId: 'unknown', accountType: 'unknown' }],
    ['a former user whose type is not told', { accountId: 'unknown' }],
    ['nobody', undefined],
  ])('%s, gives no approval', async (_, author) => {
    await using world = await startApproved();
    const approval = required(world.history().at(-1));
    if (author === undefined) delete approval.author;
    else approval.author = author;
    const ticket = await world.read();
    expect(ticket.approvals).toEqual([]);
    expect(verdictOn(ticket)).toBe('no-approval');
  });

  it('takes back the approval of a person by moving the issue on', async () => {
    await using world = await startApproved();
    world.store.move(KEY, 'To Do', 'requester');
    world.store.move(KEY, 'Approved', 'approver');
    required(world.history().at(-1)).author = { accountId: 'bot', accountType: 'app' };
    expect((await world.read()).approvals).toEqual([]);
  });

  it('is no requester either', async () => {
    await using world = await startApproved();
    required(world.store.get(KEY)).fields.reporter = { accountId: 'unknown' };
    required(world.store.get(KEY)).fields.creator = { accountId: 'bot', accountType: 'app' };
    expect(verdictOn(await world.read())).toBe('requester-unknown');
  });
});

describe('an issue that was moved to another project', () => {
  it('is out of scope under its former key, whatever stands on it', async () => {
    await using world = await startApproved();
    world.store.moveToProject(KEY, 'OPS-7', 'somebody');
    await expect(world.read()).resolves.toMatchObject({
      id: KEY,
      outOfScope: 'it was moved, and has another key now',
      approvals: [],
    });
  });

  it('carries no approval with it, nor gets one by the move', async () => {
    await using world = await startApproved();
    world.store.moveToProject(KEY, 'OPS-7', 'somebody');
    const reader = world.reader('jira');
    await expect(reader.read('OPS-7')).resolves.toMatchObject({ id: 'OPS-7', approvals: [] });
    world.store.moveToProject('OPS-7', 'OPS-8', 'somebody', 'To Do');
    world.store.moveToProject('OPS-8', 'OPS-9', 'approver', 'Approved');
    await expect(reader.read('OPS-9')).resolves.toMatchObject({ approvals: [] });
    world.store.move('OPS-9', 'Waiting for approval', 'requester');
    const ref = world.store.move('OPS-9', 'Approved', 'approver');
    await expect(reader.read('OPS-9')).resolves.toMatchObject({ approvals: [{ ref }] });
  });

  it('is not moved on in the other project', async () => {
    await using world = await startApproved();
    world.store.moveToProject(KEY, 'OPS-7', 'somebody');
    await expect(world.writer('jira').transition(KEY, 'Failed', {}, 'zpa-changes/0123')).resolves.toMatchObject({
      result: 'refused',
    });
    expect(world.store.get('OPS-7')?.fields.status.name).toBe('Approved');
  });
});

describe('an issue of a project that is not configured', () => {
  it('is out of scope', async () => {
    await using world = await startTicketWorld({ jira: { tickets: { projects: ['ZPA'] } } });
    world.jira.store.addIssue({ key: 'HR-1', title: 'One' });
    world.jira.store.addIssue({ key: 'ZPA-1', title: 'One' });
    const reader = world.reader('jira');
    await expect(reader.read('HR-1')).resolves.toMatchObject({
      outOfScope: expect.stringContaining('tickets.projects'),
      approvals: [],
    });
    await expect(reader.read('ZPA-1')).resolves.toEqual(expect.not.objectContaining({ outOfScope: expect.anything() }));
    await expect(reader.read('ZPA-1')).resolves.toMatchObject({ history: complete([]) });
  });
});
