import { parsePath } from '../mapping/field-path.ts';

/** Who approved what, as read back; instants in RFC 3339. `ref`: the approval's own id. */
export type Approval = { by: string; at: string; ref: string };
export type FieldChange = { field: string; at: string; by: string };

export type ApprovalFacts = {
  /** Approvals that stand. */
  approvals: readonly Approval[];
  requestedBy: string | undefined;
  /** undefined: cannot be read. */
  fieldChanges: readonly FieldChange[] | undefined;
  /** Paths of the fields that make the change. */
  mapped: readonly string[];
};

export type ApprovalRules = { selfApproval: boolean; trustHistory: boolean };

export type ApprovalRefusal = {
  code: 'no-approval' | 'requester-unknown' | 'self-approved' | 'history-unknown' | 'approval-stale';
  /** For the ticket: names fields, and nobody who is not on the ticket. */
  sentence: string;
  remedy: string;
};

/** `approval`: the occurrence, the latest that counts; `approvals`: all that count, oldest first. */
export type ApprovalVerdict =
  | { kind: 'in-force'; approval: Approval; approvals: Approval[] }
  | ({ kind: 'refused' } & ApprovalRefusal);

/**
 * Does an approval stand that is of somebody else than the requester, and of what the ticket asks for now? The occurrence
 * is the latest approval that counts. Who cannot be known is nobody else, and a history that cannot be read is not
 * "unchanged", unless the rules say so.
 */
export function judgeApproval(facts: ApprovalFacts, rules: ApprovalRules): ApprovalVerdict {
  const granted = facts.approvals.filter(isUsable);
  if (granted.length === 0) {
    return refused('no-approval', 'The ticket is in an approved state, but no approval stands on it', APPROVE);
  }
  if (!rules.selfApproval && isUnknown(facts.requestedBy)) {
    const sentence = 'Nobody can tell whether somebody else than the requester approved it: it names no requester';
    return refused('requester-unknown', sentence, 'Fill in who requested it.');
  }
  const counting = granted.filter(({ by }) => rules.selfApproval || !isSame(by, facts.requestedBy));
  const approvals = counting.toSorted(byTime);
  const approval = approvals.at(-1);
  if (approval === undefined) {
    return refused('self-approved', 'Its requester is the only one who approved it', 'Let somebody else approve it.');
  }
  if (facts.fieldChanges === undefined) {
    if (rules.trustHistory) return { kind: 'in-force', approval, approvals };
    const sentence = 'Whether its fields were changed after the approval cannot be read';
    return refused('history-unknown', sentence, 'Let the integration user read the history of its fields.');
  }
  const changed = facts.fieldChanges.filter((one) => isAfter(one, approval) && isMapped(one.field, facts.mapped));
  if (changed.length === 0) return { kind: 'in-force', approval, approvals };
  const fields = [...new Set(changed.map(({ field }) => `"${field}"`))];
  const shown = fields.length > 5 ? [...fields.slice(0, 5), `${fields.length - 5} more`] : fields;
  return refused('approval-stale', `After its last approval these fields were changed: ${shown.join(', ')}`, APPROVE);
}

const APPROVE = 'Let it be approved again.';

function refused(code: ApprovalRefusal['code'], sentence: string, remedy: string): ApprovalVerdict {
  return { kind: 'refused', code, sentence: `${sentence}.`, remedy };
}

/** Without a time, an id or a name it can be neither ordered nor told from another. */
function isUsable({ by, at, ref }: Approval): boolean {
  return !isUnknown(by) && ref !== '' && Number.isFinite(Date.parse(at));
}

const isUnknown = (name: string | undefined): name is undefined => name === undefined || name.trim() === '';
const plain = (name: string) => name.normalize('NFC').trim().toLowerCase();
const isSame = (one: string, other: string | undefined) => other !== undefined && plain(one) === plain(other);

/** Oldest first; of one moment, the same order for everybody. */
function byTime(one: Approval, other: Approval): number {
  return compareApprovals(one, other);
}

/** Negative: `one` is earlier. */
export function compareApprovals(one: Pick<Approval, 'at' | 'ref'>, other: Pick<Approval, 'at' | 'ref'>): number {
  const apart = Date.parse(one.at) - Date.parse(other.at);
  if (apart !== 0) return apart;
  if (one.ref === other.ref) return 0;
  return one.ref < other.ref ? -1 : 1;
}

/**
 * Ticket systems tell time in seconds, and Jira writes what was filled in with a transition at the transition's own
 * time: what the approver changed in the moment of approving is what was approved.
 */
function isAfter(change: FieldChange, approval: Approval): boolean {
  const apart = Date.parse(change.at) - Date.parse(approval.at);
  // A time nobody can read is after.
  return !(apart < 0 || (apart === 0 && isSame(change.by, approval.by)));
}

/** The edited field is a mapped one, holds it, or is a part of it. */
export function isMapped(field: string, mapped: readonly string[]): boolean {
  const edited = namesIn(field);
  return mapped.some((path) => {
    const read = namesIn(path);
    const shorter = Math.min(edited.length, read.length);
    return edited.slice(0, shorter).every((name, index) => name === read[index]);
  });
}

/** Names along a path, without its indexes; a dotted name counts as several, as ServiceNow's flat names do. */
function namesIn(path: string): string[] {
  const parsed = parsePath(path);
  const parts = parsed === undefined ? [path] : parsed.parts.flatMap((one) => (one.kind === 'name' ? [one.name] : []));
  return parts.flatMap((name) => name.split('.')).filter((name) => name !== '');
}
