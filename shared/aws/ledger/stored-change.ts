import * as z from 'zod';
import { planBindingSchema } from '../../domain/plan/plan-binding.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';

/**
 * Schema of a change in the table. It is loose on purpose: attributes unknown to this version stay in the record when it
 * is rewritten, so that fields of a newer deployment are not lost while both versions run.
 */
const reference = z.union([z.looseObject({ id: z.string() }), z.looseObject({ name: z.string() })]);
const references = z.array(reference);
const byIds = z.array(z.looseObject({ id: z.string() }));

const commonRequest = {
  schemaVersion: z.literal(1),
  idempotencyKey: z.string(),
  tenant: z.string(),
  microtenant: z.string().optional(),
  group: reference,
};

const request = z.discriminatedUnion('action', [
  z.looseObject({
    ...commonRequest,
    action: z.literal('create'),
    description: z.string().optional(),
    enabled: z.boolean().optional(),
    applications: references,
    configSpace: z.enum(['DEFAULT', 'SIEM']).optional(),
    ifExists: z.enum(['reject', 'update']),
  }),
  z.looseObject({
    ...commonRequest,
    action: z.literal('update'),
    takeFromOtherGroups: z.boolean(),
    leaveUngrouped: z.boolean(),
    applications: z
      .union([
        z.looseObject({ replace: references }),
        z.looseObject({ add: references.optional(), remove: references.optional() }),
      ])
      .optional(),
  }),
  z.looseObject({ ...commonRequest, action: z.literal('delete') }),
  z.looseObject({
    ...commonRequest,
    action: z.literal('accept'),
    group: z.looseObject({ id: z.string() }),
    state: z.union([
      z.literal('absent'),
      z.looseObject({
        applications: z
          .looseObject({ has: byIds.optional(), hasNot: byIds.optional(), exactly: byIds.optional() })
          .optional(),
      }),
    ]),
  }),
]);

const summary = z
  .looseObject({ name: z.string(), description: z.string(), enabled: z.boolean(), applicationCount: z.number() })
  .nullable();
const ids = z.array(z.string());

export const effectSchema = z.looseObject({
  groupId: z.string(),
  before: summary,
  after: summary,
  added: ids,
  removed: ids,
});

export const approvedSchema = z.looseObject({
  groupId: z.string(),
  microtenantId: z.string(),
  fields: z.looseObject({}),
  members: z.looseObject({ has: ids, hasNot: ids, exactly: ids.optional() }),
  deleted: z.boolean(),
});

export const reachSchema = z.looseObject({ status: z.string() });

export const rejectionSchema = z.looseObject({
  kind: z.literal('rejected'),
  code: z.string(),
  sentence: z.string(),
  remedy: z.string(),
});

const settingsVersion = z.number().optional();
const ended = { generation: z.number(), at: z.number(), attempts: z.number(), settingsVersion };
const changed = {
  ...ended,
  effect: effectSchema,
  approved: approvedSchema,
  reach: reachSchema,
};

const outcome = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('applied'),
    ...changed,
    writeId: z.string(),
    overtaken: z.array(z.looseObject({ field: z.string(), expected: z.string(), found: z.string() })),
  }),
  z.looseObject({ kind: z.literal('unchanged'), ...changed }),
  rejectionSchema.extend(ended),
  z.looseObject({ kind: z.literal('cancelled'), ...ended, by: z.string(), reason: z.string() }),
  z.looseObject({ kind: z.literal('superseded'), ...ended, by: z.string(), reason: z.string() }),
]);

export const refSchema = z.looseObject({
  lane: z.string(),
  source: z.string(),
  tenant: z.string(),
  idempotencyKey: z.string(),
});

const record = z.looseObject({
  version: z.int().min(1),
  ref: refSchema,
  microtenantId: z.string().optional(),
  settingsVersion,
  change: request,
  fingerprint: z.string(),
  ticket: z.looseObject({ system: z.string(), id: z.string(), approvals: z.array(z.looseObject({ by: z.string() })) }),
  correlationId: z.string(),
  sequence: z.int(),
  state: z.enum(['accepted', 'queued', 'scheduled', 'settled']),
  generation: z.int(),
  acceptedAt: z.number(),
  firstAcceptedAt: z.number().optional(),
  scheduledFor: z.number().optional(),
  releasedAt: z.number().optional(),
  plan: planBindingSchema.loose().optional(),
  cancelRequest: z.looseObject({ generation: z.int(), by: z.string(), reason: z.string(), at: z.number() }).optional(),
  sentAt: z.number(),
  attempts: z.number(),
  outcome: outcome.optional(),
  pending: z.array(z.enum(['desired', 'set', 'dlq', 'sns'])),
  history: z.array(outcome),
  failed: z.boolean(),
  discarded: z.looseObject({ by: z.string(), at: z.number(), reason: z.string().optional() }).optional(),
  acceptStale: z.boolean().optional(),
});

const requestOf = z.looseObject({ ref: refSchema, change: request });

/** The request of a stored change of which another part cannot be read; undefined if that cannot be read either. */
export function parseRequest(value: unknown): Pick<ChangeRecord, 'ref' | 'change'> | undefined {
  const { data } = requestOf.safeParse(value);
  if (data === undefined) return undefined;
  return { ref: data.ref, change: withoutFormerDefaults(data.change) } as unknown as ChangeRecord;
}

/** Parses a stored change; throws a `ZodError`. */
export function parseChangeRecord(value: unknown): ChangeRecord {
  const parsed = record.parse(value);
  return { ...parsed, change: withoutFormerDefaults(parsed.change) } as unknown as ChangeRecord;
}

/** The contract had a field `dryRun`. The worker reads a change by the contract of today, which refuses unknown fields. */
function withoutFormerDefaults(change: z.output<typeof request>) {
  const { dryRun, ...rest } = change;
  return dryRun === false ? rest : change;
}
