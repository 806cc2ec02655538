import { createHash } from 'node:crypto';
import { z } from 'zod';
import { textBytes, toJson } from '../text/truncate-text.ts';
import { MAX_MESSAGE_BYTES } from './size-limits.ts';

/** A plan that a submitted ticket asks for, on its way through `plans.fifo`. */
export const planRequestSchema = z.object({
  schemaVersion: z.literal(1),
  source: z.string(),
  ticketId: z.string(),
  /** Epoch ms: the plan is to stand on the ticket 30 s later. */
  askedAt: z.number(),
  /** The ticket as its source sent it, for sources that cannot be asked; left out where it is too large. */
  payload: z.unknown(),
});

export type PlanRequest = z.output<typeof planRequestSchema>;

/** Room for message attributes. */
const MOST_BYTES = MAX_MESSAGE_BYTES - 4 * 1024;

/** The body of the message; without the payload where that does not fit. */
export function planMessage(request: PlanRequest): string {
  const whole = toJson(request);
  return textBytes(whole) <= MOST_BYTES ? whole : toJson({ ...request, payload: undefined });
}

/** One ticket's plans are made one after the other. */
export const planGroup = ({ source, ticketId }: Pick<PlanRequest, 'source' | 'ticketId'>) => sha256([source, ticketId]);

/** The same ticket told of again within five minutes asks for nothing new. */
export const planDeduplication = ({ source, ticketId, payload }: Omit<PlanRequest, 'schemaVersion' | 'askedAt'>) =>
  sha256([source, ticketId, JSON.stringify(payload) ?? '']);

const sha256 = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
