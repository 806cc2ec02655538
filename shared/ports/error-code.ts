/** The stable code of an error, by which callers tell one from another; undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True if a stored record exists that does not parse. Reading it again does not help. */
export const isUnreadable = (error: unknown): boolean => errorCode(error) === 'record-malformed';

/** The wait in ms that the answer behind an error asked for (`Retry-After`); undefined where it asked for none. */
export function retryAfterMsOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('retryAfterMs' in error)) return undefined;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs) ? retryAfterMs : undefined;
}
