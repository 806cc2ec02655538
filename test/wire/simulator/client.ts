import { gunzipSync } from 'node:zlib';
import { Agent, request } from 'undici';
import type { Simulator } from '../../../local/zpa-simulator/simulator.ts';

const CUSTOMER = '216196257331281920';

export type Received = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: Json;
};
export type Json = Record<string, unknown> & { list?: Record<string, unknown>[] };

/** A plain caller: sends exactly its arguments, answers exactly the response. One connection pool, closed by `close`. */
export type Caller = {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Received>;
  /** Sends the body as it is written. */
  raw(method: string, path: string, body: string, headers?: Record<string, string>): Promise<Received>;
  form(path: string, fields: Record<string, string>): Promise<Received>;
  close(): Promise<void>;
};

/** Signed in to OneAPI (or legacy); paths start after the customer, for example `v1/segmentGroup`. */
export async function signedIn(simulator: Simulator, { api = 'oneapi', customer = CUSTOMER } = {}): Promise<Caller> {
  const plain = caller(simulator.url);
  const secret = { client_id: 'simulator', client_secret: 'simulator' };
  const { json } =
    api === 'oneapi'
      ? await plain.form('/oauth2/v1/token', {
          ...secret,
          grant_type: 'client_credentials',
          audience: 'https://api.zscaler.com',
        })
      : await plain.form('/signin', secret);
  const prefix = api === 'oneapi' ? '/zpa/mgmtconfig' : '/mgmtconfig';
  const authorization = `Bearer ${json.access_token}`;
  const below = (path: string) => {
    const [version, ...rest] = path.split('/');
    return `${prefix}/${version}/admin/customers/${customer}/${rest.join('/')}`;
  };
  return {
    ...plain,
    call: (method, path, body, headers) => plain.call(method, below(path), body, { authorization, ...headers }),
    raw: (method, path, body, headers) => plain.raw(method, below(path), body, { authorization, ...headers }),
  };
}

export function caller(url: string): Caller {
  const dispatcher = new Agent({ keepAliveTimeout: 1000 });
  const send = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const answer = await request(`${url}${path}`, {
      method: method as 'GET',
      headers: { 'accept-encoding': 'gzip', ...headers },
      dispatcher,
      ...(body !== undefined && { body }),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
    return { status: answer.statusCode, headers: answer.headers, text, json: parsed(text) };
  };
  const json = { 'content-type': 'application/json' };
  return {
    call: (method, path, body, headers) =>
      send(method, path, body === undefined ? undefined : JSON.stringify(body), { ...json, ...headers }),
    raw: (method, path, body, headers) => send(method, path, body, { ...json, ...headers }),
    form: (path, fields) =>
      send('POST', path, new URLSearchParams(fields).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      }),
    close: () => dispatcher.close(),
  };
}

function parsed(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}
