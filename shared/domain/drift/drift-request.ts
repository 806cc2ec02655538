import * as z from 'zod';

/** A message on `drift.fifo`: the drift of this lane is to be reported. */
export const driftRequestSchema = z.object({
  schemaVersion: z.literal(1),
  lane: z.string().min(1),
  /** Epoch ms: when the round began. */
  askedAt: z.number(),
});

export type DriftRequest = z.output<typeof driftRequestSchema>;
