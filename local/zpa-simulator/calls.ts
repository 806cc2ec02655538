import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressOf } from './address.ts';
import type { LoggedCall } from './call-log.ts';
import type { Arrived, Desk } from './desk.ts';
import type { Fault } from './faults.ts';
import { readBody, reset, send, takesGzip } from './http-body.ts';
import { answerFault, isAnsweredFault, type Worked, work, wrongAnswer } from './work.ts';

/** One HTTP call from arrival to answer: read, meet its fault if one is scripted, act, log, send. */
export async function handleCall(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = desk.nowMs();
  const url = new URL(request.url ?? '/', 'http://simulator');
  const address = addressOf(url.pathname);
  const bodyText = await readBody(request);
  if (bodyText === undefined) return void response.destroy();
  if (address.to === 'control') return desk.control(request, response, address.path, bodyText);
  const call: Arrived = { at, request, response, url, address, bodyText };
  const latencyMs = desk.latencyMs();
  try {
    if (latencyMs > 0) await desk.sleep(latencyMs, desk.closing);
    await perform(desk, call, desk.faults.take(request.method ?? 'GET', url.pathname));
  } catch (error) {
    if (!desk.closing.aborted) throw error;
    response.destroy();
  }
}

async function perform(desk: Desk, call: Arrived, fault: Fault | undefined): Promise<void> {
  const { response } = call;
  const later = (ms: number): Promise<void> => desk.sleep(ms, desk.closing);
  if (fault !== undefined && isAnsweredFault(fault)) {
    return answer(desk, call, answerFault(desk, call, fault), fault);
  }
  switch (fault?.kind) {
    case undefined:
      return answer(desk, call, work(desk, call), undefined);
    case 'reset':
      log(desk, call, undefined, 'unanswered', fault);
      return reset(response);
    case 'no-answer':
      return log(desk, call, undefined, 'unanswered', fault);
    case 'slow': {
      const worked = logged(desk, call, work(desk, call), 'answered', fault);
      await later(fault.delayMs);
      return deliver(call, worked);
    }
    case 'truncated':
      return deliver(call, logged(desk, call, work(desk, call), 'truncated', fault), true);
    case 'wrong-answer':
      return answer(desk, call, wrongAnswer(desk, call, fault), fault);
    case 'effect-without-answer':
      logged(desk, call, work(desk, call), 'unanswered', fault);
      if (!fault.hang) reset(response);
      return;
    case 'effect-after-timeout':
      await later(fault.delayMs);
      return answer(desk, call, work(desk, call), fault, response.destroyed ? 'unanswered' : 'answered');
  }
}

function answer(
  desk: Desk,
  call: Arrived,
  worked: Worked,
  fault: Fault | undefined,
  delivery: LoggedCall['delivery'] = 'answered',
): void {
  deliver(call, logged(desk, call, worked, delivery, fault));
}

function deliver({ request, response }: Arrived, { answer: body, headers, plain }: Worked, truncated = false): void {
  send(response, body, headers, { gzip: !plain && takesGzip(request), truncated });
}

function logged(
  desk: Desk,
  call: Arrived,
  worked: Worked,
  delivery: LoggedCall['delivery'],
  fault: Fault | undefined,
): Worked {
  log(desk, call, worked, delivery, fault);
  return worked;
}

/** Logged, and kept in the data folder if it may have changed something, before anything is sent. */
function log(
  desk: Desk,
  { at, request, url }: Arrived,
  worked: Worked | undefined,
  delivery: LoggedCall['delivery'],
  fault: Fault | undefined,
): void {
  const effects = worked?.effects ?? [];
  const method = request.method ?? 'GET';
  const call = desk.log.add({
    at,
    actedAt: desk.nowMs(),
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
  if (call.kind === 'write') desk.journal.commit({ effects, counters: desk.store.counters(), call });
}
