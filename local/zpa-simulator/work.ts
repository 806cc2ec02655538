import { type Answer, controllerError, done, tooMany, unrouted } from './api/answers.ts';
import type { Fault } from './behaviour/faults.ts';
import type { LoggedCall } from './call-log.ts';
import { act, type ControllerCall, unauthorizedAt } from './gateway/controller.ts';
import {
  type Api,
  controllerHeaders,
  edgeHeaders,
  type HeaderContext,
  type HeaderSet,
  tokenHeaders,
} from './gateway/headers.ts';
import { readJson } from './gateway/read-json.ts';
import { legacySignIn, oneapiToken, type SignIn } from './gateway/sign-in.ts';
import type { ReceivedCall, SimulatorParts } from './simulator-parts.ts';
import type { Effect } from './tenant/documents.ts';

/** A call that was acted upon, ready to be logged and sent. */
export type WorkResult = {
  answer: Answer;
  headers: HeaderSet;
  effects: Effect[];
  kind: LoggedCall['kind'];
  client: string | undefined;
  /** Never of a sign-in: it holds the secret. */
  loggedBody: unknown;
  /** ZIdentity does not compress. */
  plain: boolean;
};

export function work(parts: SimulatorParts, call: ReceivedCall): WorkResult {
  const { address } = call;
  switch (address.to) {
    case 'token':
      return isPost(call) ? signedIn(parts, call, 'oneapi') : nowhere(parts, call, 'oneapi');
    case 'sign-in':
      return isPost(call) ? signedIn(parts, call, 'legacy') : nowhere(parts, call, 'legacy');
    case 'sign-out':
      return { ...nowhere(parts, call, 'legacy'), answer: done };
    case 'nowhere':
      return nowhere(parts, call, address.api);
    case 'controller':
      return controlled(parts, call, { ...address, ...requestParts(call) });
  }
}

const isPost = ({ request }: ReceivedCall): boolean => request.method === 'POST';

function requestParts({ request, url, bodyText }: ReceivedCall) {
  return {
    method: request.method ?? 'GET',
    pathname: url.pathname,
    query: url.searchParams,
    bodyText,
    contentType: request.headers['content-type'] ?? '',
    token: /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1],
    address: request.socket.remoteAddress ?? '',
  };
}

function signedIn(parts: SimulatorParts, { bodyText }: ReceivedCall, api: Api): WorkResult {
  const signIn: SignIn = {
    credentials: parts.credentials,
    tokens: parts.tokens,
    oneapiLifetimeSeconds: parts.lifetimes.oneapi,
    legacyLifetimeSeconds: parts.lifetimes.legacy,
    quirks: parts.quirks,
    nowSeconds: Math.floor(parts.nowMs() / 1000),
    uuid: parts.dice.uuid,
  };
  const form = new URLSearchParams(bodyText);
  const { answer, client } = api === 'oneapi' ? oneapiToken(form, signIn) : legacySignIn(form, signIn);
  const headers =
    api === 'oneapi' ? tokenHeaders(dateOf(parts)) : controllerHeaders(answer, contextOf(parts, api, undefined));
  return { answer, headers, effects: [], kind: 'token', client, loggedBody: undefined, plain: api === 'oneapi' };
}

function controlled(parts: SimulatorParts, call: ReceivedCall, parsed: ControllerCall): WorkResult {
  const { answer, effects, session, edge } = act(parsed, parts);
  const context = contextOf(parts, parsed.api, session?.transactionId);
  const writes = parsed.method !== 'GET';
  return {
    answer,
    headers: edge ? edgeHeaders(answer, context) : controllerHeaders(answer, context),
    effects,
    kind: writes ? 'write' : 'read',
    client: session?.clientId,
    loggedBody: writes ? jsonOf(call.bodyText) : undefined,
    plain: false,
  };
}

/** OneAPI's gateway asks for a token before it knows whether a path exists. */
function nowhere(parts: SimulatorParts, call: ReceivedCall, api: Api): WorkResult {
  const { token, method } = requestParts(call);
  const session = parts.tokens.read(token, Math.floor(parts.nowMs() / 1000));
  const known = session !== undefined || !call.url.pathname.startsWith('/zpa/');
  const answer = known ? unrouted : unauthorizedAt(api, parts.quirks);
  return {
    answer,
    headers: edgeHeaders(answer, contextOf(parts, api, session?.transactionId)),
    effects: [],
    kind: method === 'GET' ? 'read' : 'other',
    client: session?.clientId,
    loggedBody: undefined,
    plain: false,
  };
}

/** Faults that are an answer in themselves. */
export type AnsweredFault = Extract<Fault, { kind: 'rate-limited' | 'error' | 'expired-token' }>;

export const isAnsweredFault = (fault: Fault): fault is AnsweredFault =>
  fault.kind === 'rate-limited' || fault.kind === 'error' || fault.kind === 'expired-token';

export function answerFault(parts: SimulatorParts, call: ReceivedCall, fault: AnsweredFault): WorkResult {
  const { address } = call;
  const api = address.to === 'controller' || address.to === 'nowhere' ? address.api : 'legacy';
  const { token, method } = requestParts(call);
  const session = parts.tokens.read(token, Math.floor(parts.nowMs() / 1000));
  const answer = faultAnswer(fault, api, parts);
  const context = contextOf(parts, api, session?.transactionId);
  const write = method !== 'GET' && address.to === 'controller';
  const headers = fault.kind === 'error' ? controllerHeaders(answer, context) : edgeHeaders(answer, context);
  return {
    answer,
    headers: address.to === 'token' ? { ...tokenHeaders(dateOf(parts)), ...answer.headers } : headers,
    effects: [],
    kind: address.to === 'token' || address.to === 'sign-in' ? 'token' : write ? 'write' : 'read',
    client: session?.clientId,
    loggedBody: write ? jsonOf(call.bodyText) : undefined,
    plain: address.to === 'token',
  };
}

/** An intermediary answers in the controller's place, although the controller may have carried out the call. */
export function wrongAnswer(
  parts: SimulatorParts,
  call: ReceivedCall,
  fault: Extract<Fault, { kind: 'wrong-answer' }>,
): WorkResult {
  const { status, text, headers } = fault;
  const inPlace = answerFault(parts, call, { kind: 'error', status, text, headers });
  if (fault.effect === 'none') return inPlace;
  const { answer: _unsent, headers: _its, ...worked } = work(parts, call);
  return { ...worked, answer: inPlace.answer, headers: inPlace.headers };
}

function faultAnswer(fault: AnsweredFault, api: Api, { quirks }: SimulatorParts): Answer {
  if (fault.kind === 'rate-limited') return tooMany(fault.retryAfterSeconds);
  if (fault.kind === 'expired-token') return unauthorizedAt(api, quirks);
  if (fault.text !== undefined) return { status: fault.status, text: fault.text, headers: fault.headers };
  if (fault.status === 503 && fault.id === undefined) return unavailable(fault.headers);
  const { id = 'internal.error', reason = 'An unexpected error occurred.', params } = fault;
  const error = controllerError(fault.status, { id, reason, ...(params && { params }) });
  return { ...error, headers: fault.headers };
}

/** Documented (help.zscaler.com, Understanding Response Codes & Error Messages). */
const unavailable = (headers: Record<string, string>): Answer => ({
  ...controllerError(503, {
    id: 'retryable.server.error',
    reason: 'An error occurred. Refer to the Retry-After header, and then try again.',
  }),
  headers: { 'retry-after': '10s', ...headers },
});

const dateOf = (parts: SimulatorParts): string => new Date(parts.nowMs()).toUTCString();

function contextOf(parts: SimulatorParts, api: Api, transactionId: string | undefined): HeaderContext {
  return {
    api,
    date: dateOf(parts),
    dice: parts.dice,
    gateway: parts.gateway,
    now: parts.nowMs(),
    transactionId,
    generation: parts.quirks.get('post-readonly-keys'),
  };
}

function jsonOf(text: string): unknown {
  const value = readJson(text);
  return value === undefined && text !== '' ? text : value;
}
