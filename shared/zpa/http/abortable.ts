/**
 * What `work` comes to, or the signal's reason as soon as it aborts; the work itself goes on unwatched. undici minds an
 * abort only once a request has a connection, and a sign-in is shared with others.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  // Whichever comes second may still reject, and nobody listens then.
  work.catch(() => undefined);
  stopped.promise.catch(() => undefined);
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
