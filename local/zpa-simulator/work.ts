import { type Answer, controllerError, done, tooMany, unrouted } from './answers.ts';
import type { LoggedCall } from './call-log.ts';
import { act, type ControllerCall, unauthorizedAt } from './controller.ts';
import type { Arrived, Desk } from './desk.ts';
import type { Effect } from './documents.ts';
import type { Fault } from './faults.ts';
import {
  controllerHeaders,
  type Door,
  edgeHeaders,
  type HeaderContext,
  type HeaderSet,
  tokenHeaders,
} from './headers.ts';
import { legacySignIn, oneapiToken, type SignIn } from './sign-in.ts';

/** A call that was acted upon, ready to be logged and sent. */
export type Worked = {
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

export function work(desk: Desk, call: Arrived): Worked {
  const { address } = call;
  switch (address.to) {
    case 'token':
      return isPost(call) ? signedIn(desk, call, 'oneapi') : nowhere(desk, call, 'oneapi');
    case 'sign-in':
      return isPost(call) ? signedIn(desk, call, 'legacy') : nowhere(desk, call, 'legacy');
    case 'sign-out':
      return { ...nowhere(desk, call, 'legacy'), answer: done };
    case 'nowhere':
      return nowhere(desk, call, address.door);
    case 'controller':
      return controlled(desk, call, { ...address, ...requestParts(call) });
  }
}

const isPost = ({ request }: Arrived): boolean => request.method === 'POST';

function requestParts({ request, url, bodyText }: Arrived) {
  return {
    method: request.method ?? 'GET',
    pathname: url.pathname,
    query: url.searchParams,
    bodyText,
    token: /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1],
    address: request.socket.remoteAddress ?? '',
  };
}

function signedIn(desk: Desk, { bodyText }: Arrived, door: Door): Worked {
  const signIn: SignIn = {
    credentials: desk.credentials,
    tokens: desk.tokens,
    oneapiLifetimeSeconds: desk.lifetimes.oneapi,
    legacyLifetimeSeconds: desk.lifetimes.legacy,
    quirks: desk.quirks,
    nowSeconds: Math.floor(desk.nowMs() / 1000),
    uuid: desk.dice.uuid,
  };
  const form = new URLSearchParams(bodyText);
  const { answer, client } = door === 'oneapi' ? oneapiToken(form, signIn) : legacySignIn(form, signIn);
  const headers =
    door === 'oneapi' ? tokenHeaders(dateOf(desk)) : controllerHeaders(answer, contextOf(desk, door, undefined));
  return { answer, headers, effects: [], kind: 'token', client, loggedBody: undefined, plain: door === 'oneapi' };
}

function controlled(desk: Desk, call: Arrived, parsed: ControllerCall): Worked {
  const { answer, effects, session, edge } = act(parsed, desk);
  const context = contextOf(desk, parsed.door, session?.transactionId);
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
function nowhere(desk: Desk, call: Arrived, door: Door): Worked {
  const { token, method } = requestParts(call);
  const session = desk.tokens.read(token, Math.floor(desk.nowMs() / 1000));
  const known = session !== undefined || !call.url.pathname.startsWith('/zpa/');
  const answer = known ? unrouted : unauthorizedAt(door, desk.quirks);
  return {
    answer,
    headers: edgeHeaders(answer, contextOf(desk, door, session?.transactionId)),
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

export function answerFault(desk: Desk, call: Arrived, fault: AnsweredFault): Worked {
  const { address } = call;
  const door = address.to === 'controller' || address.to === 'nowhere' ? address.door : 'legacy';
  const { token, method } = requestParts(call);
  const session = desk.tokens.read(token, Math.floor(desk.nowMs() / 1000));
  const answer = faultAnswer(fault, door, desk);
  const context = contextOf(desk, door, session?.transactionId);
  const write = method !== 'GET' && address.to === 'controller';
  const headers = fault.kind === 'error' ? controllerHeaders(answer, context) : edgeHeaders(answer, context);
  return {
    answer,
    headers: address.to === 'token' ? { ...tokenHeaders(dateOf(desk)), ...answer.headers } : headers,
    effects: [],
    kind: address.to === 'token' || address.to === 'sign-in' ? 'token' : write ? 'write' : 'read',
    client: session?.clientId,
    loggedBody: write ? jsonOf(call.bodyText) : undefined,
    plain: address.to === 'token',
  };
}

/** An intermediary answers in the controller's place, although the controller may have carried out the call. */
export function wrongAnswer(desk: Desk, call: Arrived, fault: Extract<Fault, { kind: 'wrong-answer' }>): Worked {
  const { status, text, headers } = fault;
  const inPlace = answerFault(desk, call, { kind: 'error', status, text, headers });
  if (fault.effect === 'none') return inPlace;
  const { answer: _unsent, headers: _its, ...worked } = work(desk, call);
  return { ...worked, answer: inPlace.answer, headers: inPlace.headers };
}

function faultAnswer(fault: AnsweredFault, door: Door, { quirks }: Desk): Answer {
  if (fault.kind === 'rate-limited') return tooMany(fault.retryAfterSeconds);
  if (fault.kind === 'expired-token') return unauthorizedAt(door, quirks);
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

const dateOf = (desk: Desk): string => new Date(desk.nowMs()).toUTCString();

function contextOf(desk: Desk, door: Door, transactionId: string | undefined): HeaderContext {
  return {
    door,
    date: dateOf(desk),
    dice: desk.dice,
    gateway: desk.gateway,
    now: desk.nowMs(),
    transactionId,
    generation: desk.quirks.get('post-readonly-keys'),
  };
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
