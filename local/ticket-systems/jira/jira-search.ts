import type { Answer, TicketCall } from '../http/http.ts';
import { failure } from './jira-failure.ts';
import { idOfStatus } from './jira-statuses.ts';
import type { JiraStore } from './jira-store.ts';

/** JQL as far as it is used here; a query without any of it is refused, because the search wants a bound. */
export function search(store: JiraStore, { body }: TicketCall, now: number): Answer {
  const given = typeof body === 'object' && body !== null ? body : {};
  const jql = 'jql' in given && typeof given.jql === 'string' ? given.jql : '';
  const token = 'nextPageToken' in given ? Number(given.nextPageToken) : 0;
  const size = 'maxResults' in given ? Math.min(100, Number(given.maxResults)) : 50;
  const statuses = /status in \(([^)]*)\)/
    .exec(jql)?.[1]
    ?.split(',')
    .map((one) => one.trim());
  const projects = quotedList(/project in \(([^)]*)\)/.exec(jql)?.[1]);
  const minutes = /updated >= "-(\d+)m"/.exec(jql)?.[1];
  const label = /labels = "([^"]*)"/.exec(jql)?.[1];
  if (statuses === undefined && minutes === undefined && label === undefined)
    return failure(400, 'Unbounded JQL queries are not allowed here.');
  const found = store
    .all()
    .filter(
      ({ key, fields }) =>
        (statuses === undefined || statuses.includes(idOfStatus(store, fields.status.name))) &&
        (label === undefined || (Array.isArray(fields.labels) && fields.labels.includes(label))) &&
        (projects === undefined || projects.includes(key.replace(/-\d+$/, ''))) &&
        (minutes === undefined || Date.parse(fields.updated) >= now - Number(minutes) * 60_000),
    );
  const page = found.slice(token, token + size);
  const next = token + size;
  // The last page names no token (JRACLOUD-92184).
  return {
    status: 200,
    json: {
      issues: page.map(({ id, key }) => ({ id, key })),
      isLast: next >= found.length,
      ...(next < found.length ? { nextPageToken: String(next) } : {}),
    },
  };
}

function quotedList(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, one = '']) => one.replace(/\\(.)/g, '$1'));
}
