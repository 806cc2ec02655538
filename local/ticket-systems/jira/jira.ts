import { adfLines } from '../../../shared/domain/text/jira-adf.ts';
import { answerDesk } from '../desk/desk.ts';
import { createSender } from '../desk/sender.ts';
import { type Answer, startTicketServer, type TicketCall, type TicketServer, userOf } from '../http/http.ts';
import type { StateFile } from '../http/state-file.ts';
import { createJiraDesk } from './jira-desk.ts';
import { failure } from './jira-failure.ts';
import { JIRA_FIELDS } from './jira-fields.ts';
import { accountOf, createIssue, editIssue } from './jira-people.ts';
import { search } from './jira-search.ts';
import { changelog, pageOfList, shownIssue, shownProject, shownTransition } from './jira-shown.ts';
import { statusList } from './jira-statuses.ts';
import { createJiraStore, type Issue, type JiraState, type JiraStore, type WorkflowTransition } from './jira-store.ts';
import { answerStranger, noIssue } from './jira-stranger.ts';
import type { JiraWays } from './jira-ways.ts';

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
  /** May be switched at any time. */
  ways: JiraWays;
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
  const ways: JiraWays = {};
  const act = (call: TicketCall): Answer => {
    const user = userOf(call, apiToken);
    const isAnonymous = user === undefined || ways.signIn === 'anonymous';
    if (isAnonymous)
      return answerStranger(call, ways.signIn !== 'anonymous' && call.headers.authorization !== undefined);
    const by = user === email ? OUR_ACCOUNT : accountOf(user);
    return { ...answerUser(store, ways, { ...call, by }, now()), headers: { 'x-aaccountid': by } };
  };
  const desk = createJiraDesk(store);
  const sender = createSender({ scheme: 'jira', now, payloadOf: (key) => webhookBody(store, ways, key, now()) });
  const server = await startTicketServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.perMinute === undefined ? {} : { perMinute: options.perMinute }),
    now,
    act,
    onChange: () => options.state?.write(store.state()),
    page: (call) => answerDesk(desk, sender, call),
    limited: { errorMessages: ['Rate limit exceeded.'], errors: {} },
  });
  return Object.assign(server, {
    store,
    ways,
    notes: (key: string) => (store.get(key)?.comments ?? []).map(({ body }) => adfLines(body).join('\n')),
  });
}

/** The body that Jira's webhook sends for an issue ("Webhooks", `jira:issue_updated`). */
function webhookBody(store: JiraStore, ways: JiraWays, key: string, timestamp: number) {
  const issue = store.get(key);
  if (issue === undefined) return undefined;
  const path = `/rest/api/2/issue/${key}`;
  const shown = shownIssue(store, ways, issue, { query: new URLSearchParams(), path });
  const user = issue.history.at(-1)?.author ?? issue.fields.reporter;
  return { timestamp, webhookEvent: 'jira:issue_updated', user, issue: shown };
}

/** An account that may read and not write. */
const READER = accountOf('zpa-reader@acme.example');

const ISSUE = /^\/rest\/api\/([23])\/issue\/([^/]+)(?:\/(changelog|comment|transitions))?$/;

const PROJECT = /^\/rest\/api\/3\/project\/([^/]+)$/;

type UserCall = TicketCall & { by: string };

function answerUser(store: JiraStore, ways: JiraWays, call: UserCall, at: number): Answer {
  switch (`${call.method} ${call.path}`) {
    case 'GET /rest/api/3/myself':
      return { status: 200, json: { accountId: call.by } };
    case 'GET /rest/api/3/field':
      return {
        status: 200,
        json: JIRA_FIELDS.map(([id, name]) => ({ id, name, custom: id.startsWith('customfield_') })),
      };
    case 'GET /rest/api/3/status':
      return { status: 200, json: statusList(store, ways) };
    case 'POST /rest/api/3/search/jql':
      return search(store, call, at);
    case 'POST /rest/api/2/issue':
    case 'POST /rest/api/3/issue':
      return createIssue(store, call.body, call.by);
  }
  const [, project] = PROJECT.exec(call.path) ?? [];
  if (project !== undefined) return shownProject(project);
  const [, version, key = '', below = ''] = ISSUE.exec(call.path) ?? [];
  if (version === undefined) return failure(404, 'null for uri');
  const issue = store.get(decodeURIComponent(key));
  return issue === undefined ? noIssue() : actOn(store, ways, issue, below, call);
}

function actOn(store: JiraStore, ways: JiraWays, issue: Issue, below: string, call: UserCall): Answer {
  if (call.by === READER && call.method !== 'GET') {
    return failure(403, 'You do not have the permission to change this issue.');
  }
  switch (`${call.method} ${below}`) {
    case 'PUT ':
      return editIssue(store, issue, call.body, call.by);
    case 'GET ':
      return { status: 200, json: shownIssue(store, ways, issue, call) };
    case 'GET changelog':
      return { status: 200, json: changelog(store, ways, issue, call) };
    case 'GET comment':
      return { status: 200, json: comments(issue, call) };
    case 'POST comment':
      return addComment(store, issue, call.body, call.by);
    case 'GET transitions':
      return { status: 200, json: { transitions: store.ways(issue).map((way) => shownTransition(store, ways, way)) } };
    case 'POST transitions':
      return move(store, issue, call.body, call.by);
    default:
      return failure(405, 'Method not allowed');
  }
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
