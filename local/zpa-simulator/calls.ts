import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './behaviour/faults.ts';
import type { LoggedCall } from './call-log.ts';
import { addressOf } from './gateway/address.ts';
import { readBody, reset, send, takesGzip } from './gateway/http-body.ts';
import type { ReceivedCall, SimulatorParts } from './simulator-parts.ts';
import { answerFault, isAnsweredFault, type WorkResult, work, wrongAnswer } from './work.ts';

/** One HTTP call from arrival to answer: read, meet its fault if one is scripted, act, log, send. */
export async function handleCall(
  parts: SimulatorParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const at = parts.nowMs();
  const url = new URL(request.url ?? '/', 'http://simulator');
  const address = addressOf(url.pathname);
  const bodyText = await readBody(request);
  if (bodyText === undefined) return void response.destroy();
  if (address.to === 'control') return parts.control(request, response, address.path, bodyText);
  const call: ReceivedCall = { at, request, response, url, address, bodyText };
  const latencyMs = parts.latencyMs();
  try {
    if (latencyMs > 0) await parts.sleep(latencyMs, parts.closing);
    await perform(parts, call, parts.faults.take(request.method ?? 'GET', url.pathname));
  } catch (error) {
    if (!parts.closing.aborted) throw error;
    response.destroy();
  }
}

async function perform(parts: SimulatorParts, call: ReceivedCall, fault: Fault | undefined): Promise<void> {
  const { response } = call;
  const later = (ms: number): Promise<void> => parts.sleep(ms, parts.closing);
  if (fault !== undefined && isAnsweredFault(fault)) {
    return answer(parts, call, answerFault(parts, call, fault), fault);
  }
  switch (fault?.kind) {
    case undefined:
      return answer(parts, call, work(parts, call), undefined);
    case 'reset':
      log(parts, call, undefined, 'unanswered', fault);
      return reset(response);
    case 'no-answer':
      return log(parts, call, undefined, 'unanswered', fault);
    case 'slow': {
      const worked = logged(parts, call, work(parts, call), 'answered', fault);
      await later(fault.delayMs);
      return deliver(call, worked);
    }
    case 'truncated':
      return deliver(call, logged(parts, call, work(parts, call), 'truncated', fault), true);
    case 'wrong-answer':
      return answer(parts, call, wrongAnswer(parts, call, fault), fault);
    case 'effect-without-answer':
      logged(parts, call, work(parts, call), 'unanswered', fault);
      if (!fault.hang) reset(response);
      return;
    case 'effect-after-timeout':
      await later(fault.delayMs);
      return answer(parts, call, work(parts, call), fault, response.destroyed ? 'unanswered' : 'answered');
  }
}

function answer(
  parts: SimulatorParts,
  call: ReceivedCall,
  worked: WorkResult,
  fault: Fault | undefined,
  delivery: LoggedCall['delivery'] = 'answered',
): void {
  deliver(call, logged(parts, call, worked, delivery, fault));
}

function deliver(
  { request, response }: ReceivedCall,
  { answer: body, headers, plain }: WorkResult,
  truncated = false,
): void {
  send(response, body, headers, { gzip: !plain && takesGzip(request), truncated });
}

function logged(
  parts: SimulatorParts,
  call: ReceivedCall,
  worked: WorkResult,
  delivery: LoggedCall['delivery'],
  fault: Fault | undefined,
): WorkResult {
  log(parts, call, worked, delivery, fault);
  return worked;
}

/** Logged, and kept in the data folder if it may have changed something, before anything is sent. */
function log(
  parts: SimulatorParts,
  { at, request, url }: ReceivedCall,
  worked: WorkResult | undefined,
  delivery: LoggedCall['delivery'],
  fault: Fault | undefined,
): void {
  const effects = worked?.effects ?? [];
  const method = request.method ?? 'GET';
  const call = parts.log.add({
    at,
    actedAt: parts.nowMs(),
    kind: worked?.kind ?? (method === 'GET' ? 'read' : 'write'),
    method,
    path: url.pathname,
    query: url.search.slice(1),
    client: worked?.client,
    status: worked?.answer.status ?? 0,
    delivery,
    fault: fault?.kind,
    body: worked?.loggedBody,
    effects,
  });
  if (call.kind === 'write') parts.journal.commit({ effects, counters: parts.store.counters(), call });
}
