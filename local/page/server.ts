import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isEntry, isOwnHost, refuse, sessionCookie } from '../../functions/ops/console/web/guard.ts';
import {
  closeServer,
  listenOnLoopback,
  readForm,
  send,
  sendAsset,
  setPageHeaders,
} from '../../functions/ops/console/web/http.ts';
import type { Sample } from '../samples/samples.ts';
import type { Snapshot } from '../world/snapshot/snapshot.ts';
import { createLive } from './live.ts';
import { type About, viewPage, viewParts } from './page.ts';

/** The failure to redrive, as the page's form names it. */
export type FailureChoice = { source: string; tenant: string; key: string; generation: number };

/** Content and actions of the page; the sentences are shown to the person who pressed the button. */
export type PageWorld = {
  snapshot(): Promise<Snapshot>;
  /** Calls `listener` after anything happened; answers how to stop that. */
  onActivity(listener: () => void): () => void;
  sendSample(name: string, as: 'same' | 'new'): Promise<string>;
  redrive(failure: FailureChoice): Promise<string>;
  /** Edits groups in ZPA's console, without a ticket. */
  editBehindItsBack(): Promise<string>;
  /** Makes the drift report of every lane. */
  runDrift(): Promise<string>;
  /** The page of a lane's last drift report; undefined: there is none. */
  driftReport(lane: string): Promise<string | undefined>;
};

export type PageOptions = {
  world: PageWorld;
  samples: readonly Sample[];
  about: About;
  /** The start-up token; long and random. */
  token: string;
  /** 0 or absent: any free port. */
  port?: number;
};

export type Page = {
  /** With the start-up token: this is the one to print. */
  entryUrl: string;
  url: string;
  close(): Promise<void>;
};

const ASSETS: Record<string, string> = {
  'page.css': 'text/css',
  'page.js': 'text/javascript',
};

/**
 * Of a drift report, which brings a policy of its own with hashes of its script and style. In the sandbox it has no origin, so
 * that nothing in it can press the buttons of this page.
 */
const REPORT_POLICY = "sandbox allow-scripts allow-popups; frame-ancestors 'none'; base-uri 'none'";

/** The page of the local world on 127.0.0.1, for the one person who started it. */
export async function startPage(options: PageOptions): Promise<Page> {
  const live = createLive(async () => {
    const parts = viewParts(await options.world.snapshot());
    return Object.fromEntries(Object.entries(parts).map(([id, markup]) => [id, markup.html]));
  });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) send(response, 500, 'text/plain', 'The request failed. Reload the page.');
    });
  });
  const port = await listenOnLoopback(server, options.port ?? 0);
  const access = { port, token: options.token, command: 'npm start' };
  const stopListening = options.world.onActivity(live.touch);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://page');
    setPageHeaders(response);
    if (request.method === 'GET' && url.pathname === '/' && isEntry(url, access.token) && isOwnHost(request, access)) {
      response.writeHead(303, { location: '/', 'set-cookie': sessionCookie(access) }).end();
      return;
    }
    const refusal = refuse(request, access);
    if (refusal !== undefined) return send(response, refusal.status, 'text/plain', refusal.sentence);
    if (request.method === 'POST') return act(url.pathname, request, response);
    if (request.method !== 'GET') return send(response, 405, 'text/plain', 'Only GET and POST.');
    if (url.pathname === '/') return sendPage(response, url.searchParams.get('notice') ?? '');
    if (url.pathname === '/events') return live.join(response);
    if (url.pathname.startsWith('/drift/')) return sendReport(response, decodeURIComponent(url.pathname.slice(7)));
    return sendOwnAsset(url.pathname.slice(1), response);
  }

  async function sendPage(response: ServerResponse, notice: string): Promise<void> {
    const page = viewPage(await options.world.snapshot(), options.samples, options.about, notice);
    send(response, 200, 'text/html', page.html);
  }

  async function sendReport(response: ServerResponse, lane: string): Promise<void> {
    const report = await options.world.driftReport(lane);
    if (report === undefined)
      return send(response, 404, 'text/plain', 'There is no report of this lane yet: run drift.');
    response.setHeader('content-security-policy', REPORT_POLICY);
    send(response, 200, 'text/html', report);
  }

  async function act(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    const notice = await perform(options.world, path, form);
    if (notice === undefined) return send(response, 404, 'text/plain', 'Unknown action.');
    if (request.headers.accept === 'application/json')
      return send(response, 200, 'application/json', JSON.stringify({ notice }));
    response.writeHead(303, { location: `/?notice=${encodeURIComponent(notice)}` }).end();
  }

  return {
    url: `http://127.0.0.1:${access.port}/`,
    entryUrl: `http://127.0.0.1:${access.port}/?token=${options.token}`,
    async close() {
      stopListening();
      live.close();
      await closeServer(server);
    },
  };
}

async function perform(world: PageWorld, path: string, form: URLSearchParams): Promise<string | undefined> {
  const field = (name: string) => form.get(name) ?? '';
  const sample = /^\/samples\/([a-z0-9-]+)$/.exec(path)?.[1];
  try {
    if (sample !== undefined) return await world.sendSample(sample, field('as') === 'same' ? 'same' : 'new');
    if (path === '/drift/edit') return await world.editBehindItsBack();
    if (path === '/drift/run') return await world.runDrift();
    if (path !== '/redrive') return undefined;
    const generation = Number(field('generation'));
    return await world.redrive({ source: field('source'), tenant: field('tenant'), key: field('key'), generation });
  } catch (error) {
    return error instanceof Error ? error.message : 'The action failed.';
  }
}

/** Those of this page, or those that it has in common with the console. */
async function sendOwnAsset(name: string, response: ServerResponse): Promise<void> {
  const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  if (type !== undefined) return send(response, 200, type, await readFile(new URL(name, import.meta.url), 'utf8'));
  if (!(await sendAsset(name, response))) send(response, 404, 'text/plain', 'Page not found.');
}
