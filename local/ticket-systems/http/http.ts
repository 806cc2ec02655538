import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJson } from '../../../shared/domain/text/parse-json.ts';
import { isOwnCaller } from '../../process/own-caller.ts';
import { controlFaults } from './fault-control.ts';

/** A ticket system's answer: JSON, or a page for people. */
export type Answer = {
  status: number;
  json?: unknown;
  html?: string;
  headers?: Record<string, string>;
};

export type TicketCall = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  /** Parsed; undefined if there was none, or none that is JSON. */
  body: unknown;
  /** The fields of a form that a browser sends; empty for any other body. */
  form: Record<string, string>;
};

/**
 * Trouble for the next call (of a method, to a path) that is not a page: an answer instead of the effect, or the effect
 * and then no answer; `hang` holds the call until it is abandoned.
 */
export type ScriptedFault = { method?: string; path?: RegExp } & (
  | { kind: 'answer'; answer: Answer }
  | { kind: 'lose-answer' }
  | { kind: 'hang' }
);

export type TicketServer = {
  url: string;
  /** Calls of the API so far, as `METHOD /path`. */
  calls: string[];
  faults: ScriptedFault[];
  close(): Promise<void>;
};

export type ServerOptions = {
  port?: number;
  /** Calls of the API within a minute, as the systems' own rate limits count; default: no limit. */
  perMinute?: number;
  /** Answers a page for people; undefined: the call is one of the API. */
  page: (call: TicketCall) => Promise<Answer | undefined>;
  act: (call: TicketCall) => Answer;
  /** Called after each call that may have changed something, before its answer. */
  onChange?: () => void;
  /** The body of a 429. */
  limited: unknown;
  now?: () => number;
};

const MINUTE = 60_000;

/** A small HTTP server on 127.0.0.1 with what both systems share: limits, troubles, JSON. */
export async function startTicketServer(options: ServerOptions): Promise<TicketServer> {
  const calls: string[] = [];
  const faults: ScriptedFault[] = [];
  const recent: number[] = [];
  const now = options.now ?? Date.now;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnCaller(request)) return send(response, { status: 421, json: { fault: 'programs of this machine only' } });
    const call = await read(request);
    const controlled = controlFaults(faults, call);
    if (controlled !== undefined) return send(response, controlled);
    const page = await options.page(call);
    if (page !== undefined) {
      if (call.method !== 'GET') options.onChange?.();
      return send(response, page);
    }
    calls.push(`${call.method} ${call.path}`);
    const limited = overLimit(recent, options, now());
    if (limited !== undefined) return send(response, limited);
    const fault = takeFault(faults, call);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'answer') return send(response, fault.answer);
    const acted = options.act(call);
    if (call.method !== 'GET') options.onChange?.();
    if (fault?.kind === 'lose-answer') response.destroy();
    else send(response, acted);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(options.port ?? 0, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    faults,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function overLimit(recent: number[], { perMinute, limited }: ServerOptions, at: number): Answer | undefined {
  if (perMinute === undefined) return undefined;
  while (recent[0] !== undefined && recent[0] <= at - MINUTE) recent.shift();
  const [oldest] = recent;
  if (oldest === undefined || recent.length < perMinute) {
    recent.push(at);
    return undefined;
  }
  const seconds = Math.ceil((oldest + MINUTE - at) / 1000);
  return { status: 429, json: limited, headers: { 'retry-after': String(seconds) } };
}

function takeFault(faults: ScriptedFault[], { method, path }: TicketCall): ScriptedFault | undefined {
  const index = faults.findIndex(
    (one) => (one.method === undefined || one.method === method) && (one.path === undefined || one.path.test(path)),
  );
  return index < 0 ? undefined : faults.splice(index, 1)[0];
}

async function read(request: IncomingMessage): Promise<TicketCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: parseJson(text),
    form: isForm(headers) ? Object.fromEntries(new URLSearchParams(text)) : {},
  };
}

const isForm = (headers: TicketCall['headers']) =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

function send(response: ServerResponse, { status, json, html, headers = {} }: Answer): void {
  const type = html === undefined ? 'application/json;charset=UTF-8' : 'text/html; charset=utf-8';
  const policy =
    html === undefined
      ? {}
      : { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'" };
  response.writeHead(status, { ...(status === 204 ? {} : { 'content-type': type }), ...policy, ...headers });
  response.end(status === 204 ? undefined : (html ?? JSON.stringify(json ?? {})));
}

/** The caller's user name from HTTP Basic; undefined: with another password, or without. */
export function userOf({ headers }: TicketCall, password: string): string | undefined {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(headers.authorization ?? '') ?? [];
  const [, user, given] = /^([^:]+):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return given === password ? user : undefined;
}
