import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complete } from '../../../../shared/domain/approval/reading.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { createMemorySecrets } from '../../../fakes/memory-secrets.ts';
import { accessTo, createMemoryTickets } from '../../../fakes/memory-tickets.ts';
import { CONFIGURATION, createIngestWorld, read } from '../ingest-world.ts';

/** Bodies in the forms in which Jira sends webhooks, to the source that docs/jira.md shows. */
const page = readFileSync(join(import.meta.dirname, '../../../../docs/jira.md'), 'utf8');
const [, documented = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
const SECRET = 'the secret of a site';
const APPROVER = { accountId: '5b109f2e9729b51b54dc274d', displayName: 'Priya Nair', accountType: 'atlassian' };
const REPORTER = { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Sam Oduya', accountType: 'atlassian' };

const issue = (status: { id: string; name: string }, fields = {}) => ({
  id: '10466',
  self: 'https://acme.atlassian.net/rest/api/2/issue/10466',
  key: 'ZPA-71',
  fields: {
    summary: 'One more for the depot',
    project: { id: '10001', key: 'ZPA', name: 'ZPA changes' },
    status: { ...status, statusCategory: { id: 4, key: 'indeterminate' } },
    reporter: REPORTER,
    creator: REPORTER,
    customfield_10101: { id: '10210', value: 'Enable group' },
    customfield_10102: 'Depot Apps',
    ...fields,
  },
});
const APPROVED = { id: '10102', name: 'Approved' };
const GENEHMIGT = { id: '10102', name: 'Genehmigt' };

/** Histories as Jira has written them over the years; none of them is believed. */
const ITEMS = {
  'without fieldId': { field: 'status', fieldtype: 'jira', from: '10101', to: '10102', toString: 'Approved' },
  'with a capital, without fieldId': { field: 'Status', fieldtype: 'jira', from: '10101', to: '10102' },
  translated: { field: 'Estado', fieldtype: 'jira', from: '10101', fromString: 'Pendiente', to: '10102' },
  'with nulls': { field: 'resolution', fieldtype: 'jira', fieldId: null, from: null, to: null, toString: null },
};

function createJiraWorld(gate: object = {}) {
  const sources = JSON.parse(documented);
  Object.assign(sources.jira.approval.gate, gate);
  const tickets = createMemoryTickets();
  const world = createIngestWorld({
    configuration: configurationSchema.parse({ ...CONFIGURATION, sources }),
    secrets: createMemorySecrets({
      'test/source/jira': JSON.stringify({ secrets: [SECRET] }),
      'test/status': 'any long random text',
    }),
    tickets: accessTo({ jira: tickets }),
  });
  const approvals = [{ by: APPROVER.accountId, at: '2026-12-01T07:00:00.000Z', ref: '10871' }];
  const file = (status: { id: string; name: string }) =>
    tickets.tickets.set('ZPA-71', {
      id: 'ZPA-71',
      payload: { issue: issue(status) },
      requesters: [REPORTER.accountId],
      approvals,
      history: complete([]),
    });
  let deliveries = 0;
  const deliver = async (payload: object) => {
    deliveries += 1;
    const body = JSON.stringify({ timestamp: world.clock.now() + deliveries, ...payload });
    const headers = {
      'webhook-id': undefined,
      'webhook-signature': undefined,
      'webhook-timestamp': undefined,
      'x-atlassian-webhook-identifier': `webhook-${deliveries}`,
      'x-hub-signature': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    };
    return read(await world.send(body, { source: 'jira', headers }));
  };
  return { ...world, tickets, file, deliver };
}

const updated = (status: { id: string; name: string }, items: object[]) => ({
  webhookEvent: 'jira:issue_updated',
  issue_event_type_name: 'issue_generic',
  user: APPROVER,
  issue: issue(status),
  changelog: { id: '10871', items },
});

describe('webhooks of Jira', () => {
  it.each(Object.entries(ITEMS))('whose history is %s are judged by the issue that is read back', async (_, item) => {
    const world = createJiraWorld();
    world.file(APPROVED);
    expect((await world.deliver(updated(APPROVED, [item]))).status).toBe(202);
    expect(world.ledger.allChanges()).toMatchObject([{ ticket: { approvals: [{ by: APPROVER.accountId }] } }]);
  });

  it.each(Object.entries(ITEMS))('whose history is %s approve nothing by themselves', async (_, item) => {
    const world = createJiraWorld();
    world.file({ id: '10101', name: 'Waiting for approval' });
    expect((await world.deliver(updated(APPROVED, [item]))).status).toBe(200);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('that name the status in another language are ignored with the reason, or judged where the gate names both', async () => {
    const { field, status } = { field: 'issue.fields.status.name', status: ['Approved', 'Genehmigt'] };
    const world = createJiraWorld();
    world.file(APPROVED);
    expect((await world.deliver(updated(GENEHMIGT, []))).body).toMatchObject({ reason: 'not-approved' });
    const both = createJiraWorld({ approved: [{ field, oneOf: status }] });
    both.file(APPROVED);
    expect((await both.deliver(updated(GENEHMIGT, []))).status).toBe(202);
  });

  it.each([
    ['a comment', { webhookEvent: 'comment_created', comment: { id: '1', body: 'Approved' }, issue: issue(APPROVED) }],
    ['a worklog', { webhookEvent: 'worklog_updated', worklog: { issueId: '10466' } }],
    ['a link', { webhookEvent: 'issuelink_created', issueLink: { sourceIssueId: 10466 } }],
    ['a sprint', { webhookEvent: 'sprint_started', sprint: { id: 4, state: 'active' } }],
    ['a version', { webhookEvent: 'jira:version_released', version: { id: '9', released: true } }],
    ['a user', { webhookEvent: 'user_created', user: REPORTER }],
    ['an issue that is gone', { webhookEvent: 'jira:issue_deleted', user: REPORTER, issue: issue(APPROVED) }],
    ['an issue that shows little', { issue: { id: '10466', key: 'ZPA-71', fields: {} } }],
    ['an issue without a key', { issue: { id: '10466', fields: null } }],
    ['our own comment', { user: { accountId: '712020:zpa-changes' }, issue: issue(APPROVED) }],
  ])('about %s are answered 200 with the reason', async (_, payload) => {
    const world = createJiraWorld();
    const { status, body } = await world.deliver(payload);
    expect({ status, result: body.result }).toEqual({ status: 200, result: 'ignored' });
    expect(body.reason).toMatch(/^[a-z-]+$/);
    expect(world.ledger.allChanges()).toEqual([]);
  });
});
