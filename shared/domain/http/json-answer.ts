/** Headers of answers that tell of one source's changes: no cache keeps them, and no browser takes them for a page. */
export const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** An HTTP function's answer in JSON, not to be stored; `headers` stand over its own. */
export function jsonAnswer(status: number, body: object, headers: Record<string, string> = {}) {
  return {
    status,
    headers: { 'content-type': 'application/json', ...NO_STORE, ...headers } as Record<string, string>,
    body: JSON.stringify(body),
  };
}
