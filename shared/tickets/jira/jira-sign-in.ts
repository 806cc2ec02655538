import * as z from 'zod';
import type { SignInCheck } from '../http/caller.ts';
import { type TicketAnswer, unexpectedAnswer } from '../http/send-ticket-request.ts';
import { TicketError } from '../http/ticket-error.ts';
import { onlyCloud } from './jira-issue.ts';

const account = z.looseObject({ accountId: z.string().min(1) });

/**
 * Rejects an answer that Jira gave to an anonymous user. With an expired token Jira Cloud answers many calls as it answers
 * a stranger: 404 for an issue, 200 with an empty list for a search. It names the failure in `X-Seraph-LoginReason`, and
 * the user of a successful sign-in in `X-AAccountId` (developer.atlassian.com, "Jira Cloud platform REST API", special
 * headers). An answer without either, such as behind a proxy, is checked by "Get current user", which has no anonymous
 * answer.
 */
export const requireJiraSignIn: SignInCheck = async (answer, call) => {
  if (isFailedSignIn(answer)) throw refused();
  if (textOf(answer, 'x-aaccountid') !== '') return;
  // Jira Server and Data Center name the user here, and Jira Cloud does not.
  if (textOf(answer, 'x-ausername') !== '') throw onlyCloud();
  const myself = await call({ method: 'GET', path: '/rest/api/3/myself' });
  if (isFailedSignIn(myself)) throw refused();
  if (myself.status !== 200 || !account.safeParse(myself.json).success) throw unexpectedAnswer('Jira user', myself);
};

const isFailedSignIn = (answer: TicketAnswer) =>
  /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/i.test(textOf(answer, 'x-seraph-loginreason'));

const textOf = ({ headers }: TicketAnswer, name: string) => String(headers[name] ?? '').trim();

const refused = () =>
  new TicketError('tickets-refused', 'Jira: the credential is not accepted, the answer is anonymous');

const notFound = z.looseObject({ errorMessages: z.array(z.string()).min(1) });

/** True if Jira itself says that there is no such issue. A 404 page of something in between says nothing about it. */
export const isNoSuchIssue = ({ status, json }: Pick<TicketAnswer, 'status' | 'json'>) =>
  status === 404 && notFound.safeParse(json).success;
