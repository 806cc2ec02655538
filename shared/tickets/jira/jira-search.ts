import * as z from 'zod';
import type { JiraConfiguration } from '../../domain/configuration/tickets-schema.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { TicketError } from '../http/ticket-error.ts';

const searchPage = z.looseObject({
  issues: z.array(z.looseObject({ key: z.string() })),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().optional(),
});

const PAGE = 100;

/**
 * Lists the keys of approved issues with "Search for issues using JQL enhanced search (POST)". Its pages are linked by a
 * token, which the last page lacks. The query states the time in minutes before now, because Jira reads a date in JQL in
 * the time zone of the calling user, and statuses by id, because their names are translated.
 */
export async function* listApprovedKeys(
  tickets: JiraConfiguration,
  call: ApiCaller,
  statuses: ReadonlySet<string>,
  agoMs: number,
): AsyncGenerator<string> {
  const jql = approvedJql(tickets, statuses, Math.ceil(agoMs / 60_000) + 1);
  const used = new Set<string>();
  let token: string | undefined;
  do {
    const body = {
      jql,
      fields: ['status'],
      maxResults: PAGE,
      ...(token === undefined ? {} : { nextPageToken: token }),
    };
    const answer = await call({ method: 'POST', path: '/rest/api/3/search/jql', body });
    const parsed = searchPage.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira search', answer);
    yield* parsed.data.issues.map(({ key }) => key);
    token = nextToken(parsed.data, used);
  } while (token !== undefined);
}

/**
 * A token that comes twice leads in a circle, and a page before the last one leads on; otherwise the list is not
 * complete.
 */
function nextToken({ isLast, nextPageToken }: z.output<typeof searchPage>, used: Set<string>): string | undefined {
  if (isLast === true) return undefined;
  const token = nextPageToken ?? '';
  if (token === '' && isLast === undefined) return undefined;
  if (token === '' || used.has(token)) {
    throw new TicketError('tickets-malformed', 'Jira search: a page is not the last one and leads to no further page');
  }
  used.add(token);
  return token;
}

function approvedJql({ projects }: JiraConfiguration, statuses: ReadonlySet<string>, minutes: number): string {
  const within = projects.length === 0 ? '' : `project in (${projects.map((key) => `"${key}"`).join(', ')}) AND `;
  return `${within}status in (${[...statuses].join(', ')}) AND updated >= "-${minutes}m" ORDER BY created ASC`;
}
