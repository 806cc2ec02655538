/** Who approved what, as read back; instants in RFC 3339. `ref`: the approval's own id. */
export type Approval = { by: string; at: string; ref: string };
export type FieldChange = { field: string; at: string; by: string };

export type ApprovalFacts = {
  /** Approvals that stand. */
  approvals: readonly Approval[];
  /** Counts where no approval stands: nobody was to be asked. */
  preapproved?: Approval | undefined;
  requestedBy: string | undefined;
  /** undefined: cannot be read. */
  fieldChanges: readonly FieldChange[] | undefined;
  /** Whether an edit of this field, a path, may have changed what the ticket asks for. */
  affectsChange: (field: string) => boolean;
};

export type ApprovalRules = { selfApproval: boolean; trustHistory: boolean };

export type ApprovalRefusal = {
  code: 'no-approval' | 'requester-unknown' | 'self-approved' | 'history-unknown' | 'approval-stale';
  /** For the ticket: names fields, and nobody who is not on the ticket. */
  sentence: string;
  remedy: string;
};

/**
 * `approval`: the occurrence, the latest that counts, also where it does not bear what the ticket asks for now;
 * `approvals`: all that count, oldest first.
 */
export type ApprovalVerdict =
  | { kind: 'in-force'; approval: Approval; approvals: Approval[] }
  | ({ kind: 'refused'; approval?: Approval } & ApprovalRefusal);

/**
 * Does an approval stand that is of somebody else than the requester, and of what the ticket asks for now? The occurrence
 * is the latest approval that counts. Who cannot be known is nobody else, and a history that cannot be read is not
 * "unchanged", unless the rules say so.
 */
export function judgeApproval(facts: ApprovalFacts, rules: ApprovalRules): ApprovalVerdict {
  const counted = countApprovals(facts, rules);
  if ('code' in counted) return counted;
  const { approvals, approval } = counted;
  if (facts.fieldChanges === undefined) {
    if (rules.trustHistory) return { kind: 'in-force', approval, approvals };
    const sentence = 'Whether its fields were changed after the approval cannot be read';
    const remedy = 'Let the integration user read the history of its fields.';
    return { ...refused('history-unknown', sentence, remedy), approval };
  }
  const changed = facts.fieldChanges.filter((one) => isAfter(one, approval) && facts.affectsChange(one.field));
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
  if (!rules.selfApproval && isUnknown(facts.requestedBy)) {
    const sentence = 'Nobody can tell whether somebody else than the requester approved it: it names no requester';
    return refused('requester-unknown', sentence, 'Fill in who requested it.');
  }
  const approvals = granted
    .filter(({ by }) => rules.selfApproval || !isSame(by, facts.requestedBy))
    .toSorted(compareApprovals);
  const approval = approvals.at(-1);
  if (approval !== undefined) return { approval, approvals };
  return refused('self-approved', 'Its requester is the only one who approved it', 'Let somebody else approve it.');
}

const APPROVE = 'Let it be approved again.';

function refused(code: ApprovalRefusal['code'], sentence: string, remedy: string) {
  return { kind: 'refused' as const, code, sentence: `${sentence}.`, remedy };
}

/** Without a time, an id or a name it can be neither ordered nor told from another. */
function isUsable({ by, at, ref }: Approval): boolean {
  return !isUnknown(by) && ref !== '' && Number.isFinite(Date.parse(at));
}

const isUnknown = (name: string | undefined): name is undefined => name === undefined || name.trim() === '';
const plain = (name: string) => name.normalize('NFC').trim().toLowerCase();
const isSame = (one: string, other: string | undefined) => other !== undefined && plain(one) === plain(other);

/** Negative: `one` is earlier. Of one moment, the same order for everybody. */
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
