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

/** Reports and other messages of the topic; no ticket is notified of them. */
const other = z.looseObject({ outcome: z.undefined().optional() });

export type ReadNotice =
  | { kind: 'outcome'; ref: ChangeRef; generation: number }
  | { kind: 'other' }
  | { kind: 'malformed' };

/** Reads the body of a message as an outcome's notice; `other` and `malformed` say why it is none. */
export function readNotice(body: string): ReadNotice {
  const value = parseJson(body);
  const parsed = notice.safeParse(value);
  if (parsed.success) {
    return { kind: 'outcome', ref: parsed.data.ref, generation: parsed.data.outcome.generation };
  }
  return { kind: other.safeParse(value).success ? 'other' : 'malformed' };
}
