import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ROLES } from '../../../../shared/deployment/roles.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { OpsSession } from '../../session/compose.ts';
import type { ActResult, ConsoleAct, ConsolePage, PageContent, Role } from '../contract.ts';
import { isEntry, isOwnHost, refuse, sessionCookie } from '../web/guard.ts';
import { closeServer, listenOnLoopback, readForm, send, sendAsset, setPageHeaders } from '../web/http.ts';
import { type Means, openRequest, type Request } from './context.ts';
import { describeError, statusOf } from './describe-error.ts';
import { type About, errorContent, type Frame, layOut } from './layout.ts';
import type { Sessions } from './sessions.ts';

export type ConsoleOptions = {
  means: Means;
  sessions: Pick<Sessions, 'lend'>;
  pages: readonly ConsolePage[];
  acts: readonly ConsoleAct[];
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
  close(): Promise<void>;
};

/** Serves the console on 127.0.0.1 to the one person who started it. */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleServer> {
  const { means, pages, acts } = options;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) send(response, 500, 'text/plain', 'The request failed. Reload the page.');
    });
  });
  const port = await listenOnLoopback(server, options.port);
  const access = { port, token: randomBytes(32).toString('base64url'), command: '`zpa-changes console`' };
  /** Results of acts by the address that shows them. No address carries one, so no link can make one up. */
  const notices = new Map<string, ActResult>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setPageHeaders(response);
    const url = new URL(request.url ?? '/', 'http://console');
    if (request.method === 'GET' && url.pathname === '/' && isEntry(url, access) && isOwnHost(request, access)) {
      response.writeHead(303, { location: '/', 'set-cookie': sessionCookie(access) }).end();
      return;
    }
    const refusal = refuse(request, access);
    if (refusal !== undefined) return send(response, refusal.status, 'text/plain', refusal.sentence);
    if (request.method === 'POST') return act(url, request, response);
    if (request.method !== 'GET') return send(response, 405, 'text/plain', 'Only GET and POST.');
    if (await sendAsset(url.pathname.slice(1), response)) return;
    return show(url, request, response);
  }

  async function show(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ended = new AbortController();
    response.on('close', () => ended.abort());
    const signal = AbortSignal.any([options.signal, ended.signal]);
    const page = pages.find(({ path }) => path === url.pathname);
    // A page may need more than a viewer's rights: the role to name is the first that the person lacks.
    const role = ROLES.find((one) => means.whyNot(one) !== undefined) ?? 'viewer';
    const read = await attempt(role, signal, ({ context }) =>
      page === undefined ? Promise.reject(unknownPage(url.pathname)) : page.render(context, url.searchParams),
    );
    const document = 'value' in read ? read.value.document : undefined;
    if (document !== undefined) {
      response.setHeader('content-security-policy', document.policy);
      return send(response, 200, 'text/html', document.html);
    }
    // The script asks again for what is shown already: the notice of an act is for the page that opens after it.
    const isRefresh = request.headers['x-refresh'] !== undefined;
    const address = url.pathname + url.search;
    const notice = isRefresh ? undefined : notices.get(address);
    if (!isRefresh) notices.delete(address);
    const frame: Frame = {
      pages,
      path: url.pathname,
      about: options.about(),
      notice,
      warnings: read.warnings,
      query: url.searchParams.get('q') ?? '',
      readAt: means.now(),
    };
    const content: PageContent = 'value' in read ? read.value : errorContent(read.error);
    send(response, 'value' in read ? 200 : statusOf(read.error), 'text/html', layOut(frame, content));
  }

  async function act(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    const one = acts.find(({ path }) => path === url.pathname);
    if (one === undefined) return send(response, 404, 'text/plain', 'Unknown action.');
    const done = await attempt(one.role, options.signal, ({ context }) => {
      const reason = context.whyNot(one.role);
      if (reason !== undefined) throw new OpsError(EXIT.failed, 'not-allowed', reason, 'See docs/security.md.');
      return one.run(context, form);
    });
    const back = ownAddress(request.headers.referer);
    const result: ActResult =
      'value' in done
        ? done.value
        : { result: 'failed', sentence: `${done.error.message} ${done.error.remedy}`, to: back };
    const to = ownAddress(result.to);
    notices.set(to, { ...result, sentence: [result.sentence, ...done.warnings].join(' ') });
    response.writeHead(303, { location: to }).end();
  }

  async function attempt<T>(
    role: Role,
    signal: AbortSignal,
    use: (request: Request) => Promise<T>,
  ): Promise<({ value: T } | { error: OpsError }) & { warnings: readonly string[] }> {
    let warnings: readonly string[] = [];
    try {
      const value = await options.sessions.lend((session: OpsSession) => {
        const request = openRequest(means, session, signal);
        warnings = request.warnings;
        return use(request);
      });
      return { value, warnings };
    } catch (error) {
      return { error: describeError(error, role), warnings };
    }
  }

  const url = `http://127.0.0.1:${port}/`;
  return { url, entryUrl: `${url}?token=${access.token}`, close: () => closeServer(server) };
}

/** Path and query of an address of the console; the overview for all others. */
function ownAddress(address: string | undefined): string {
  const base = 'http://console';
  const url = URL.parse(address ?? '', base);
  return url === null ? '/' : url.pathname.replace(/^\/+/, '/') + url.search;
}

function unknownPage(path: string): OpsError {
  return new OpsError(EXIT.notFound, 'page-not-found', `There is no page ${path}.`, 'Choose a page above.');
}
