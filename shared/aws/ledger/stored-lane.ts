import * as z from 'zod';
import type { LaneRecord } from '../../domain/records/lane-record.ts';
import { approvedSchema, effectSchema, reachSchema, refSchema, rejectionSchema } from './stored-change.ts';

/** Schema of a lane in the table; it is loose, as in `stored-change.ts`. */
const member = { ref: refSchema, generation: z.int(), sequence: z.int() };
const changed = { effect: effectSchema, approved: approvedSchema, reach: reachSchema };

const ending = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('applied'), ...changed }),
  z.looseObject({ kind: z.literal('unchanged'), ...changed }),
  rejectionSchema,
]);

const ids = z.array(z.string());
const fields = { name: z.string(), description: z.string(), enabled: z.boolean(), configSpace: z.string() };

const write = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('create'), ...fields, applicationIds: ids, microtenantId: z.string() }),
  z.looseObject({
    kind: z.literal('update'),
    via: z.enum(['v1', 'v2']),
    groupId: z.string(),
    microtenantId: z.string(),
    fields: z.looseObject(fields),
    addedApps: ids,
    deletedApps: ids,
  }),
  z.looseObject({ kind: z.literal('delete'), groupId: z.string(), microtenantId: z.string() }),
]);

const group = z.looseObject({
  id: z.string(),
  ...fields,
  microtenantId: z.string(),
  applicationIds: ids,
  readOnly: z.boolean(),
});

const intent = z.looseObject({
  writeId: z.string(),
  tenant: z.string(),
  members: z.array(z.looseObject({ ...member, ending })),
  writes: z.array(z.looseObject({ write, before: group.nullable() })),
  cursor: z.int(),
  sendBefore: z.number(),
  openSince: z.number().optional(),
  lookedAt: z.number().optional(),
  trouble: z
    .looseObject({
      tries: z.number(),
      looks: z.number().optional(),
      retryAt: z.number(),
      error: z.string().optional(),
    })
    .optional(),
  takingBack: rejectionSchema.optional(),
  released: rejectionSchema.optional(),
  createdId: z.string().optional(),
  unanswered: z.string().optional(),
  adopted: z.literal(true).optional(),
});

const stopped = z.looseObject({
  code: z.string(),
  sentence: z.string(),
  since: z.number(),
  tries: z.number(),
  probeAt: z.number(),
  alarmed: z.boolean(),
  tenants: z.array(z.string()).optional(),
});

const seen = z.looseObject({
  groupId: z.string(),
  microtenantId: z.string(),
  at: z.number(),
  name: z.string(),
  modifiedTime: z.number().optional(),
  fields: z.string().optional(),
  members: z.int().optional(),
  replaced: z.string().optional(),
  result: z.string().optional(),
  created: z.boolean().optional(),
  deleted: z.boolean().optional(),
  joined: ids.optional(),
  left: ids.optional(),
});

const record = z.looseObject({
  version: z.int().min(1),
  lane: z.string(),
  fence: z.int(),
  lease: z.looseObject({ owner: z.string(), until: z.number() }).optional(),
  hiddenUntil: z.number().optional(),
  budget: z.looseObject({ reads: z.array(z.number()), writes: z.array(z.number()), notBefore: z.number() }),
  through: z.int(),
  skipped: z.array(z.int()),
  working: z
    .looseObject({ members: z.array(z.looseObject(member)), strikes: z.number(), since: z.number() })
    .optional(),
  intent: intent.optional(),
  endedUnread: z.array(z.looseObject({ ...member, outcome: ending })).optional(),
  stopped: stopped.optional(),
  turn: z.looseObject({ sequence: z.int(), since: z.number() }).optional(),
  trouble: z
    .looseObject({
      ref: refSchema,
      generation: z.int(),
      tries: z.number(),
      since: z.number(),
      retryAt: z.number(),
      error: z.string().optional(),
    })
    .optional(),
  limited: z.looseObject({ of: z.string(), at: z.string(), tries: z.number(), waitedMs: z.number() }).optional(),
  unclassifiedInARow: z.number(),
  paused: z.looseObject({ by: z.string(), reason: z.string(), since: z.number() }).optional(),
  oneByOneUntil: z.number().optional(),
  learned: z.record(z.string(), z.looseObject({ writer: z.string().optional(), client: z.string().optional() })),
  seen: z.array(seen).optional(),
});

/** Parses a stored lane; throws a `ZodError`. */
export function parseLaneRecord(value: unknown): LaneRecord {
  return record.parse(value) as unknown as LaneRecord;
}
