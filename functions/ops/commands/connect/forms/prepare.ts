import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import type { Accounts } from '../secrets/credentials.ts';
import type { ConnectAnswers } from '../source/questions.ts';
import type { Form } from './form.ts';
import { jiraPreparation } from './forms-jira.ts';
import { servicenowPreparation } from './forms-servicenow.ts';
import { waitingStatus } from './test-ticket.ts';

/** These come before the settings: the forms that the ticket system needs, and the accounts by which it is called. */
export type Prepared = { forms: Form[]; accounts: Accounts | undefined };

const NONE: Prepared = { forms: [], accounts: undefined };

/** For a source that is to be made of these answers. */
export function prepareFor(answers: ConnectAnswers): Prepared {
  const { system, user, email, reader } = answers;
  const readerName = reader === '' ? undefined : reader;
  switch (system) {
    case 'servicenow':
      return {
        forms: servicenowPreparation(user, readerName !== undefined),
        accounts: { kind: 'servicenow', writer: user, reader: readerName },
      };
    case 'jira':
    case 'jira-automation': {
      const { waitingStatus: waiting, approvedStatus, doneStatus, partlyStatus, failedStatus } = answers;
      const statuses = {
        waiting,
        approved: approvedStatus,
        done: doneStatus,
        partly: partlyStatus,
        failed: failedStatus,
      };
      return {
        forms: jiraPreparation(statuses, readerName !== undefined),
        accounts: { kind: 'jira', writer: email, reader: readerName },
      };
    }
    default:
      return NONE;
  }
}

/** For a source that the settings have. They hold no name of a reader, and no email address, which are asked for if needed. */
export function prepareAgain({ tickets, approval }: SourceConfiguration): Prepared {
  if (tickets === undefined || tickets.kind === 'webhook') return NONE;
  const reader = tickets.readSecret ? '' : undefined;
  if (tickets.kind === 'servicenow') {
    const user = approval?.integrationUser ?? '';
    return {
      forms: servicenowPreparation(user, tickets.readSecret),
      accounts: { kind: 'servicenow', writer: user, reader },
    };
  }
  const { all, some, none } = tickets.transitions;
  const statuses = {
    waiting: waitingStatus(approval),
    approved: tickets.approvedStatuses[0] ?? 'Approved',
    done: all?.to ?? 'Done',
    partly: some?.to ?? 'Partly done',
    failed: none?.to ?? 'Failed',
  };
  return { forms: jiraPreparation(statuses, tickets.readSecret), accounts: { kind: 'jira', writer: '', reader } };
}
