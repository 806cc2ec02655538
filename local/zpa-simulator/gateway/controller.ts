import {
  type Answer,
  accessDenied,
  forbidden,
  invalidArgument,
  tooMany,
  unauthorized,
  unrouted,
  wrongMediaType,
  wrongMethod,
} from '../api/answers.ts';
import type { Arrange, Call } from '../api/call.ts';
import { findRoute, methodsAt, type Route } from '../api/routes.ts';
import type { Quirks } from '../behaviour/chosen-quirks.ts';
import type { MovingLists } from '../behaviour/moving-lists.ts';
import type { RateLimits } from '../behaviour/rate-limits.ts';
import type { Effect } from '../tenant/documents.ts';
import type { Read } from '../tenant/read-lag.ts';
import type { Credential } from '../tenant/seed.ts';
import type { Store } from '../tenant/store.ts';
import type { Api } from './headers.ts';
import { readJson } from './read-json.ts';
import { movedToOneapi } from './sign-in.ts';
import type { Session, Tokens } from './tokens.ts';

/** One call, parsed, as it reaches the controller. */
export type ControllerCall = {
  api: Api;
  method: string;
  version: 1 | 2;
  customerId: string;
  path: string[];
  pathname: string;
  query: URLSearchParams;
  bodyText: string;
  contentType: string;
  token: string | undefined;
  address: string;
};

export type ControllerParts = {
  store: Store;
  quirks: Quirks;
  limits: RateLimits;
  movingLists: MovingLists;
  tokens: Tokens;
  credentials: readonly Credential[];
  nowMs: () => number;
};

/** `edge`: answered before the controller (gateway, limiter), which has other headers. */
export type ControllerResult = {
  answer: Answer;
  effects: Effect[];
  session: Session | undefined;
  edge: boolean;
  wrote: boolean;
};

/** Token, then limits, then the route: in the order in which the real service refuses. */
export function act(call: ControllerCall, parts: ControllerParts): ControllerResult {
  const nowMs = parts.nowMs();
  const session = parts.tokens.read(call.token, Math.floor(nowMs / 1000));
  const refused = (answer: Answer, edge = true): ControllerResult => ({
    answer,
    effects: [],
    session,
    edge,
    wrote: false,
  });
  const credential = parts.credentials.find((one) => one.clientId === session?.clientId);
  if (session === undefined || credential === undefined) return refused(unauthorizedAt(call.api, parts.quirks));
  if (call.api === 'legacy' && parts.quirks.get('legacy') === 'only-oneapi') return refused(movedToOneapi);
  const wait = parts.limits.check({ ...call, path: call.pathname }, nowMs);
  if (wait !== undefined) return refused(tooMany(wait + (parts.quirks.get('retry-after') === 'rest' ? 0 : 1)));
  if (credential.customers !== undefined && !credential.customers.includes(call.customerId)) {
    return refused(accessDenied, false);
  }
  const route = findRoute(call);
  if (route === undefined) {
    const allowed = methodsAt(call);
    return allowed.length === 0 ? refused(unrouted) : refused(wrongMethod(allowed), false);
  }
  if (route.kind === 'write' && credential.rights === 'read') return refused(forbidden, false);
  const body = readJson(call.bodyText);
  if (route.kind === 'write' && call.method !== 'DELETE') {
    if (call.bodyText !== '' && !/^application\/json\b/i.test(call.contentType)) return refused(wrongMediaType, false);
    if (body === undefined) return refused(invalidArgument('body'), false);
  }
  const prepared = { ...call, body, admin: credential.adminId, now: String(Math.floor(nowMs / 1000)) };
  const ran = run(
    route,
    { ...prepared, quirks: parts.quirks, arrange: arrangeOf(call, parts) },
    parts,
    call.customerId,
  );
  return ran === undefined ? refused(accessDenied, false) : { ...ran, session, edge: ran.answer === unrouted };
}

export function unauthorizedAt(api: Api, quirks: Quirks): Answer {
  if (api === 'oneapi') return unauthorized;
  return quirks.get('legacy-unauthorized') === 'empty' ? { status: 401 } : accessDenied;
}

function run(
  route: Route,
  call: Call,
  { store }: ControllerParts,
  customerId: string,
): Pick<ControllerResult, 'answer' | 'effects' | 'wrote'> | undefined {
  if (route.kind === 'read') {
    const view = store.read(customerId, readOf(call));
    return view && { answer: route.run(call, view), effects: [], wrote: false };
  }
  const written = store.write(
    customerId,
    (tenant) => route.run(call, tenant),
    (answer) => answer.status < 400,
  );
  return written && { answer: written.result, effects: written.effects, wrote: true };
}

/** One list is one path with one search and scope, for whoever pages it. */
function arrangeOf({ pathname, query }: ControllerCall, { movingLists }: ControllerParts): Arrange {
  const list = `${pathname} ${query.get('search') ?? ''} ${query.get('microtenantId') ?? ''}`;
  return (items, asked) => movingLists.arrange(items, { ...asked, list });
}

/** Undefined: not among the reads that may lag. */
function readOf({ path: [object, second, third, fourth], query }: Call): Read | undefined {
  if (object === 'segmentGroup') {
    if (second !== undefined) return { kind: 'group', id: second };
    return { kind: query.has('search') ? 'search' : 'groups' };
  }
  if (object === 'application') {
    const one = second !== undefined && second !== 'getAppsByType';
    return one ? { kind: 'application', id: second } : { kind: 'applications' };
  }
  if (object !== 'policySet') return undefined;
  return third === 'rule' && fourth !== undefined ? { kind: 'rule', id: fourth } : { kind: 'rules' };
}
