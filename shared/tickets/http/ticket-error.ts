/**
 * Stable codes of failed calls to a ticket system; callers match on these and never on messages (see
 * `ticket-system.ts`).
 */
export type TicketErrorCode =
  | 'ticket-id'
  | 'ticket-ambiguous'
  | 'tickets-secret'
  | 'tickets-refused'
  | 'tickets-limited'
  | 'tickets-unavailable'
  | 'tickets-malformed'
  | 'tickets-unsupported'
  | 'tickets-address';

/** A failed call to a ticket system. It holds no credential, no header, and of a body only the words of a refusal. */
export class TicketError extends Error {
  override readonly name = 'TicketError';
  readonly code: TicketErrorCode;
  /** Pause that the ticket system requested with Retry-After, or until its limit ends. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: TicketErrorCode,
    message: string,
    detail: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.retryAfterMs = detail.retryAfterMs;
  }
}
