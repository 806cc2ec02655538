import * as z from 'zod';
import type { ChangeRef } from '../../domain/lane/change-ref.ts';
import type { ClaimHolder, StatusLink } from '../../domain/records/change-record.ts';
import type { DesiredGroup } from '../../domain/records/desired-group.ts';
import { refSchema } from './stored-change.ts';

/**
 * Schemas of desired groups, rejected members and status links; those of groups are loose, as in `stored-change.ts`.
 */
const approvedValue = <Value extends z.ZodType>(value: Value) =>
  z.looseObject({ value, sequence: z.number(), key: z.string() }).optional();

const approver = z.looseObject({ key: z.string(), source: z.string(), ticket: z.string(), at: z.number() });

const desired = z.looseObject({
  version: z.int().min(1),
  lane: z.string(),
  tenant: z.string(),
  microtenantId: z.string(),
  groupId: z.string(),
  name: approvedValue(z.string()),
  description: approvedValue(z.string()),
  enabled: approvedValue(z.boolean()),
  seenName: approvedValue(z.string()),
  members: z.record(z.string(), z.tuple([z.union([z.literal(0), z.literal(1)]), z.number()])),
  complete: z.number().optional(),
  deleted: z.looseObject({ sequence: z.number(), key: z.string() }).optional(),
  last: approver.extend({ sequence: z.number() }),
  approvals: z.record(z.string(), approver).optional(),
  unfound: z.record(z.string(), z.number()).optional(),
});

/** Parses a stored desired group; throws a `ZodError`. */
export function parseDesiredGroup(value: unknown): DesiredGroup {
  return desired.parse(value) as unknown as DesiredGroup;
}

const member = z.object({ ref: refSchema });

/** Parses a stored rejected member of a change set to its reference; throws a `ZodError`. */
export function parseRejectedMember(value: unknown): ChangeRef {
  return member.parse(value).ref;
}

const claim = z.object({ version: z.number(), ref: refSchema, claimedAt: z.number() });

/** Parses a stored claim of a key; throws a `ZodError`. */
export function parseClaim(value: unknown): ClaimHolder & { version: number } {
  return claim.parse(value);
}

/**
 * `linkExpiresAt` is the domain's `expiresAt` in milliseconds; the attribute `expiresAt` is the table's TTL in seconds.
 */
const link = z.object({ hash: z.string(), ref: refSchema, linkExpiresAt: z.number() });

/** Parses a stored status link; throws a `ZodError`. */
export function parseStatusLink(value: unknown): StatusLink {
  const { hash, ref, linkExpiresAt } = link.parse(value);
  return { hash, ref, expiresAt: linkExpiresAt };
}
