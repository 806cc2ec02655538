import { z } from 'zod';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import { parseJson } from '../../shared/domain/text/parse-json.ts';

/** What of an outcome's notice is read: which change it is of; all the rest the ledger says. */
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

/** Reports and whatever else is published to the topic: not ours to tell. */
const other = z.looseObject({ outcome: z.undefined().optional() });

export type ReadNotice =
  | { kind: 'outcome'; ref: ChangeRef; generation: number }
  | { kind: 'other' }
  | { kind: 'malformed' };

export function readNotice(body: string): ReadNotice {
  const value = parseJson(body);
  const parsed = notice.safeParse(value);
  if (parsed.success) {
    return { kind: 'outcome', ref: parsed.data.ref, generation: parsed.data.outcome.generation };
  }
  return { kind: other.safeParse(value).success ? 'other' : 'malformed' };
}
