import { TICKET_SOURCES } from '../world/configuration/ticket-sources.ts';
import type { SampleTicket } from './sample-ticket.ts';

const REQUEST = {
  ticket: 'REQ-7',
  requestedBy: 'noor.haddad',
  action: 'Enable group',
  group: 'Management Apps',
};
const APPROVER = 'priya.nair';

/** A request of any tool that can sign a webhook; its payload states whether it is approved (docs/any-webhook.md). */
export function toolRequest(): SampleTicket {
  let approvedAt: string | undefined;
  return {
    source: TICKET_SOURCES.webhook,
    kind: 'Request of another tool',
    answer: 'signed webhook',
    asks: `${REQUEST.action}, ${REQUEST.group}`,
    requester: REQUEST.requestedBy,
    approver: APPROVER,
    submit: async () => REQUEST.ticket,
    approve: async () => {
      approvedAt ??= new Date().toISOString();
    },
    payload: async () =>
      approvedAt === undefined
        ? { ...REQUEST, status: 'waiting' }
        : { ...REQUEST, status: 'approved', approval: { id: '7-1', by: APPROVER, at: approvedAt } },
  };
}
