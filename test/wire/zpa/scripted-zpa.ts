import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Clock, RateLimiter, Zpa } from '../../../shared/ports/ports.ts';
import { createZpaPool, type ZpaPool } from '../../../shared/zpa/api/pool.ts';
import { createZpa, type ZpaOptions } from '../../../shared/zpa/client.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';

export const CUSTOMER = '216196257331281920';
export const SECRET = JSON.stringify({ clientId: 'client-one', clientSecret: 'cs-7Hq2-do-not-show' });

export type Seen = {
  method: string;
  /** The whole path as it was received. */
  fullPath: string;
  /** The path below the customer, for example `/v1/segmentGroup`. */
  path: string;
  query: string;
  authorization: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
};

/** A script answers with a reply, or writes to the response itself. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string>; text?: string };
export type Script = (seen: Seen, response: ServerResponse) => Reply | undefined;

const isSignIn = ({ path }: Seen) => path === '/oauth2/v1/token' || path === '/signin';
const below = (path: string) => path.replace(/^(\/zpa)?\/mgmtconfig/, '').replace(`/admin/customers/${CUSTOMER}`, '');

export function send(response: ServerResponse, { status, body, headers = {}, text }: Reply): void {
  const content = text ?? (body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(headers['content-encoding'] === 'gzip' ? gzipSync(content) : content);
}

export type ScriptedZpa = {
  url: string;
  /** Calls below the customer, without sign-ins. */
  calls: Seen[];
  signIns: Seen[];
  zpa(options?: Partial<ZpaOptions>): Zpa;
  pool: ZpaPool;
  /** TCP connections accepted so far. */
  connections(): number;
  limiter: RateLimiter & { taken: string[]; held: number[] };
  close(): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

function noLimit() {
  const taken: string[] = [];
  const held: number[] = [];
  return {
    taken,
    held,
    take: async (kind: 'read' | 'write') => {
      taken.push(kind);
      return () => undefined;
    },
    obey: (ms: number) => void held.push(ms),
  };
}

/** One ZPA on a loopback port that answers by script; tokens are `token-1`, `token-2`, … unless scripted too. */
export async function startScriptedZpa(script: Script, signIn?: Script): Promise<ScriptedZpa> {
  const calls: Seen[] = [];
  const signIns: Seen[] = [];
  const grant = (): Reply => ({ status: 200, body: { access_token: `token-${signIns.length}`, expires_in: 3600 } });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://zpa');
    const { authorization } = request.headers;
    const base = {
      method: request.method ?? '',
      fullPath: url.pathname,
      query: url.search,
      authorization,
      headers: request.headers,
    };
    const seen: Seen = { ...base, path: url.pathname, body: Buffer.concat(chunks).toString() };
    const toToken = isSignIn(seen);
    const shown = toToken ? seen : { ...seen, path: below(seen.path) };
    (toToken ? signIns : calls).push(shown);
    const reply = toToken ? (signIn ?? grant)(shown, response) : script(shown, response);
    if (reply !== undefined) send(response, reply);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pool = createZpaPool({ clock: systemClock });
  const limiter = noLimit();
  return {
    url,
    calls,
    signIns,
    pool,
    limiter,
    connections: () => connections,
    zpa: (options = {}) =>
      createZpa({
        tenant: { cloud: 'PRODUCTION', auth: 'oneapi', customerId: CUSTOMER, endpoint: url },
        readSecret: async () => SECRET,
        limiter,
        clock: systemClock,
        seenLists: createMemorySeenLists(),
        requestTimeoutMs: 5_000,
        pool,
        ...options,
      }),
    close: async () => {
      server.closeAllConnections();
      await Promise.all([pool.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}
