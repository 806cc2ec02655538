import * as z from 'zod';
import { acrossFields, type FieldsFault, type IsSound } from '../change/across-fields.ts';
import { parsePath } from '../mapping/table/field-path.ts';
import { LONGEST_CHOICE } from '../text/same-text.ts';
import { columnOf, isSameColumn } from './columns.ts';
import { GATE_NAMES, GATES } from './gate-presets.ts';

/**
 * The schema of a source's approvals (`sources.NAME.approval`): which tickets count as approved, and by whom.
 * `shared/domain/approval` applies it, docs/approvals.md explains it.
 */

const path = z
  .string()
  .max(200)
  .refine((text) => !text.startsWith('$line') && parsePath(text) !== undefined, {
    error: 'must be a field path, for example record.approval or issue.fields.status.name',
  });
const values = z.array(z.string().max(LONGEST_CHOICE)).min(1).max(50);

/**
 * One field of the ticket, compared as text without regard to case. An absent field fulfils no condition, because a
 * field that cannot be read must never count as approved.
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
  /** A gate that comes with the product; the settings beside it replace the preset's. */
  preset: z.enum(GATE_NAMES).optional(),
  /** The field with the ticket's number or key; of several, the first that is filled in. */
  ticket: z.union([path, z.array(path).min(1).max(5)]).optional(),
  /** The field with the author of the event. */
  actor: path.optional(),
  /** All hold: the ticket concerns segment groups. Other tickets are ignored. */
  concerns: conditions.optional(),
  /** All hold: the ticket is approved and may be carried out. */
  approved: conditions.min(1).optional(),
  /**
   * The fields of `approved` by which the system says that all approvers have approved: nobody who stands for the request
   * may set them.
   */
  decision: z.array(path).max(20).optional(),
  /** All hold: the ticket waits for approval, and a plan is written on it. */
  submitted: conditions.optional(),
  /** Any holds: an earlier approval has ended, and its changes that have not begun are cancelled. */
  withdrawn: conditions.optional(),
  /**
   * The ticket needs no approver where all of `when` hold: the last edit of `field` is the approval. null: there are no
   * such tickets, whatever the preset states.
   */
  preapproved: z
    .strictObject({ when: conditions.min(1), field: path })
    .nullable()
    .optional(),
});

/** The fields of a trusted payload that state its approval. */
const granted = z.strictObject({
  /** The approval's id, a different one for every approval. */
  ref: path,
  by: path.optional(),
  at: path.optional(),
});

const approvalShape = z.strictObject({
  gate: gate.prefault({}),
  /** The requester's own approval counts. */
  selfApproval: z.boolean().default(false),
  /** Tickets whose field history cannot be read count as unchanged since their approval. */
  trustHistory: z.boolean().default(false),
  /**
   * Without read-back: the signed payload itself is the approval. Without this setting such a source only gets plans.
   */
  trustPayload: z.boolean().default(false),
  /** Changes are accepted only as a plan on the ticket showed them before its approval. */
  requirePlan: z.boolean().default(false),
  /** For `trustPayload`. */
  granted: granted.optional(),
  /** This product's user in the ticket system, in the form of `gate.actor`. Its own events are ignored. */
  integrationUser: z.string().min(1).max(320).optional(),
  /** The period in which reconciling searches for approved tickets that were never delivered. */
  reconcileHours: z.int().min(1).max(168).default(24),
});

/** The settings of a source's approvals, with the rules that span fields. */
export const approvalSchema = acrossFields(approvalShape, approvalFaults);

function approvalFaults(
  { trustPayload, granted: fields, integrationUser, gate: stated, selfApproval }: z.output<typeof approvalShape>,
  isSound: IsSound,
): FieldsFault[] {
  const faults: FieldsFault[] = [];
  const fault = (path: string[], message: string) => faults.push({ path, message });
  const isTrusted = isSound([], 'trustPayload') && trustPayload;
  if (isTrusted && fields === undefined) {
    fault(['granted'], 'is needed with trustPayload: where the approval stands in the payload, at least its "ref"');
  }
  if (
    isTrusted &&
    isSound(['granted'], 'by') &&
    fields?.by === undefined &&
    isSound([], 'selfApproval') &&
    !selfApproval
  ) {
    fault(
      ['granted', 'by'],
      'is needed with trustPayload, or "selfApproval": true: who approved is not told otherwise',
    );
  }
  const isActorKnown =
    !isSound(['gate'], 'actor', 'preset') || stated.actor !== undefined || stated.preset !== undefined;
  if (integrationUser !== undefined && !isActorKnown) {
    fault(['gate', 'actor'], 'is needed with integrationUser: where the payload says who acted');
  }
  return faults;
}

export type ApprovalConfiguration = z.output<typeof approvalSchema>;

/** A gate with every setting resolved. */
export type Gate = {
  ticket: readonly string[];
  actor: string | undefined;
  concerns: readonly Condition[];
  approved: readonly Condition[];
  decision: readonly string[];
  submitted: readonly Condition[];
  withdrawn: readonly Condition[];
  preapproved: { when: readonly Condition[]; field: string } | undefined;
};

/**
 * The preset's gate with the configuration's settings on top; undefined: neither states `ticket`, or neither states
 * `approved`.
 */
export function gateOf({ gate: stated }: ApprovalConfiguration): Gate | undefined {
  const preset = stated.preset === undefined ? undefined : GATES[stated.preset];
  const ticket = typeof stated.ticket === 'string' ? [stated.ticket] : (stated.ticket ?? preset?.ticket);
  const approved = stated.approved ?? preset?.approved;
  if (ticket === undefined || approved === undefined) return undefined;
  const submitted = stated.submitted ?? preset?.submitted ?? [];
  const withdrawn = stated.withdrawn ?? preset?.withdrawn ?? [];
  // A preset's decision is none where another `approved` does not ask for it.
  const presetDecision = preset?.decision.every((one) => isAskedFor(one, approved)) ? preset.decision : undefined;
  return {
    ticket,
    actor: stated.actor ?? preset?.actor,
    concerns: stated.concerns ?? preset?.concerns ?? [],
    approved,
    decision: stated.decision ?? presetDecision ?? bearingFields(approved, [...submitted, ...withdrawn]),
    submitted,
    withdrawn,
    preapproved: stated.preapproved === null ? undefined : (stated.preapproved ?? preset?.preapproved),
  };
}

/** The fields of `approved` that tell how far the approval is: the `others` name them too. Where none does, all of them. */
export function bearingFields(approved: readonly Condition[], others: readonly Condition[]): string[] {
  const fields = approved.map(({ field }) => field);
  const bearing = fields.filter((field) => others.some((one) => isSameColumn(one.field, field)));
  return bearing.length > 0 ? bearing : fields;
}

/** The fields of a stated gate that `gateFault` reads. */
export const GATE_FIELDS = ['preset', 'ticket', 'approved', 'decision', 'submitted', 'withdrawn'] as const;

const isAskedFor = (decision: string, approved: readonly Condition[]) =>
  approved.some(({ field }) => isSameColumn(field, decision));

/** The fault of a stated `gate.decision` that keeps nobody from setting the ticket to approved; undefined: none. */
function decisionFault({ gate: { decision, preset } }: ApprovalConfiguration, gate: Gate, kind: string | undefined) {
  const fields = [...new Set(gate.approved.map(({ field }) => columnOf(field)))].join(', ');
  const stray = decision?.find((one) => !isAskedFor(one, gate.approved));
  if (stray !== undefined) {
    return `names "${stray}", which no condition of "approved" asks for: name one of its fields, ${fields}`;
  }
  const isNeeded = kind === 'servicenow' || (preset !== undefined && GATES[preset].decision.length > 0);
  if (decision?.length !== 0 || !isNeeded) return undefined;
  return `is [], so that a requester could set the ticket to approved: leave it out, or name the field of "approved" by which the system says so, one of ${fields}`;
}

/** The fault of a source with only one of mapping and approval; undefined: none. */
export function pairFault({ mapping, approval }: { mapping?: unknown; approval?: unknown }): FieldsFault | undefined {
  if ((mapping === undefined) === (approval === undefined)) return undefined;
  return approval === undefined
    ? { path: ['approval'], message: 'is needed beside "mapping": it says which tickets are approved' }
    : { path: ['mapping'], message: 'is needed beside "approval": it says what a ticket asks for' };
}

/** The fault of a gate that is incomplete, or lets a requester approve; undefined: none. `kind`: the ticket system's. */
export function gateFault(approval: ApprovalConfiguration, kind: string | undefined): FieldsFault | undefined {
  const gate = gateOf(approval);
  if (gate === undefined) return { path: ['gate'], message: 'needs a "preset", or "ticket" and "approved"' };
  const message = decisionFault(approval, gate, kind);
  return message === undefined ? undefined : { path: ['gate', 'decision'], message };
}
