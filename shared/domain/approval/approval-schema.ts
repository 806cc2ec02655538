import { z } from 'zod';
import { parsePath } from '../mapping/table/field-path.ts';
import { GATE_NAMES, GATES } from './gate-presets.ts';

/**
 * What the configuration may say about a source's approvals (`sources.NAME.approval`): which tickets count as approved,
 * and whose word that is. `shared/domain/approval` applies it, docs/approvals.md explains it.
 */

const path = z
  .string()
  .max(200)
  .refine((text) => !text.startsWith('$line') && parsePath(text) !== undefined, {
    error: 'must be a field path, for example record.approval or issue.fields.status.name',
  });
const values = z.array(z.string().max(200)).min(1).max(50);

/**
 * One field of the ticket, compared as text without regard to case. A field that is not there at all fulfils none of
 * them: what cannot be read is never approved.
 */
const condition = z.union(
  [
    z.strictObject({ field: path, oneOf: values }),
    z.strictObject({ field: path, noneOf: values }),
    z.strictObject({ field: path, filled: z.literal(true) }),
  ],
  { error: 'must be a field with one of "oneOf", "noneOf" or "filled": true' },
);
export type Condition = z.output<typeof condition>;

const conditions = z.array(condition).max(20);

const gate = z.strictObject({
  /** A table that comes with the product; what stands beside it replaces the preset's. */
  preset: z.enum(GATE_NAMES).optional(),
  /** Where the ticket's number or key stands; of several, the first that is filled in. */
  ticket: z.union([path, z.array(path).min(1).max(5)]).optional(),
  /** Who did what the delivery tells of. */
  actor: path.optional(),
  /** All hold: the ticket is about segment groups at all. Others are ignored. */
  concerns: conditions.optional(),
  /** All hold: it is approved, and may be carried out. */
  approved: conditions.min(1).optional(),
  /** All hold: it waits for approval, and a plan is put on it. */
  submitted: conditions.optional(),
  /** Any holds: an approval it had is over; what has not begun is cancelled. */
  withdrawn: conditions.optional(),
  /**
   * Where all of `when` hold, nobody has to approve: the last edit of `field` is the approval. null: there are none,
   * whatever the preset says.
   */
  preapproved: z
    .strictObject({ when: conditions.min(1), field: path })
    .nullable()
    .optional(),
});

/** Where a payload that is trusted tells of its approval. */
const granted = z.strictObject({
  /** The approval's own id: another one for every approval. */
  ref: path,
  by: path.optional(),
  at: path.optional(),
});

export const approvalSchema = z
  .strictObject({
    gate: gate.prefault({}),
    /** The requester's own approval counts. */
    selfApproval: z.boolean().default(false),
    /** Tickets whose field history cannot be read are taken as unchanged since their approval. */
    trustHistory: z.boolean().default(false),
    /** Without read-back: what the source signs is the approval. Without it such a source only gets plans. */
    trustPayload: z.boolean().default(false),
    /** For `trustPayload`. */
    granted: granted.optional(),
    /** As whom this product speaks to the ticket system, as `gate.actor` shows it: its own events are ignored. */
    integrationUser: z.string().min(1).max(320).optional(),
    /** How far back reconciling looks for approved tickets that never arrived. */
    reconcileHours: z.int().min(1).max(168).default(24),
  })
  .check((context) => {
    const { trustPayload, granted: told, integrationUser, gate: stated } = context.value;
    const fault = (path: string[], message: string) =>
      context.issues.push({ code: 'custom', input: context.value, path, message });
    if (trustPayload && told === undefined) {
      fault(['granted'], 'is needed with trustPayload: where the approval stands in the payload, at least its "ref"');
    }
    if (trustPayload && told?.by === undefined && !context.value.selfApproval) {
      fault(
        ['granted', 'by'],
        'is needed with trustPayload, or "selfApproval": true: who approved is not told otherwise',
      );
    }
    if (integrationUser !== undefined && stated.actor === undefined && stated.preset === undefined) {
      fault(['gate', 'actor'], 'is needed with integrationUser: where the payload says who acted');
    }
  });

export type ApprovalConfiguration = z.output<typeof approvalSchema>;

/** A gate with nothing left open. */
export type Gate = {
  ticket: readonly string[];
  actor: string | undefined;
  concerns: readonly Condition[];
  approved: readonly Condition[];
  submitted: readonly Condition[];
  withdrawn: readonly Condition[];
  preapproved: { when: readonly Condition[]; field: string } | undefined;
};

/** The preset with what the configuration replaces of it; undefined: ticket or approval is stated nowhere. */
export function gateOf({ gate: stated }: ApprovalConfiguration): Gate | undefined {
  const preset = stated.preset === undefined ? undefined : GATES[stated.preset];
  const ticket = typeof stated.ticket === 'string' ? [stated.ticket] : (stated.ticket ?? preset?.ticket);
  const approved = stated.approved ?? preset?.approved;
  if (ticket === undefined || approved === undefined) return undefined;
  return {
    ticket,
    actor: stated.actor ?? preset?.actor,
    concerns: stated.concerns ?? preset?.concerns ?? [],
    approved,
    submitted: stated.submitted ?? preset?.submitted ?? [],
    withdrawn: stated.withdrawn ?? preset?.withdrawn ?? [],
    preapproved: stated.preapproved === null ? undefined : (stated.preapproved ?? preset?.preapproved),
  };
}

/** What is wrong with a source that has one of mapping and approval; undefined: nothing. */
export function approvalFault(source: {
  mapping?: unknown;
  approval?: ApprovalConfiguration | undefined;
}): { path: string[]; message: string } | undefined {
  if (source.mapping === undefined && source.approval === undefined) return undefined;
  if (source.approval === undefined) {
    return { path: ['approval'], message: 'is needed beside "mapping": it says which tickets are approved' };
  }
  if (source.mapping === undefined) {
    return { path: ['mapping'], message: 'is needed beside "approval": it says what a ticket asks for' };
  }
  if (gateOf(source.approval) !== undefined) return undefined;
  return { path: ['approval', 'gate'], message: 'needs a "preset", or "ticket" and "approved"' };
}
