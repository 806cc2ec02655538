import * as z from 'zod';
import type { ChangeRef } from '../lane/change-ref.ts';
import { parseJson } from '../text/parse-json.ts';

/** The fields of an outcome's notice that identify its change; everything else is read from the ledger. */
const notice = z.object({
  schemaVersion: z.literal(1),
  ref: z.object({
    lane: z.string().min(1).max(128),
    source: z.string().min(1).max(64),
    tenant: z.string().min(1).max(64),
    idempotencyKey: z.string().min(1).max(200),
  }),
  outcome: z.object({ generation: z.int().min(1) }),
});

/** A stored drift report; the message names it, and its content is read from the bucket. */
const drift = z.object({
  kind: z.literal('drift-report'),
  schemaVersion: z.literal(2),
  lane: z.string().min(1).max(128),
  key: z.string().regex(/^drift\/[A-Za-z0-9-]{1,128}\/\d{8}T\d{6}Z\.json$/),
});

/** Other messages of the topic; no ticket is notified of them. */
const other = z.looseObject({ outcome: z.undefined().optional() });

export type ReadNotice =
  | { kind: 'outcome'; ref: ChangeRef; generation: number }
  | { kind: 'drift'; lane: string; key: string }
  | { kind: 'other' }
  | { kind: 'malformed' };

/** Reads the body of a message as the notice of an outcome or a report; `other` and `malformed` say why it is none. */
export function readNotice(body: string): ReadNotice {
  const value = parseJson(body);
  const parsed = notice.safeParse(value);
  if (parsed.success) {
    return { kind: 'outcome', ref: parsed.data.ref, generation: parsed.data.outcome.generation };
  }
  const report = drift.safeParse(value);
  if (report.success) return { kind: 'drift', lane: report.data.lane, key: report.data.key };
  return { kind: other.safeParse(value).success ? 'other' : 'malformed' };
}
