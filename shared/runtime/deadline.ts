/** The part of Lambda's context that answers how much time of the invocation is left. */
export type RemainingTime = { getRemainingTimeInMillis(): number };

/** The end of the invocation minus a margin. Dispose of it when the invocation is over, because it holds a timer. */
export type Deadline = Disposable & {
  /** Aborts with a `DeadlineError` when the time is up. */
  signal: AbortSignal;
  /** Milliseconds until the signal aborts; never negative. */
  remainingMs(): number;
};

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'deadline';
}

/** Creates the deadline of this invocation, `marginMs` before Lambda would end it. */
export function deadlineOf(context: RemainingTime, marginMs: number): Deadline {
  const remainingMs = () => Math.max(0, context.getRemainingTimeInMillis() - marginMs);
  const controller = new AbortController();
  const expire = () => controller.abort(new DeadlineError(`The invocation ends in ${marginMs} ms.`));
  const timer = setTimeout(expire, remainingMs());
  timer.unref();
  return { signal: controller.signal, remainingMs, [Symbol.dispose]: () => clearTimeout(timer) };
}
