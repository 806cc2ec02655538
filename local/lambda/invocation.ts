import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { Clock } from '../../shared/ports/ports.ts';
import type { FunctionWatch } from '../aws/watch/functions.ts';

/** A function as Lambda knows it. */
export type LambdaFunction<Event> = {
  name: string;
  /** In real milliseconds (already divided by the time factor). */
  timeoutMs: number;
  memoryMb?: number;
  /** Decides if it may start, and counts its invocations; absent: it may, and nothing is counted. */
  watch?: FunctionWatch;
  handler: (event: Event, context: Context) => unknown;
};

/** The end of an invocation. One that timed out is abandoned: its later result is ignored. */
export type Invoked =
  | { outcome: 'returned'; result: unknown }
  | { outcome: 'threw'; error: unknown }
  | { outcome: 'timed-out' }
  /** Its reserved concurrency is 0. */
  | { outcome: 'throttled' };

/** Invokes as Lambda does: event and result pass as JSON, and the context answers the time left. Never rejects. */
export async function invoke<Event>(fn: LambdaFunction<Event>, event: Event, clock: Clock): Promise<Invoked> {
  if (fn.watch?.isStopped()) {
    fn.watch.count('Throttles');
    return { outcome: 'throttled' };
  }
  fn.watch?.count('Invocations');
  const end = fn.watch?.begin();
  const invoked = fn.watch?.takeCrash() ? CRASHED : await run(fn, event, clock);
  end?.();
  if (invoked.outcome !== 'returned') fn.watch?.count('Errors');
  return invoked;
}

/** As Lambda reports a runtime that died. */
const CRASHED: Invoked = { outcome: 'threw', error: new Error('Runtime exited with error: signal: killed') };

async function run<Event>(fn: LambdaFunction<Event>, event: Event, clock: Clock): Promise<Invoked> {
  const deadline = clock.now() + fn.timeoutMs;
  const settled = new AbortController();
  const work = async (): Promise<Invoked> => {
    try {
      const result = await fn.handler(structuredClone(event), createContext(fn, deadline, clock));
      return { outcome: 'returned', result: throughJson(result) };
    } catch (error) {
      return { outcome: 'threw', error };
    }
  };
  const limit = async (): Promise<Invoked> => {
    await clock.sleep(fn.timeoutMs, settled.signal);
    return { outcome: 'timed-out' };
  };
  const first = await Promise.race([work(), limit()]);
  settled.abort();
  return first;
}

/** A handler's `undefined` arrives as null. */
function throughJson(result: unknown): unknown {
  const text = JSON.stringify(result);
  return text === undefined ? null : JSON.parse(text);
}

function createContext(fn: LambdaFunction<never>, deadline: number, clock: Clock): Context {
  const unused = () => undefined;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:000000000000:function:${fn.name}`,
    memoryLimitInMB: String(fn.memoryMb ?? 512),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${fn.name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
