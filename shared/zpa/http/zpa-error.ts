import type { ZpaFault } from '../../domain/group/group.ts';
import { errorCode } from '../../ports/error-code.ts';
import { type FaultRow, rowNamed } from './faults.ts';

const REASON_LENGTH = 2000;
const PARAMS = 20;
const PARAM_LENGTH = 200;
const MESSAGE_LENGTH = 400;

/** What is known beside the row; all of it is cut, and freed of `hide`, before it is kept. */
export type FaultDetail = {
  on?: 'read' | 'write' | undefined;
  /** The request was never put on a connection. */
  unsent?: boolean;
  status?: number | undefined;
  zpaId?: string | undefined;
  reason?: string | undefined;
  params?: readonly string[] | undefined;
  retryAfterMs?: number | undefined;
  call?: string | undefined;
  cause?: unknown;
  /** Token and secrets in use: whatever answer repeats them is shown without. */
  hide?: readonly string[] | undefined;
};

/** Any failure of a ZPA call. Match on `code` or `fault`, never on the message. */
export class ZpaError extends Error {
  override readonly name = 'ZpaError';
  readonly code: string;
  readonly fault: ZpaFault;

  constructor(message: string, of: FaultRow | { code: string }, detail: FaultDetail = {}) {
    const row = 'signs' in of ? of : rowNamed(of.code);
    super(clean(message, MESSAGE_LENGTH, detail.hide), { cause: strippedCause(detail.cause) });
    this.code = row.code;
    this.fault = toFault(row, detail);
  }

  /** The same failure seen from a sign-in: the tenant's trouble, and the call behind it was never sent. */
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

/** Hides first and cuts then, so that no half of a secret survives at the cut. */
function clean(text: string, length: number, hide: readonly string[] = []): string {
  const shown = hide
    .filter((secret) => secret.length >= 6)
    .flatMap(spellings)
    .reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  return shown.length <= length ? shown : `${shown.slice(0, length - 1).toWellFormed()}…`;
}

/** As it is, within JSON, within a URL and within a form. */
function spellings(secret: string): string[] {
  const form = new URLSearchParams({ s: secret }).toString().slice('s='.length);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), form];
}

/**
 * Name and code of what lies beneath, nothing else: parser errors quote what they read, HTTP errors carry headers,
 * and a cause is printed by every logger.
 */
function strippedCause(cause: unknown): Error | undefined {
  if (cause === undefined) return undefined;
  const name = cause instanceof Error ? cause.name : typeof cause;
  const code = codeOf(cause);
  const stripped = new Error(code === undefined ? name : `${name} (${code})`);
  stripped.name = name;
  return code === undefined ? stripped : Object.assign(stripped, { code });
}

/** The `code` of an error, or of the first cause that has one. */
export function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  return errorCode(error) ?? codeOf(error.cause, depth + 1);
}
