import { createHash } from 'node:crypto';
import * as z from 'zod';
import { textBytes, toJson } from '../text/truncate-text.ts';
import { MAX_MESSAGE_BYTES } from './size-limits.ts';

const text = z.string();
/** A comment that a function without a credential to write has written: what was not taken, and why. */
export const commentSchema = z.object({
  text: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('heading'), text }),
      z.object({ kind: z.literal('line'), text }),
      z.object({ kind: z.literal('points'), points: z.array(text) }),
    ]),
  ),
  marker: text,
});

/** A submitted ticket's request for a plan, as a message on `plans.fifo`. */
export const planRequestSchema = z.object({
  schemaVersion: z.literal(1),
  source: z.string(),
  ticketId: z.string(),
  /** Epoch ms; the plan should be on the ticket within 30 s. */
  askedAt: z.number(),
  /** The ticket as its source sent it, for sources that cannot be read; absent if it is too large. */
  payload: z.unknown().optional(),
  /** Instead of a plan, this comment is written. */
  comment: commentSchema.optional(),
});

export type TicketComment = z.output<typeof commentSchema>;
export type PlanRequest = z.output<typeof planRequestSchema>;

/** Room for message attributes. */
const MOST_BYTES = MAX_MESSAGE_BYTES - 4 * 1024;

/** The body of the message; without the payload if that does not fit. */
export function planMessage(request: PlanRequest): string {
  const complete = toJson(request);
  return textBytes(complete) <= MOST_BYTES ? complete : toJson({ ...request, payload: undefined });
}

/** The message group id: plans of one ticket are made one after the other. */
export const planGroup = ({ source, ticketId }: Pick<PlanRequest, 'source' | 'ticketId'>) => sha256([source, ticketId]);

/** SQS drops a second message with this id within five minutes, so a repeated webhook requests no second plan. */
export const planDeduplication = (request: Omit<PlanRequest, 'schemaVersion' | 'askedAt'>) => {
  const { source, ticketId, payload, comment } = request;
  return sha256([source, ticketId, comment === undefined ? (JSON.stringify(payload) ?? '') : comment.marker]);
};

const sha256 = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
