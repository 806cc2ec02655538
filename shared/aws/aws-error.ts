import type { FaultScope } from '../domain/change/rejection-codes.ts';

/** Stable codes of failed AWS calls; callers match on these and never on messages. */
export type AwsErrorCode =
  | 'ledger-unavailable'
  | 'record-too-large'
  | 'record-malformed'
  | 'send-failed'
  | 'defer-failed'
  | 'acknowledge-failed'
  | 'publish-failed'
  | 'secret-missing'
  | 'secret-unavailable'
  | 'secret-not-written'
  | 'report-failed'
  | 'audit-failed'
  | 'settings-unavailable'
  | 'identity-unavailable'
  | 'inspection-failed'
  | 'settings-too-large';

/**
 * A failed AWS call. Scope `platform` means that no change caused it; a missing secret is the fault of its tenant or
 * source. The cause is a summary, because SDK errors carry requests and responses.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: AwsErrorCode;
  readonly scope: FaultScope;

  constructor(code: AwsErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.scope = code === 'secret-missing' ? 'tenant' : 'platform';
  }
}

/**
 * The parts of an SDK error that may be logged: name, code, status, request id and the shortened message; without
 * `withMessage` only that of a connection that failed, because others may quote what was sent or answered.
 */
export class AwsCause extends Error {
  override readonly name: string;
  /** Of a connection that failed, such as `ECONNREFUSED`; its name is nothing but "Error". */
  readonly code?: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(error: unknown, { withMessage = true } = {}) {
    const from = error instanceof Error ? error : new Error('unknown');
    const code = connectionCodeOf(from);
    super(withMessage || code !== undefined ? from.message.slice(0, 300) : 'not shown');
    this.name = from.name;
    if (code !== undefined) this.code = code;
    const metadata = metadataOf(error);
    this.status = metadata.httpStatusCode;
    this.requestId = metadata.requestId;
  }

  /** Names the error in one word. */
  get kind(): string {
    return this.code ?? this.name;
  }
}

/** Codes of the system, of OpenSSL and of certificates; those of Node's own checks may come with the value that was checked. */
const CONNECTION_CODE = /^(?!ERR_(?!TLS_|SSL_))[A-Z][A-Z0-9_]*$/;

function connectionCodeOf(error: Error): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && CONNECTION_CODE.test(code) ? code : undefined;
}

type Metadata = { httpStatusCode?: number; requestId?: string };

function metadataOf(error: unknown): Metadata {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return {};
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return {};
  const status = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  const requestId = 'requestId' in metadata ? metadata.requestId : undefined;
  return {
    ...(typeof status === 'number' ? { httpStatusCode: status } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  };
}

/** Runs one AWS call and converts its errors to an `AwsError` of this code with the message "`doing` failed: …". */
export async function callAws<T>(code: AwsErrorCode, doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const cause = new AwsCause(error);
    throw new AwsError(code, `${doing} failed: ${cause.kind}`, cause);
  }
}
