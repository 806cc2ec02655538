import * as z from 'zod';
import { digestOf } from './digest.ts';

/**
 * A line of the audit trail, schemaVersion 1: one JSON object in an S3 object of its own. It is read for years, by later
 * versions too, so fields are only added.
 */
const text = z.string();
const count = z.int().min(0);

/** A change as it was approved and what it did. `outcome` is the ledger's, so it differs by `kind` and is kept whole. */
const outcomeLine = z.looseObject({
  schemaVersion: z.literal(1),
  kind: z.literal('outcome'),
  at: z.iso.datetime(),
  ref: z.looseObject({ lane: text, source: text, tenant: text, idempotencyKey: text }),
  microtenantId: text.optional(),
  generation: z.int().min(1),
  correlationId: text,
  ticket: z.looseObject({
    system: text,
    id: text,
    url: text.optional(),
    requestedBy: text.optional(),
    requestedWith: z.array(text).optional(),
    approvals: z.array(z.looseObject({ by: text, at: text.optional(), ref: text.optional() })),
  }),
  change: z.looseObject({
    action: text,
    group: z.looseObject({ id: text.optional(), name: text.optional() }).optional(),
  }),
  fingerprint: text,
  /** The hash of the plan that the approver saw. */
  plan: text.optional(),
  /** Versions of the settings; `acceptedBy` of this generation is unknown once a later one replaced it in the record. */
  settings: z.looseObject({ acceptedBy: count.optional(), settledBy: count.optional() }),
  acceptedAt: z.iso.datetime().optional(),
  outcome: z.looseObject({
    kind: text,
    attempts: count,
    writeId: text.optional(),
    code: text.optional(),
    sentence: text.optional(),
    by: text.optional(),
    reason: text.optional(),
    effect: z
      .looseObject({
        groupId: text,
        before: z.looseObject({ name: text }).nullable(),
        after: z.looseObject({ name: text }).nullable(),
        added: z.array(text),
        removed: z.array(text),
      })
      .optional(),
  }),
  digest: text,
});

/** An act of a person with the CLI. `begun` is written before the act, `ended` after it. */
const actLine = z.looseObject({
  schemaVersion: z.literal(1),
  kind: z.literal('act'),
  at: z.iso.datetime(),
  /** Equal for both lines of one act. */
  id: text,
  phase: z.enum(['begun', 'ended']),
  act: text,
  /** The IAM principal whose credentials were used. */
  principal: text,
  /** Names and reasons; never a secret. */
  details: z.record(z.string(), z.unknown()),
  /** Of an act that ended. */
  result: z.enum(['done', 'failed']).optional(),
  error: text.optional(),
  digest: text,
});

const auditLineSchema = z.discriminatedUnion('kind', [outcomeLine, actLine]);

export type AuditLine = z.output<typeof auditLineSchema>;
export type ActLine = z.output<typeof actLine>;
export type OutcomeLine = z.output<typeof outcomeLine>;

/** The line with the digest over all its other fields. */
export function sealLine<Line extends { kind: string }>(line: Line): Line & { digest: string } {
  return { ...line, digest: digestOf(line) };
}

/** The text of the object: one line of JSON. */
export const lineText = (line: AuditLine): string => `${JSON.stringify(line)}\n`;

/** `altered`: its digest is not that of its content. `malformed`: it is no line of this version. */
export type ReadLine = { kind: 'line'; line: AuditLine } | { kind: 'altered' } | { kind: 'malformed' };

/** Reads the parsed content of an object. */
export function readLine(value: unknown): ReadLine {
  const parsed = auditLineSchema.safeParse(value);
  if (!parsed.success) return { kind: 'malformed' };
  const { digest, ...content } = parsed.data;
  return digestOf(content) === digest ? { kind: 'line', line: parsed.data } : { kind: 'altered' };
}
