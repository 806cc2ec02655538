import * as z from 'zod';
import type { DeliveryRecord } from '../../domain/source/replay-protection.ts';

const delivery = z.object({
  version: z.number(),
  source: z.string(),
  bodyHash: z.string(),
  id: z.string(),
  at: z.number(),
  keptUntil: z.number(),
});

/** Parses a stored delivery; throws a `ZodError`. */
export function parseDelivery(value: unknown): DeliveryRecord {
  return delivery.parse(value);
}
