import type { ZpaFault } from '../../domain/group/group.ts';
import { errorCode } from '../../ports/error-code.ts';
import { type FaultRow, faultRowOf } from './faults.ts';

const REASON_LENGTH = 2000;
const PARAMS = 20;
const PARAM_LENGTH = 200;
const MESSAGE_LENGTH = 400;

/** Details of one fault in addition to its row. Each text is cut and stripped of the secrets in `hide`. */
export type FaultDetail = {
  on?: 'read' | 'write' | undefined;
  /** True if the request was never written to a connection. */
  unsent?: boolean;
  status?: number | undefined;
  zpaId?: string | undefined;
  reason?: string | undefined;
  params?: readonly string[] | undefined;
  retryAfterMs?: number | undefined;
  call?: string | undefined;
  cause?: unknown;
  /** The token and secrets in use; they are removed from every text, because an answer may repeat them. */
  hide?: readonly string[] | undefined;
};

/** Any failure of a ZPA call. Match on `code` or `fault`, never on the message. */
export class ZpaError extends Error {
  override readonly name = 'ZpaError';
  readonly code: string;
  readonly fault: ZpaFault;

  constructor(message: string, of: FaultRow | { code: string }, detail: FaultDetail = {}) {
    const row = 'signs' in of ? of : faultRowOf(of.code);
    super(clean(message, MESSAGE_LENGTH, detail.hide), { cause: strippedCause(detail.cause) });
    this.code = row.code;
    this.fault = toFault(row, detail);
  }

  /** The same failure during a sign-in: it has tenant scope and no effect, because the call itself was never sent. */
  asSignIn(): ZpaError {
    const row: FaultRow = {
      code: this.code,
      class: 'transient',
      scope: this.fault.scope === 'platform' ? 'platform' : 'tenant',
      effect: 'none',
      signs: [],
    };
    return new ZpaError(this.message, row, { ...this.fault, cause: this.cause });
  }
}

function toFault(row: FaultRow, detail: FaultDetail): ZpaFault {
  const { on = 'read', unsent = false, hide, status, retryAfterMs, call } = detail;
  const fault: ZpaFault = {
    code: row.code,
    class: row.class,
    scope: row.scope,
    effect: on === 'write' && !unsent ? row.effect : 'none',
  };
  if (status !== undefined) fault.status = status;
  if (detail.zpaId !== undefined) fault.zpaId = clean(detail.zpaId, PARAM_LENGTH, hide);
  if (detail.reason !== undefined) fault.reason = clean(detail.reason, REASON_LENGTH, hide);
  if (detail.params !== undefined) {
    fault.params = detail.params.slice(0, PARAMS).map((one) => clean(one, PARAM_LENGTH, hide));
  }
  if (retryAfterMs !== undefined) fault.retryAfterMs = retryAfterMs;
  if (call !== undefined) fault.call = call;
  return fault;
}

/** Removes secrets before it cuts the text, so that no part of a secret remains at the cut. */
function clean(text: string, length: number, hide: readonly string[] = []): string {
  const shown = hide
    .filter((secret) => secret.length >= 6)
    .flatMap(spellings)
    .reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  return shown.length <= length ? shown : `${shown.slice(0, length - 1).toWellFormed()}…`;
}

/** The forms in which a text may contain a secret: plain, JSON, URL and form encoding. */
function spellings(secret: string): string[] {
  const form = new URLSearchParams({ s: secret }).toString().slice('s='.length);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), form];
}

/**
 * Keeps only name and code of a cause and of those behind it: parser errors quote their input, HTTP errors carry
 * headers, and every logger prints a cause.
 */
function strippedCause(cause: unknown, depth = 0): Error | undefined {
  if (cause === undefined || depth > MOST_CAUSES) return undefined;
  const name = cause instanceof Error ? cause.name : typeof cause;
  const code = codeOf(cause);
  const behind = cause instanceof Error ? strippedCause(cause.cause, depth + 1) : undefined;
  const stripped = new Error(code === undefined ? name : `${name} (${code})`, behind && { cause: behind });
  stripped.name = name;
  return code === undefined ? stripped : Object.assign(stripped, { code });
}

const MOST_CAUSES = 4;

/** The `code` of an error, or of the first cause that has a code. */
export function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > MOST_CAUSES) return undefined;
  return errorCode(error) ?? codeOf(error.cause, depth + 1);
}
