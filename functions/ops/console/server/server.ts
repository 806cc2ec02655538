import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ROLES } from '../../../../shared/deployment/roles.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { ActResult, ConsoleAct, ConsolePage } from '../contract.ts';
import { remedyOnPage } from '../view/page-words.ts';
import { requireRole } from '../view/role-link.ts';
import { refuse, sessionCookie } from '../web/guard.ts';
import { closeServer, listenOnLoopback, readForm, send, sendAsset, setPageHeaders } from '../web/http.ts';
import { attempt } from './attempt.ts';
import type { Means } from './context.ts';
import { statusOf } from './describe-error.ts';
import { createEntrance } from './entrance.ts';
import { type About, errorContent } from './layout.ts';
import { answerPage } from './page-answer.ts';
import type { Sessions } from './sessions.ts';
import { waysOut } from './ways-out.ts';

export type ConsoleOptions = {
  means: Means;
  sessions: Pick<Sessions, 'lend'>;
  pages: readonly ConsolePage[];
  acts: readonly ConsoleAct[];
  /** The page that the link opens, and the command that prints it. */
  home: string;
  command: string;
  about(): About;
  /** Ends pages that are being read when the console ends. */
  signal: AbortSignal;
  /** 0: any free port. */
  port: number;
};

export type ConsoleServer = {
  url: string;
  /** With the token that opens the console: this is the one to print. */
  entryUrl: string;
  /** As `entryUrl`, for one use: to open a browser with. */
  openUrl: string;
  close(): Promise<void>;
};

/** The console, and the results of acts by the address that shows them. No address carries one, so no link can make one up. */
type Running = ConsoleOptions & { notices: Map<string, ActResult> };

/** Serves the console on 127.0.0.1 to the one person who started it. */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleServer> {
  const running: Running = { ...options, notices: new Map() };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) send(response, 500, 'text/plain', 'The request failed. Reload the page.');
      else response.end();
    });
  });
  const port = await listenOnLoopback(server, options.port);
  const { access, admits, entryUrl, openUrl } = createEntrance(port, options.command);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setPageHeaders(response);
    const url = new URL(request.url ?? '/', 'http://console');
    if (admits(request, url)) {
      response.writeHead(303, { location: options.home, 'set-cookie': sessionCookie(access) }).end();
      return;
    }
    const refusal = refuse(request, access);
    if (refusal !== undefined) return send(response, refusal.status, 'text/plain', refusal.sentence);
    if (request.method === 'POST') return act(running, url, request, response);
    if (request.method !== 'GET') return send(response, 405, 'text/plain', 'Only GET and POST.');
    if (await sendAsset(url.pathname.slice(1), response)) return;
    return show(running, url, request, response);
  }

  return { url: `http://127.0.0.1:${port}/`, entryUrl, openUrl, close: () => closeServer(server) };
}

async function show(running: Running, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pages, means, about, notices } = running;
  const page = pages.find(({ path }) => path === url.pathname);
  // The script asks again for what is shown already: the notice of an act is for the page that opens after it.
  const isRefresh = request.headers['x-refresh'] !== undefined;
  const address = url.pathname + url.search;
  const notice = isRefresh ? undefined : notices.get(address);
  if (!isRefresh) notices.delete(address);
  const frame = { pages, path: url.pathname, about: about(), notice, query: url.searchParams.get('q') ?? '' };
  const answering = answerPage(response, frame, page?.label ?? 'Reading');

  const ended = new AbortController();
  response.on('close', () => ended.abort());
  const course = {
    // A page may need more than a viewer's rights: the role to name is the first that the person lacks.
    role: ROLES.find((one) => means.whyNot(one) !== undefined) ?? 'viewer',
    signal: AbortSignal.any([running.signal, ended.signal]),
    waitFor: isRefresh ? undefined : answering.waitFor,
  };
  const read = await attempt(running, course, (context) =>
    page === undefined ? Promise.reject(unknownPage(url.pathname)) : page.render(context, url.searchParams),
  );
  const document = 'value' in read ? read.value.document : undefined;
  if (document !== undefined && !response.headersSent) {
    response.setHeader('content-security-policy', document.policy);
    return send(response, 200, 'text/html', document.html);
  }
  const shown = { warnings: read.warnings, readAt: means.now() };
  if ('value' in read) answering.end(200, { ...shown, content: read.value, failed: false });
  else
    answering.end(statusOf(read.error), {
      ...shown,
      content: errorContent(read.error, waysOut(url, read.error)),
      failed: true,
    });
}

async function act(running: Running, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = await readForm(request);
  if (form === undefined) return showTooLong(running, url, response);
  const one = running.acts.find(({ path }) => path === url.pathname);
  if (one === undefined) return send(response, 404, 'text/plain', 'Unknown action.');
  const { role } = one;
  const done = await attempt(running, { role, signal: running.signal }, (context) => {
    requireRole(context, role);
    return one.run(context, form);
  });
  const result =
    'value' in done ? done.value : failedResult(done.error, one.failedAt?.(form) ?? request.headers.referer);
  const to = ownAddress(result.to);
  running.notices.set(to, { ...result, sentence: [result.sentence, ...done.warnings].join(' ') });
  response.writeHead(303, { location: to }).end();
}

/** The script of the page tells it before the form is sent; this is for a browser without it. */
function showTooLong({ pages, about, means }: Running, url: URL, response: ServerResponse): void {
  const sentence = 'This form is longer than 1 MiB. Nothing was done.';
  const remedy = 'Go back in your browser, where your text still is, and shorten it.';
  const error = new OpsError(EXIT.usage, 'form-too-long', sentence, remedy);
  const frame = { pages, path: url.pathname, about: about(), notice: undefined, query: '' };
  const shown = { content: errorContent(error), warnings: [], readAt: means.now(), failed: true };
  answerPage(response, frame, 'Too long').end(statusOf(error), shown);
}

/** Errors of calls to AWS whose answer may be lost behind what they did. */
const UNSURE: ReadonlySet<string> = new Set(['ledger-unavailable', 'send-failed', 'publish-failed']);

/** The page of the button tells what failed, and whether anybody knows that nothing was done. */
function failedResult({ code, message, remedy }: OpsError, page: string | undefined): ActResult {
  const doubt = UNSURE.has(code) ? ' It is not known whether it was done: look at it before you repeat it.' : '';
  return { result: 'failed', sentence: `${asSentence(message)}${doubt} ${remedyOnPage(remedy)}`, to: page ?? '/' };
}

/** Path and query of an address, which are of the console whatever its host is. */
function ownAddress(address: string): string {
  const url = URL.parse(address, 'http://console');
  return url === null ? '/' : url.pathname.replace(/^\/+/, '/') + url.search;
}

function unknownPage(path: string): OpsError {
  return new OpsError(EXIT.notFound, 'page-not-found', `There is no page ${path}.`, 'Choose a page above.');
}
