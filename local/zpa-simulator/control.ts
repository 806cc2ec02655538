import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { isOwnCaller } from '../process/own-caller.ts';
import { faultSchema, matchSchema } from './behaviour/faults.ts';
import { LIMIT_MODES } from './behaviour/rate-limits.ts';
import type { SimulatorParts } from './simulator-parts.ts';
import type { Control } from './surface.ts';
import { credentialSchema } from './tenant/seed.ts';

/**
 * `/__simulator/…`: what a test in the same process does by method calls, for other processes of this machine, and for no web
 * page (`isOwnCaller`). The server listens on loopback only.
 */
const ENDPOINTS = `ZPA simulator, control
GET    /__simulator/log?since=N&effects=1   calls after sequence N; effects=1: only those that changed something
DELETE /__simulator/log
GET    /__simulator/quirks                  PUT {"name":"value",…}
PUT    /__simulator/lag-only                {"ids":["45096653"]}: the only objects that read-lag concerns; {}: all
PUT    /__simulator/limits                  {"mode":"documented|per-url|off"}
GET    /__simulator/faults                  POST {"match":{…},"fault":{"kind":…},"times":1}    DELETE
POST   /__simulator/console                 {"edit":"renameGroup","args":["45096653","New name"],"customerId":"…"}
POST   /__simulator/credentials             {"clientId":…,"clientSecret":…} or {"clientId":…,"publicKey":PEM}; "adminId":"216…": the writer
                                            that ZPA names (modifiedBy), by default one of this client's own
POST   /__simulator/expire-tokens
POST   /__simulator/reset
GET    /__simulator/snapshot                PUT it back
`;

type Handle = (body: unknown, query: URLSearchParams) => unknown;

export function createControl(control: Control): SimulatorParts['control'] {
  const handles = { ...watchHandles(control), ...tuneHandles(control), ...tenantHandles(control) };
  return (request, response, path, body) => {
    if (!isOwnCaller(request)) return answer(response, 403, { error: 'programs of this machine only' });
    const handle = new Map<string, Handle>(Object.entries(handles)).get(`${request.method} ${path}`);
    if (handle === undefined) return answer(response, 404, ENDPOINTS);
    try {
      const query = new URL(request.url ?? '/', 'http://simulator').searchParams;
      const result = handle(body === '' ? undefined : JSON.parse(body), query);
      answer(response, result === undefined ? 204 : 200, result);
    } catch (error) {
      answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

const watchHandles = (control: Control): Record<string, Handle> => ({
  'GET /': () => ENDPOINTS,
  'GET /log': (_body, query) => {
    const calls = control.log.since(Number(query.get('since') ?? 0));
    return query.get('effects') === '1' ? calls.filter((one) => one.effects.length > 0) : calls;
  },
  'DELETE /log': () => control.log.clear(),
});

const tuneHandles = (control: Control): Record<string, Handle> => ({
  'GET /quirks': () => control.quirks.all(),
  'PUT /quirks': (body) => {
    const settings = z.record(z.string(), z.string()).parse(body);
    for (const [name, value] of Object.entries(settings)) control.quirks.set(name, value);
    return control.quirks.all();
  },
  'PUT /lag-only': (body) => control.lagOnly(z.object({ ids: z.array(z.string()).optional() }).parse(body).ids),
  'PUT /limits': (body) => {
    control.limits.mode = z.object({ mode: z.enum(LIMIT_MODES) }).parse(body).mode;
    control.limits.reset();
  },
  'GET /faults': () => control.faults.pending(),
  'POST /faults': (body) => {
    const shape = z.object({ match: matchSchema.prefault({}), fault: faultSchema, times: z.int().min(1).default(1) });
    const { match, fault, times } = shape.parse(body);
    control.faults.script(match, fault, times);
  },
  'DELETE /faults': () => control.faults.clear(),
  'POST /expire-tokens': () => control.expireTokens(),
});

const tenantHandles = (control: Control): Record<string, Handle> => ({
  'POST /console': (body) => editByName(control, body),
  'POST /credentials': (body) => control.addCredential(credentialSchema.parse(body)),
  'POST /reset': () => control.reset(),
  'GET /snapshot': () => control.snapshot(),
  'PUT /snapshot': (body) => control.restore(snapshotSchema.parse(body)),
});

const snapshotSchema = z.custom<ReturnType<Control['snapshot']>>(
  (value) =>
    z.object({ counters: z.object({}), customers: z.record(z.string(), z.object({})) }).safeParse(value).success,
  { error: 'not a snapshot of this simulator' },
);

function editByName(control: Control, body: unknown): unknown {
  const shape = z.object({
    edit: z.string(),
    args: z.array(z.unknown()).default([]),
    customerId: z.string().optional(),
  });
  const { edit, args, customerId } = shape.parse(body);
  const store = customerId === undefined ? control.store : control.storeOf(customerId);
  const edits = new Map<string, (...args: never[]) => unknown>(Object.entries(store));
  const method = edits.get(edit);
  if (method === undefined) throw new Error(`no edit "${edit}"; there are: ${[...edits.keys()].join(', ')}`);
  return Reflect.apply(method, undefined, args) ?? {};
}

function answer(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) return void response.writeHead(status).end();
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type }).end(text);
}
