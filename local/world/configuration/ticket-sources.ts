import { LOOPBACK, type TicketAddresses, ticketPageOf } from '../../ticket-systems/addresses.ts';
import { CLOSED, DONE, REVIEWED } from '../../ticket-systems/transitions.ts';

/** Three kinds of ticket that people file and approve, each a source of its own. */
export const TICKET_SOURCES = {
  servicenow: 'servicenow-tickets',
  jira: 'jira-tickets',
  webhook: 'tool-tickets',
} as const satisfies Record<keyof TicketAddresses, string>;

const grants = [
  { tenants: ['acme-prod'], actions: ['create', 'update', 'delete'], groups: ['*'], applications: ['*'] },
];
const rows = { tenant: { value: 'acme-prod' } };

/** Their configuration as docs/servicenow.md, docs/jira.md and docs/any-webhook.md set it up, with the local systems. */
export function ticketSources(addresses: TicketAddresses): Record<string, unknown> {
  return {
    [TICKET_SOURCES.servicenow]: servicenowTickets(addresses.servicenow),
    [TICKET_SOURCES.jira]: jiraTickets(addresses.jira),
    [TICKET_SOURCES.webhook]: toolTickets(addresses.webhook),
  };
}

function servicenowTickets(url: string) {
  return {
    system: 'ServiceNow',
    scheme: 'standard-webhooks',
    ticketUrl: ticketPageOf(url, '{id}'),
    mapping: { preset: 'servicenow-change', rows },
    tickets: { kind: 'servicenow', url, allowedPrivateCidrs: LOOPBACK, transitions: REVIEWED },
    approval: {
      gate: {
        preset: 'servicenow-change',
        concerns: [{ field: 'record.u_zpa_action', filled: true }],
        approved: [
          { field: 'record.approval', oneOf: ['approved'] },
          { field: 'record.state', oneOf: ['-1'] },
          { field: 'record.on_hold', oneOf: ['false'] },
          { field: 'record.type', oneOf: ['normal', 'standard', 'emergency'] },
        ],
      },
      integrationUser: 'zpa.changes',
    },
    grants,
  };
}

function jiraTickets(url: string) {
  return {
    system: 'Jira',
    scheme: 'jira',
    ticketUrl: ticketPageOf(url, '{id}'),
    mapping: { preset: 'jira-issue', rows },
    tickets: { kind: 'jira', url, allowedPrivateCidrs: LOOPBACK, projects: ['ZPA'], transitions: DONE },
    approval: {
      gate: { preset: 'jira-issue', concerns: [{ field: 'issue.fields.customfield_10101', filled: true }] },
      integrationUser: '712020:zpa-changes',
    },
    grants,
  };
}

/** Any tool that signs: its own word counts as the approval, and it is answered by a signed webhook. */
function toolTickets(url: string) {
  return {
    system: 'Request tool',
    scheme: 'standard-webhooks',
    ticketUrl: ticketPageOf(url, '{id}'),
    mapping: { preset: 'flat-json', rows },
    tickets: {
      kind: 'webhook',
      url,
      allowedPrivateCidrs: LOOPBACK,
      idPattern: 'REQ-\\d{1,9}',
      transitions: CLOSED,
    },
    approval: {
      gate: {
        ticket: 'ticket',
        submitted: [{ field: 'status', oneOf: ['waiting'] }],
        approved: [{ field: 'status', oneOf: ['approved'] }],
        withdrawn: [{ field: 'status', oneOf: ['withdrawn'] }],
      },
      trustPayload: true,
      granted: { ref: 'approval.id', by: 'approval.by', at: 'approval.at' },
    },
    grants,
  };
}
