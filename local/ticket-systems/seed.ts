import { SAMPLES } from '../samples/samples.ts';
import type { JiraStore } from './jira/jira-store.ts';
import type { ServiceNowStore } from './servicenow/servicenow-store.ts';

/**
 * The tickets that the samples are deliveries of: approved, and waiting for what comes of them. Those that are there
 * stay as they are.
 */
export function seedTickets(servicenow: ServiceNowStore, jira: JiraStore): void {
  for (const { source, ticket, title } of SAMPLES) {
    if (source === 'servicenow' && !servicenow.tickets().some(({ number }) => number === ticket)) {
      servicenow.addTicket({ number: ticket, title });
      servicenow.approve(ticket, 'lena.brandt');
    }
    if (source === 'jira' && jira.get(ticket) === undefined) {
      jira.addIssue({ key: ticket, title, status: 'Waiting for approval' });
      jira.move(ticket, 'Approved', '5b10a2844c20165700ede21g');
    }
  }
}
