import { servicenowSource } from '../../../functions/ops/commands/connect/source/build-source.ts';
import { LOOPBACK, type TicketAddresses, ticketPageOf } from '../../ticket-systems/addresses.ts';
import { CLOSED, DONE } from '../../ticket-systems/transitions.ts';

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
    [TICKET_SOURCES.servicenow]: {
      ...servicenowSource({ url: addresses.servicenow, user: 'zpa.changes', reader: '' }, rows),
      grants,
    },
    [TICKET_SOURCES.jira]: jiraTickets(addresses.jira),
    [TICKET_SOURCES.webhook]: toolTickets(addresses.webhook),
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
