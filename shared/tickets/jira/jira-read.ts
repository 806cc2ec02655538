import { z } from 'zod';
import { complete, type Reading } from '../../domain/approval/reading.ts';
import type { JiraConfiguration } from '../../domain/configuration/tickets-schema.ts';
import type { FieldChange, TicketApproval, TicketReader, TicketRecord } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { requireTicketId } from '../http/ticket-id.ts';

/**
 * Creates the reader of issues from Jira Cloud. It reads the issue through REST v2, because rich text is a string there,
 * as in webhooks, and a document in v3 (developer.atlassian.com, "Jira Cloud platform REST API", versions); both
 * versions are current.
 */
export function createJiraReader(tickets: JiraConfiguration, call: ApiCaller, now: () => number): TicketReader {
  const read = (id: string) => readIssue(tickets, call, id);
  return {
    read,
    listApproved: (since) => listApproved(tickets, call, Math.max(0, now() - since), read),
  };
}

const TOO_LONG: Reading<never> = { kind: 'unknown', reason: 'its history is longer than 5,000 entries' };

const person = z.looseObject({ accountId: z.string() }).nullish();
const issueSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  fields: z.looseObject({ status: z.looseObject({ name: z.string() }), reporter: person, creator: person }),
});

export const issuePath = (version: 2 | 3, key: string, below = '') =>
  `/rest/api/${version}/issue/${encodeURIComponent(key)}${below}`;

async function readIssue(tickets: JiraConfiguration, call: ApiCaller, id: string): Promise<TicketRecord | undefined> {
  const key = requireTicketId(tickets.idPattern, id);
  const answer = await call({ method: 'GET', path: issuePath(2, key) });
  if (answer.status === 404) return undefined;
  const parsed = issueSchema.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira issue', answer);
  const issue = parsed.data;
  const history = await readChangelog(call, key);
  const requesters = [issue.fields.reporter?.accountId, issue.fields.creator?.accountId];
  const { expand: _expand, self: _self, ...rest } = issue;
  return {
    id: issue.key,
    payload: { issue: rest },
    requesters: [...new Set(requesters.filter((one) => one !== undefined))],
    approvals: approvalsIn(history, issue.fields.status.name, tickets.approvedStatuses),
    history: history === undefined ? TOO_LONG : complete(history.flatMap(toFieldChanges)),
  };
}

const changelogPage = z.looseObject({
  isLast: z.boolean().optional(),
  total: z.number().optional(),
  values: z.array(
    z.looseObject({
      id: z.string(),
      created: z.string(),
      author: person,
      items: z.array(
        z.looseObject({
          field: z.string(),
          fieldId: z.string().nullish(),
          fromString: z.string().nullish(),
          toString: z.unknown(),
        }),
      ),
    }),
  ),
});
type History = z.output<typeof changelogPage>['values'];

const PAGE = 100;
const MAX_PAGES = 50;

/** Reads the changelog, oldest entry first; undefined if it has more than `MAX_PAGES` pages. */
async function readChangelog(call: ApiCaller, key: string): Promise<History | undefined> {
  const history: History = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { startAt: String(history.length), maxResults: String(PAGE) };
    const answer = await call({ method: 'GET', path: issuePath(3, key, '/changelog'), query });
    const parsed = changelogPage.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira changelog', answer);
    const { values, isLast, total } = parsed.data;
    history.push(...values);
    const last = isLast ?? (total !== undefined && history.length >= total);
    if (last || values.length === 0) return history.toSorted((a, b) => Date.parse(a.created) - Date.parse(b.created));
  }
  return undefined;
}

const isoTime = (text: string) => {
  const at = Date.parse(text);
  return new Date(Number.isNaN(at) ? 0 : at).toISOString();
};

/**
 * The person who moves an issue into an approved status approves it. A move to another approved status is no second
 * approval, and a move to any other status withdraws it. An issue created in an approved status has no approval.
 */
function approvalsIn(history: History | undefined, status: string, approved: readonly string[]): TicketApproval[] {
  const isApproved = (name: unknown) => typeof name === 'string' && approved.some((one) => isSameName(one, name));
  if (history === undefined || !isApproved(status)) return [];
  let standing: TicketApproval[] = [];
  for (const { id, created, author, items } of history) {
    for (const item of items.filter(({ field }) => field === 'status')) {
      const wasApproved = isApproved(item.fromString);
      const becomesApproved = isApproved(Object.hasOwn(item, 'toString') ? item.toString : undefined);
      if (becomesApproved && !wasApproved) standing = [{ by: author?.accountId ?? '', at: isoTime(created), ref: id }];
      if (wasApproved && !becomesApproved) standing = [];
    }
  }
  return standing;
}

export const isSameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function toFieldChanges({ created, author, items }: History[number]): FieldChange[] {
  const by = author?.accountId ?? '';
  return items.map(({ field, fieldId }) => ({ field: `issue.fields.${fieldId ?? field}`, at: isoTime(created), by }));
}

const searchPage = z.looseObject({
  issues: z.array(z.looseObject({ key: z.string() })),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().optional(),
});

/**
 * Lists approved issues with "Search for issues using JQL enhanced search (POST)". Its pages are linked by a token, which
 * the last page lacks. The query states the time in minutes before now, because Jira reads a date in JQL in the time
 * zone of the calling user.
 */
async function* listApproved(
  tickets: JiraConfiguration,
  call: ApiCaller,
  agoMs: number,
  read: TicketReader['read'],
): AsyncGenerator<TicketRecord> {
  const pattern = new RegExp(`^(?:${tickets.idPattern})$`, 'u');
  const jql = approvedJql(tickets, Math.ceil(agoMs / 60_000) + 1);
  let nextPageToken: string | undefined;
  do {
    const body = {
      jql,
      fields: ['status'],
      maxResults: PAGE,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    };
    const answer = await call({ method: 'POST', path: '/rest/api/3/search/jql', body });
    const parsed = searchPage.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira search', answer);
    for (const { key } of parsed.data.issues) {
      const ticket = pattern.test(key) ? await read(key) : undefined;
      if (ticket !== undefined) yield ticket;
    }
    nextPageToken = parsed.data.isLast === true ? undefined : (parsed.data.nextPageToken ?? undefined);
  } while (nextPageToken !== undefined);
}

function approvedJql({ approvedStatuses, projects }: JiraConfiguration, minutes: number): string {
  const quoted = (texts: readonly string[]) =>
    texts.map((text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(', ');
  const within = projects.length === 0 ? '' : `project in (${quoted(projects)}) AND `;
  return `${within}status in (${quoted(approvedStatuses)}) AND updated >= "-${minutes}m" ORDER BY created ASC`;
}
