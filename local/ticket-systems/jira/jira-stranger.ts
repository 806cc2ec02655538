import type { Answer, TicketCall } from '../http/http.ts';
import { failure } from './jira-failure.ts';

export const noIssue = () => failure(404, 'Issue does not exist or you do not have permission to see it.');

/**
 * Jira Cloud's answer to somebody who is not signed in: issues do not exist, searches find nothing, and only calls about
 * the user are refused. `tried`: with a credential that is not valid (any more), which a header tells.
 */
export function answerStranger(call: TicketCall, tried: boolean): Answer {
  const headers = tried ? { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' } : {};
  return { ...strangersAnswer(call), headers };
}

function strangersAnswer({ method, path }: TicketCall): Answer {
  if (method === 'POST' && path === '/rest/api/3/search/jql')
    return { status: 200, json: { issues: [], isLast: true } };
  if (method === 'GET' && path === '/rest/api/3/status') return { status: 200, json: [] };
  if (/^\/rest\/api\/[23]\/issue\/[^/]/.test(path)) return noIssue();
  return failure(401, 'Client must be authenticated to access this resource.');
}
