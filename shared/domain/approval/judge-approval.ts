import type { Approval, FieldChange } from './approval.ts';
import { compareApprovals, countApprovals, isAfter, isBy } from './count-approvals.ts';
import { isApp, isSamePerson, isUnknownPerson, SYSTEM_USER } from './people.ts';
import type { Reading } from './reading.ts';
import { isEnded, type SetBack } from './set-backs.ts';

export type ApprovalFacts = {
  /** Approvals that the ticket holds now. */
  approvals: readonly Approval[];
  /** Counts where the ticket holds no approval, because it needs no approver. */
  preapproved?: Approval | undefined;
  /** Everyone who stands for the request: who requested the ticket and who opened it. Empty: unknown. */
  requesters: readonly string[];
  history: Reading<readonly FieldChange[]>;
  /** The event that ended the approvals before it. */
  setBacks?: readonly SetBack[];
  /** The edits that set the ticket to approved. */
  decisions?: readonly FieldChange[];
  /** True if an edit of this field, a path, may have changed the ticket's request. */
  affectsChange: (field: string) => boolean;
  /** True if an edit of this field may have changed who stands for the request. */
  namesRequester: (field: string) => boolean;
  /** An instant after the ticket was read, epoch ms. */
  now: number;
};

export type ApprovalRules = { selfApproval: boolean; trustHistory: boolean };

export type ApprovalRefusal = {
  code:
    | 'no-approval'
    | 'approval-in-future'
    | 'requester-unknown'
    | 'self-approved'
    | 'history-unknown'
    | 'approval-stale';
  /** Text for the ticket. It names fields, and only people who are on the ticket. */
  sentence: string;
  remedy: string;
};

/**
 * `approval`: the latest approval that counts, also where the request was edited after it; `approvals`: all that count for
 * the present request, oldest first, each `by` the person who acted. `writers`: who else stands for the request: those of
 * them who wrote it, or may have written it, and who entered its requester. Their approvals count by `selfApproval` only.
 */
export type ApprovalVerdict =
  | { kind: 'in-force'; approval: Approval; approvals: Approval[]; writers: string[] }
  | ({ kind: 'refused'; approval?: Approval } & ApprovalRefusal);

/**
 * Judges whether the ticket holds an approval of its present request by a person who neither requested nor wrote it. The
 * latest approval that counts decides. An unknown requester refuses the approval, and so does an unreadable history,
 * unless the rules accept them.
 */
export function judgeApproval(facts: ApprovalFacts, rules: ApprovalRules): ApprovalVerdict {
  const candidates = othersApprovals(facts, rules);
  if ('code' in candidates) return candidates;
  const { history } = facts;
  const last = candidates.at(-1);
  // A history that is not shown may be trusted; one of which a part is known to be missing may not.
  const isTrusted = rules.trustHistory && history.kind === 'unknown';
  if (history.kind !== 'complete' && !isTrusted) return about(last, unknownHistory(history.reason));
  const known = history.kind === 'unknown' ? [] : history.value;
  const edits = known.filter(({ field }) => facts.affectsChange(field));
  // The author of a ticket that needs no approver may write it.
  const selfApproval = rules.selfApproval || candidates.some((one) => one === facts.preapproved);
  const { inForce, stale, ownWork, unknownWriter } = countApprovals(candidates, edits, { selfApproval });
  const approvals = inForce.map(asActed);
  const approval = approvals.at(-1);
  if (approval !== undefined) {
    const forged = selfApproval ? undefined : judgeDecisions(facts);
    if (forged !== undefined) return about(approval, forged);
    const renamers = renamersIn(facts);
    // An unknown person who entered the requester may be any of the approvers.
    const byOthers = renamers.some(isUnknownPerson)
      ? []
      : countApprovals(candidates, edits, { selfApproval: false }).inForce;
    const writers = inForce.filter((one) => !byOthers.includes(one)).map((one) => asActed(one).by);
    const others = renamers.filter((one) => !isUnknownPerson(one));
    return { kind: 'in-force', approval, approvals, writers: [...writers, ...others] };
  }
  const before = stale.at(-1);
  if (ownWork.length > 0) {
    const sentence = 'Its approver also wrote its content';
    return about(before, refused('self-approved', sentence, 'Have somebody else approve it.'));
  }
  if (unknownWriter.length > 0) return about(before, unknownHistory('who edited its fields is unknown'));
  const counted = before ?? last;
  const later = edits.filter((edit) => counted !== undefined && isAfter(edit, counted));
  return about(counted, staleApproval(later));
}

const asActed = ({ actor, by, ...one }: Approval): Approval => ({ by: actor ?? by, ...one });

const about = (approval: Approval | undefined, refusal: ApprovalRefusal & { kind: 'refused' }): ApprovalVerdict =>
  approval === undefined ? refusal : { ...refusal, approval };

/** The usable approvals by others than the requesters, oldest first; or the one that nobody had to give. At least one. */
function othersApprovals(facts: ApprovalFacts, rules: ApprovalRules) {
  const { approvals, preapproved, now, setBacks = [] } = facts;
  const renamers = renamersIn(facts);
  const granted = approvals.filter(isUsable);
  const standing = granted.length === 0 && preapproved !== undefined ? [preapproved] : granted;
  if (standing.length === 0) {
    return refused(
      'no-approval',
      'The ticket is in an approved state, but no approval by a person stands on it',
      APPROVE,
    );
  }
  const dated = standing.filter(({ at }) => Date.parse(at) <= now + CLOCK_TOLERANCE_MS);
  if (dated.length === 0) {
    const sentence = 'Its approval is dated in the future, so edits after it cannot be recognised';
    return refused('approval-in-future', sentence, 'Have it approved again, once the clock of its system is right.');
  }
  const last = dated.toSorted(compareApprovals).at(-1);
  const current = dated.filter((one) => !isEnded(one, setBacks));
  if (current.length === 0) return { ...setBackAfter(setBacks), ...(last === undefined ? {} : { approval: last }) };
  if (granted.length === 0 || rules.selfApproval) return current.toSorted(compareApprovals);
  if (facts.requesters.every((one) => isUnknownPerson(one) || isApp(one))) {
    const sentence = 'It names no requester, so it is not certain that somebody else approved it';
    return refused('requester-unknown', sentence, 'Fill in who requested it.');
  }
  const others = current.filter((one) => ![...facts.requesters, ...renamers].some((name) => isBy(one, name)));
  if (others.length > 0 && renamers.some(isUnknownPerson))
    return unknownHistory('who entered its requester is unknown');
  if (others.length > 0) return others.toSorted(compareApprovals);
  return refused('self-approved', 'Its requester is the only one who approved it', 'Have somebody else approve it.');
}

/** The person who enters somebody else as the requester may have been the requester. */
function renamersIn({ history, namesRequester }: ApprovalFacts): string[] {
  const edits = history.kind === 'unknown' ? [] : history.value;
  return edits.filter(({ field }) => namesRequester(field)).map(({ by }) => by);
}

/** The clocks of a ticket system and of AWS differ by seconds; minutes are an error of one of them. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

function staleApproval(edits: readonly FieldChange[]) {
  const fields = [...new Set(edits.map(({ field }) => `"${field}"`))];
  const shown = fields.length > 5 ? [...fields.slice(0, 5), `${fields.length - 5} more`] : fields;
  return refused('approval-stale', `After its last approval these fields were changed: ${shown.join(', ')}`, APPROVE);
}

/** The system sets a ticket to approved when all of its approvers approved; a requester who does it approves it. */
function judgeDecisions(facts: ApprovalFacts) {
  const { decisions = [], requesters } = facts;
  const people = [...requesters, ...renamersIn(facts)].filter((one) => !isSamePerson(one, SYSTEM_USER));
  const own = decisions.find(({ by }) => people.some((one) => isSamePerson(one, by)));
  if (own !== undefined) {
    const remedy = 'Have it set back, and approved by its approvers.';
    return refused('self-approved', `Its requester set "${own.field}" to approved`, remedy);
  }
  return decisions.some(({ by }) => isUnknownPerson(by))
    ? unknownHistory('who set it to approved is unknown')
    : undefined;
}

function setBackAfter(setBacks: readonly SetBack[]) {
  const field = setBacks.findLast((one) => one.field !== undefined)?.field;
  const how = field === undefined ? 'an approver rejected it' : `it was set back ("${field}")`;
  return refused('approval-stale', `After its last approval ${how}`, APPROVE);
}

const unknownHistory = (reason: string) =>
  refused(
    'history-unknown',
    `Whether its fields were changed after the approval cannot be read: ${reason}`,
    'Let the integration user read the history of its fields.',
  );

const APPROVE = 'Have it approved again.';

function refused(code: ApprovalRefusal['code'], sentence: string, remedy: string) {
  return { kind: 'refused' as const, code, sentence: `${sentence}.`, remedy };
}

/**
 * An approval without a time, an id or a name can neither be ordered nor be distinguished from another. An app gives none, and
 * what a flow sets in somebody's name is not that person's word.
 */
export function isUsable({ by, actor = by, at, ref }: Approval): boolean {
  const isByPerson = [by, actor].every((one) => !isUnknownPerson(one) && !isApp(one));
  const isByFlow = actor !== by && isSamePerson(actor, SYSTEM_USER);
  return isByPerson && !isByFlow && ref !== '' && Number.isFinite(Date.parse(at));
}
