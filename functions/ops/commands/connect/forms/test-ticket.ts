import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';

/** The segment group that a test ticket names. It need not exist. */
export const TEST_GROUP = 'zpa-changes connection test';

/** A ticket that can change nothing: the `steps` to make it in their order, a `body` to copy, and what `stays` of it. */
export type TestTicket = { ask: string; steps: string[]; body?: string; stays: string };

const FORM = `ZPA action "Rename group", ZPA group "${TEST_GROUP}", ZPA new name blank`;
const HARMLESS = 'Nothing can come of it, whoever approves it: there is no new name, so no change is ever made of it.';

const REQUEST = {
  ...{ ticket: 'REQ-1', status: 'waiting', requestedBy: 'sam.oduya' },
  ...{ action: 'Rename group', group: TEST_GROUP },
};

/** The test ticket of a source, by its ticket system. */
export function testTicketOf({ tickets, approval, scheme }: SourceConfiguration): TestTicket {
  switch (tickets?.kind) {
    case 'servicenow':
      return {
        ask: 'Number of the test change, such as CHG0040001',
        steps: [
          `Create a normal change: ${FORM}. ${HARMLESS}`,
          'Press Request Approval. The rule sends it, and work notes appear on it.',
          'Let somebody else approve it, and move it to Implement. A work note says why nothing is done.',
          'This command moves it on, as the results of a real change would.',
        ],
        stays: 'the test change with its work notes. Close it',
      };
    case 'jira': {
      const [approved = 'Approved'] = tickets.approvedStatuses;
      return {
        ask: 'Key of the test issue, such as ZPA-101',
        steps: [
          `Create an issue: ${FORM}. ${HARMLESS}`,
          `Move it to ${waitingStatus(approval)}. Jira sends it, and comments appear on it.`,
          `Let somebody else move it to ${approved}. A comment says why nothing is done.`,
          'This command moves it on, as the results of a real issue would.',
        ],
        stays: 'the test issue with its comments. Delete it',
      };
    }
    default:
      if (scheme.kind === 'github') {
        return {
          ask: 'Number of the test issue, such as 7',
          steps: [
            `Create an issue "${TEST_GROUP}", without the label.`,
            'Close it. GitHub sends that, and it can only cancel what was approved, which is nothing.',
          ],
          stays: 'the closed issue. Delete it',
        };
      }
      return {
        ask: 'Number of the test request, such as REQ-1',
        steps: [`Let the tool send a request that waits for approval, such as the one below. ${HARMLESS}`],
        body: JSON.stringify(REQUEST),
        stays: 'the test request in your tool. Withdraw it there',
      };
  }
}

/** The status in which an issue of this source waits for approval. */
export function waitingStatus(approval: SourceConfiguration['approval']): string {
  const [first] = approval?.gate.submitted ?? [];
  return first !== undefined && 'oneOf' in first ? (first.oneOf[0] ?? '') : 'Waiting for approval';
}
