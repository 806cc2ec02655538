import type { FaultScope } from '../domain/change/rejection-codes.ts';

/** Stable codes of what can go wrong on the way to AWS; callers match on these, never on texts. */
export type AwsErrorCode =
  | 'ledger-unavailable'
  | 'record-too-large'
  | 'record-malformed'
  | 'send-failed'
  | 'defer-failed'
  | 'publish-failed'
  | 'secret-missing'
  | 'secret-unavailable'
  | 'report-failed';

/**
 * An AWS call that did not do what it should. Scope `platform` says that no change is to blame; a missing secret is its
 * tenant's (or source's). The cause is a summary: SDK errors drag requests and responses along.
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

/** What may be told of an SDK error: its name, status and request id, and (unless told otherwise) its message, cut. */
export class AwsCause extends Error {
  override readonly name: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(error: unknown, { withMessage = true } = {}) {
    const from = error instanceof Error ? error : new Error('unknown');
    super(withMessage ? from.message.slice(0, 300) : 'not shown');
    this.name = from.name;
    const metadata = metadataOf(error);
    this.status = metadata.httpStatusCode;
    this.requestId = metadata.requestId;
  }
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

/** Runs one AWS call; what it throws becomes an `AwsError` of this code, "`doing` failed: …". */
export async function calling<T>(code: AwsErrorCode, doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const cause = new AwsCause(error);
    throw new AwsError(code, `${doing} failed: ${cause.name}`, cause);
  }
}
