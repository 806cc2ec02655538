import { adfLines } from '../../../shared/domain/text/jira-adf.ts';
import { type Answer, startTicketServer, type TicketCall, type TicketServer, userOf } from '../http/http.ts';
import type { StateFile } from '../http/state-file.ts';
import { failure } from './jira-failure.ts';
import { pageOf } from './jira-page.ts';
import { accountOf, createIssue, editIssue } from './jira-people.ts';
import { search } from './jira-search.ts';
import { createJiraStore, type Issue, type JiraState, type JiraStore, type WorkflowTransition } from './jira-store.ts';

export type JiraOptions = {
  port?: number;
  email?: string;
  /** The password of every user, because people have accounts too. */
  apiToken?: string;
  perMinute?: number;
  workflow?: readonly WorkflowTransition[];
  now?: () => number;
  /** Stores the state and restores it at the start; absent: in memory only. */
  state?: StateFile<JiraState>;
};

export type Jira = TicketServer & {
  store: JiraStore;
  /** The comments of an issue, oldest first: the texts of each comment, one line each. */
  notes(key: string): string[];
};

/** The account that our calls are made with. */
const OUR_ACCOUNT = '712020:zpa-changes';

/**
 * A small Jira Cloud: issues, changelog, comments (documents), transitions with their screens, and the search by token,
 * with its paging, limits and errors (developer.atlassian.com, "Jira Cloud platform REST API"). For trying and testing.
 */
export async function startJira(options: JiraOptions = {}): Promise<Jira> {
  const { email = 'zpa-changes@acme.example', apiToken = 'local', now = Date.now } = options;
  const store = createJiraStore(now, options.workflow, options.state?.read());
  const act = (call: TicketCall): Answer => {
    const user = userOf(call, apiToken);
    if (user === undefined) return failure(401, 'Client must be authenticated to access this resource.');
    const by = user === email ? OUR_ACCOUNT : accountOf(user);
    if (call.method === 'POST' && call.path === '/rest/api/3/search/jql') return search(store, call, now());
    if (call.method === 'POST' && /^\/rest\/api\/[23]\/issue$/.test(call.path)) {
      return createIssue(store, call.body, by);
    }
    const [, version, key = '', below = ''] =
      /^\/rest\/api\/([23])\/issue\/([^/]+)(?:\/(changelog|comment|transitions))?$/.exec(call.path) ?? [];
    if (version === undefined) return failure(404, 'null for uri');
    const issue = store.get(decodeURIComponent(key));
    if (issue === undefined) return failure(404, 'Issue does not exist or you do not have permission to see it.');
    return actOn(store, issue, below, { ...call, by });
  };
  const server = await startTicketServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.perMinute === undefined ? {} : { perMinute: options.perMinute }),
    now,
    act,
    onChange: () => options.state?.write(store.state()),
    page: () => pageOf(store),
    limited: { errorMessages: ['Rate limit exceeded.'], errors: {} },
  });
  return Object.assign(server, {
    store,
    notes: (key: string) => (store.get(key)?.comments ?? []).map(({ body }) => adfLines(body).join('\n')),
  });
}

function actOn(store: JiraStore, issue: Issue, below: string, call: TicketCall & { by: string }): Answer {
  switch (`${call.method} ${below}`) {
    case 'PUT ':
      return editIssue(store, issue, call.body, call.by);
    case 'GET ':
      return { status: 200, json: shownIssue(issue, call) };
    case 'GET changelog':
      return { status: 200, json: changelog(issue, call) };
    case 'GET comment':
      return { status: 200, json: comments(issue, call) };
    case 'POST comment':
      return addComment(store, issue, call.body, call.by);
    case 'GET transitions':
      return { status: 200, json: { transitions: store.ways(issue).map(shownWay) } };
    case 'POST transitions':
      return move(store, issue, call.body, call.by);
    default:
      return failure(405, 'Method not allowed');
  }
}

function shownIssue({ id, key, fields }: Issue, { query, path }: TicketCall) {
  const wanted = query.get('fields')?.split(',');
  const shown = wanted === undefined ? fields : Object.fromEntries(wanted.map((name) => [name, fields[name]]));
  return { expand: 'renderedFields', id, self: path, key, fields: shown };
}

function pageOfList<T>(all: readonly T[], { query }: TicketCall) {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Math.min(100, Number(query.get('maxResults') ?? 50));
  return { startAt, maxResults, total: all.length, page: all.slice(startAt, startAt + maxResults) };
}

function changelog({ history }: Issue, call: TicketCall) {
  const { page, ...rest } = pageOfList(history, call);
  return { ...rest, isLast: rest.startAt + page.length >= history.length, values: page };
}

function comments(issue: Issue, call: TicketCall) {
  const newestFirst = call.query.get('orderBy') === '-created';
  const { page, ...rest } = pageOfList(newestFirst ? issue.comments.toReversed() : issue.comments, call);
  return { ...rest, comments: page };
}

/** v3 takes documents only; a text node may not be empty, and a comment holds 32,767 characters at most. */
function addComment(store: JiraStore, issue: Issue, body: unknown, by: string): Answer {
  const document = typeof body === 'object' && body !== null && 'body' in body ? body.body : undefined;
  const isDocument =
    typeof document === 'object' &&
    document !== null &&
    'type' in document &&
    document.type === 'doc' &&
    'version' in document;
  const texts = adfLines(document);
  if (!isDocument || texts.length === 0 || texts.includes('')) {
    return failure(400, '', { comment: 'Comment body is not valid!' });
  }
  if (texts.join('').length > 32_767) return failure(400, '', { comment: 'CONTENT_LIMIT_EXCEEDED' });
  return { status: 201, json: store.comment(issue, document, by) };
}

function shownWay({ id, name, to, required = [] }: WorkflowTransition) {
  const fields = required.map((field) => [field, { required: true, hasDefaultValue: false, key: field, name: field }]);
  return { id, name, to: { name: to }, hasScreen: required.length > 0, fields: Object.fromEntries(fields) };
}

function move(store: JiraStore, issue: Issue, body: unknown, by: string): Answer {
  const given = typeof body === 'object' && body !== null ? body : {};
  const transition = 'transition' in given ? given.transition : undefined;
  const id = typeof transition === 'object' && transition !== null && 'id' in transition ? transition.id : undefined;
  const fields = 'fields' in given && typeof given.fields === 'object' && given.fields !== null ? given.fields : {};
  const way = store.ways(issue).find((one) => one.id === id);
  if (way === undefined)
    return failure(
      400,
      `It seems that you have tried to perform a workflow operation that is not valid for the current state of this issue ${issue.key}.`,
    );
  const lacking = (way.required ?? []).filter((field) => !Object.hasOwn(fields, field));
  if (lacking.length > 0) return failure(400, '', Object.fromEntries(lacking.map((field) => [field, 'is required.'])));
  store.move(issue.key, way.to, by, { ...fields });
  return { status: 204 };
}
