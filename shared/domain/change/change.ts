import * as z from 'zod';
import { comparableText } from '../text/same-text.ts';
import { applicationName, description, groupName, id, line, liveDescription, liveName } from './fields.ts';

/**
 * The contract of a change, schemaVersion 1: the requests a ticket may contain. Webhook, queue, CLI and files share
 * this one schema, and `docs/change.schema.json` is generated from it. The schema defines what is well-formed.
 * `grants.ts` defines what is permitted and `decide.ts` what is possible in the tenant.
 */

/** Upper bound of a change with its defaults filled in, in bytes of UTF-8 JSON. */
export const MAX_CHANGE_BYTES = 64 * 1024;
/** Upper bound of application references in one change, all lists together. */
export const MAX_APPLICATIONS = 1000;

/** A name from the configuration (tenant, source, microtenant), by the same rule as in the configuration. */
export const configuredName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  error: 'must be a name from the configuration: up to 64 letters, digits, periods, hyphens, underscores',
});

const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/, {
  error: 'must be 1 to 200 printable ASCII characters without spaces, for example CHG0031337/1@APPR0007',
});

const instant = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 instant, for example 2026-12-01T22:00:00Z',
});

const byId = z.strictObject({ id });
const groupByName = z.strictObject({ name: groupName });
const groupReference = z.union([byId, groupByName]);
const applicationReference = z.union([byId, z.strictObject({ name: applicationName })]);
const applications = z.array(applicationReference).max(MAX_APPLICATIONS);

const membership = z.union([
  z.strictObject({ add: applications.optional(), remove: applications.optional() }),
  z.strictObject({ replace: applications }),
]);

const expectation = z.strictObject({
  name: liveName.optional(),
  description: liveDescription.optional(),
  enabled: z.boolean().optional(),
  members: z
    .strictObject({
      has: applications.optional(),
      hasNot: applications.optional(),
      exactly: applications.optional(),
    })
    .optional(),
});

const byIds = z.array(byId).max(MAX_APPLICATIONS);

/** The state of a group that an accept approves as it lives; ids alone, because it is compared and never looked up. */
const acceptedState = z
  .union([
    z.literal('absent'),
    z.strictObject({
      name: liveName.optional(),
      description: liveDescription.optional(),
      enabled: z.boolean().optional(),
      applications: z
        .strictObject({ has: byIds.optional(), hasNot: byIds.optional(), exactly: byIds.optional() })
        .optional(),
    }),
  ])
  .meta({
    description:
      'What the group is like now, which becomes the approved state; nothing is written to ZPA. "absent": ZPA no longer has the ' +
      'group. "applications": either "exactly", the complete membership, or "has" and "hasNot".',
  });

const changeSet = z
  .strictObject({
    id: idempotencyKey,
    index: z.int().min(1).max(1000),
    size: z.int().min(1).max(1000),
    onReject: z.enum(['stop', 'continue']).default('continue'),
  })
  .refine((set) => set.index <= set.size, { error: 'must not exceed size', path: ['index'] });

const approval = z.strictObject({ by: line(320), at: instant, ref: line(200) });

/** A ticket names its requester, for whom it is, and who opened it. */
export const MAX_REQUESTED_WITH = 5;

/** Ingest sets it from configuration and read-back and never trusts a payload for it. The fingerprint leaves it out. */
export const ticketSchema = z.strictObject({
  system: line(64),
  id: line(200),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2000)
    .optional(),
  requestedBy: line(320).optional(),
  /**
   * Others who stand for the request, such as who opened the ticket, or approved what they wrote. Guards count none of them
   * as an approver.
   */
  requestedWith: z.array(line(320)).max(MAX_REQUESTED_WITH).optional(),
  approvals: z.array(approval).max(50).default([]),
});

const common = {
  schemaVersion: z.literal(1),
  idempotencyKey,
  tenant: configuredName,
  microtenant: configuredName.optional(),
  expect: expectation.optional(),
  notBefore: instant.optional(),
  notAfter: instant.optional(),
  changeSet: changeSet.optional(),
  ticket: ticketSchema.optional(),
};

/** Defaults of the fields that a create may leave out. */
const NEW_GROUP_FIELDS = { description: '', enabled: false, configSpace: 'DEFAULT' } as const;

const create = z.strictObject({
  ...common,
  action: z.literal('create'),
  group: groupByName,
  description: description.optional().meta({ default: NEW_GROUP_FIELDS.description }),
  enabled: z.boolean().optional().meta({ default: NEW_GROUP_FIELDS.enabled }),
  applications: applications.default([]),
  configSpace: z.enum(['DEFAULT', 'SIEM']).optional().meta({ default: NEW_GROUP_FIELDS.configSpace }),
  ifExists: z
    .enum(['reject', 'update'])
    .default('reject')
    .meta({
      description:
        'Where a group has the name: "reject" refuses the create; "update" brings that group to the fields the create states and ' +
        'adds its applications. Fields left out and other members stay as they are. It needs a grant for create and update.',
    }),
});

const update = z.strictObject({
  ...common,
  action: z.literal('update'),
  group: groupReference,
  set: z
    .strictObject({ name: groupName.optional(), description: description.optional(), enabled: z.boolean().optional() })
    .optional(),
  applications: membership.optional(),
  takeFromOtherGroups: z.boolean().default(false),
  moveTo: groupReference.optional(),
  leaveUngrouped: z.boolean().default(false),
});

const remove = z.strictObject({
  ...common,
  action: z.literal('delete'),
  group: groupReference,
  moveApplicationsTo: groupReference.optional(),
});

const accept = z.strictObject({
  ...common,
  action: z.literal('accept'),
  group: byId,
  state: acceptedState,
});

/** The fields of a change by action, without the defaults of `newGroupFields`. */
export const changeShape = z.discriminatedUnion('action', [create, update, remove, accept]);

/**
 * The shape with its defaults filled in; `parseChange` adds the rules that span fields. With `ifExists: "update"` a
 * create keeps its omitted fields undefined, because an existing group receives only the fields that the create states.
 */
export const changeSchema = changeShape.transform((change) =>
  change.action === 'create' && change.ifExists === 'reject' ? { ...change, ...newGroupFields(change) } : change,
);

type NewGroupFields = Pick<z.output<typeof create>, keyof typeof NEW_GROUP_FIELDS>;

/** The fields of the group that a create makes, defaults filled in. */
export function newGroupFields({ description, enabled, configSpace }: NewGroupFields) {
  return {
    description: description ?? NEW_GROUP_FIELDS.description,
    enabled: enabled ?? NEW_GROUP_FIELDS.enabled,
    configSpace: configSpace ?? NEW_GROUP_FIELDS.configSpace,
  };
}

export type ChangeRequest = z.output<typeof changeShape>;
export type CreateRequest = Extract<ChangeRequest, { action: 'create' }>;
export type UpdateRequest = Extract<ChangeRequest, { action: 'update' }>;
export type AcceptRequest = Extract<ChangeRequest, { action: 'accept' }>;
export type Action = ChangeRequest['action'];
export type Ticket = z.output<typeof ticketSchema>;
/** A segment group or application segment, by id or by its exact name. */
export type Reference = { id: string } | { name: string };

/** The membership that an update requests, both forms of the contract in one shape. References by id or exact name. */
export type Membership = { add: Reference[]; remove: Reference[]; replace?: Reference[] };

/** The membership of an update; undefined where the update requests none. */
export function membershipOf(change: UpdateRequest): Membership | undefined {
  const requested = change.applications;
  if (requested === undefined) return undefined;
  if ('replace' in requested) return { add: [], remove: [], replace: requested.replace };
  return { add: requested.add ?? [], remove: requested.remove ?? [] };
}

/** `id:216…` or `name:Web Apps`: equal for equal references, and for names that read the same. */
export function referenceKey(reference: Reference): string {
  return 'id' in reference ? `id:${reference.id}` : `name:${comparableText(reference.name)}`;
}
