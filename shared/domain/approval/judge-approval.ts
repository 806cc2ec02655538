import type { Reading } from './reading.ts';

/** One approval, as read back; `at` in RFC 3339. `ref`: the approval's id. */
export type Approval = { by: string; at: string; ref: string };
/** One edit of a field from the ticket's history; `at` in RFC 3339. */
export type FieldChange = { field: string; at: string; by: string };

export type ApprovalFacts = {
  /** Approvals that the ticket holds now. */
  approvals: readonly Approval[];
  /** Counts where the ticket holds no approval, because it needs no approver. */
  preapproved?: Approval | undefined;
  /** Everyone who stands for the request: who requested the ticket and who opened it. Empty: unknown. */
  requesters: readonly string[];
  history: Reading<readonly FieldChange[]>;
  /** Whether an edit of this field, a path, may have changed the ticket's request. */
  affectsChange: (field: string) => boolean;
};

export type ApprovalRules = { selfApproval: boolean; trustHistory: boolean };

export type ApprovalRefusal = {
  code: 'no-approval' | 'requester-unknown' | 'self-approved' | 'history-unknown' | 'approval-stale';
  /** Text for the ticket. It names fields, and only people who are on the ticket. */
  sentence: string;
  remedy: string;
};

/**
 * `approval`: the latest approval that counts, also where the request was edited after it; `approvals`: all that count,
 * oldest first.
 */
export type ApprovalVerdict =
  | { kind: 'in-force'; approval: Approval; approvals: Approval[] }
  | ({ kind: 'refused'; approval?: Approval } & ApprovalRefusal);

/**
 * Judges whether the ticket holds an approval by a person other than the requester, for the ticket's present request.
 * The latest approval that counts decides. An unknown requester refuses the approval, and so does an unreadable
 * history, unless the rules accept them.
 */
export function judgeApproval(facts: ApprovalFacts, rules: ApprovalRules): ApprovalVerdict {
  const result = countApprovals(facts, rules);
  if ('code' in result) return result;
  const { approvals, approval } = result;
  if (facts.history.kind !== 'complete') {
    // A history that is not shown may be trusted; one of which a part is known to be missing may not.
    if (rules.trustHistory && facts.history.kind === 'unknown') return { kind: 'in-force', approval, approvals };
    const sentence = `Whether its fields were changed after the approval cannot be read: ${facts.history.reason}`;
    const remedy = 'Let the integration user read the history of its fields.';
    return { ...refused('history-unknown', sentence, remedy), approval };
  }
  const changed = facts.history.value.filter((one) => isAfter(one, approval) && facts.affectsChange(one.field));
  if (changed.length === 0) return { kind: 'in-force', approval, approvals };
  const fields = [...new Set(changed.map(({ field }) => `"${field}"`))];
  const shown = fields.length > 5 ? [...fields.slice(0, 5), `${fields.length - 5} more`] : fields;
  const sentence = `After its last approval these fields were changed: ${shown.join(', ')}`;
  return { ...refused('approval-stale', sentence, APPROVE), approval };
}

function countApprovals(facts: ApprovalFacts, rules: ApprovalRules) {
  const granted = facts.approvals.filter(isUsable);
  if (granted.length === 0) {
    const { preapproved } = facts;
    if (preapproved !== undefined) return { approval: preapproved, approvals: [preapproved] };
    return refused('no-approval', 'The ticket is in an approved state, but no approval stands on it', APPROVE);
  }
  if (!rules.selfApproval && !facts.requesters.some((one) => !isUnknown(one))) {
    const sentence = 'Nobody can tell whether somebody else than the requester approved it: it names no requester';
    return refused('requester-unknown', sentence, 'Fill in who requested it.');
  }
  const approvals = granted
    .filter(({ by }) => rules.selfApproval || !facts.requesters.some((one) => isSame(by, one)))
    .toSorted(compareApprovals);
  const approval = approvals.at(-1);
  if (approval !== undefined) return { approval, approvals };
  return refused('self-approved', 'Its requester is the only one who approved it', 'Let somebody else approve it.');
}

const APPROVE = 'Let it be approved again.';

function refused(code: ApprovalRefusal['code'], sentence: string, remedy: string) {
  return { kind: 'refused' as const, code, sentence: `${sentence}.`, remedy };
}

/** An approval without a time, an id or a name can neither be ordered nor be distinguished from another. */
function isUsable({ by, at, ref }: Approval): boolean {
  return !isUnknown(by) && ref !== '' && Number.isFinite(Date.parse(at));
}

const isUnknown = (name: string | undefined): name is undefined => name === undefined || name.trim() === '';
/** A name or value as compared: composed form (NFC), trimmed, in lower case. */
export const toComparable = (name: string) => name.normalize('NFC').trim().toLowerCase();
const isSame = (one: string, other: string | undefined) =>
  other !== undefined && toComparable(one) === toComparable(other);

/**
 * Orders approvals by time: negative if `one` is earlier. Their ids, then their people, order approvals of the same time,
 * so that every reader gets the same order.
 */
export function compareApprovals(one: Approval, other: Approval): number {
  const apart = Date.parse(one.at) - Date.parse(other.at);
  return apart !== 0 ? apart : compareTexts(one.ref, other.ref) || compareTexts(one.by, other.by);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * Whether the edit happened after the approval. Ticket systems record time in seconds, and Jira records an edit within
 * a transition at the transition's own time. An edit by the approver at the approval's own time is therefore part of
 * what was approved.
 */
function isAfter(change: FieldChange, approval: Approval): boolean {
  const apart = Date.parse(change.at) - Date.parse(approval.at);
  // An unreadable time counts as after the approval.
  return !(apart < 0 || (apart === 0 && isSame(change.by, approval.by)));
}
