/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it aborts; the work itself continues, and its
 * result is ignored. This is needed because undici observes an abort only once a request has a connection, and because
 * several calls share one sign-in.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  // The promise that settles second may still reject; these handlers prevent an unhandled rejection.
  work.catch(() => undefined);
  aborted.promise.catch(() => undefined);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
