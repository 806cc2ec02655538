/** What can go wrong on the way to a ticket system; callers match on these, never on texts (see `ticket-system.ts`). */
export type TicketErrorCode =
  | 'ticket-id'
  | 'tickets-secret'
  | 'tickets-refused'
  | 'tickets-limited'
  | 'tickets-unavailable'
  | 'tickets-malformed'
  | 'tickets-address';

/** A call of a ticket system that did not do what it should. Holds no body, header or credential. */
export class TicketError extends Error {
  override readonly name = 'TicketError';
  readonly code: TicketErrorCode;
  /** How long the ticket system wants to be left alone. */
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
