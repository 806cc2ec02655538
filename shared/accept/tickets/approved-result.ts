import type { ApprovalRefusal } from '../../domain/approval/judge-approval.ts';
import type { ChangeFault } from '../../domain/change/change-fault.ts';
import { type HttpAnswer, problem } from '../../domain/http/http-problem.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import type { AcceptResult } from '../changes/accept-changes.ts';
import type { RequestedChange } from '../changes/read-changes.ts';

/** A fault and its remedy, in sentences for people. `code`: if it is one of a change. */
export type Explanation = { sentence: string; remedy: string; code?: ChangeFault['code'] };

/** The result of processing a ticket whose fields say that it is approved. */
export type ApprovedResult =
  /** `earlier`: changes of earlier approvals, as they were before; `superseded`: how many of them this approval ended. */
  | {
      kind: 'accepted';
      changes: RequestedChange[];
      acceptance: AcceptResult;
      superseded: number;
      earlier: ChangeRecord[];
    }
  /** Its approval does not cover its changes. `concerns`: the ticket certainly is about segment groups. */
  | ({ kind: 'refused'; reason: RefusalReason; concerns: boolean; occasion: string } & Explanation)
  /** It cannot be accepted as it is, or not now; `faults` lists the faults of the ticket's contents. */
  | { kind: 'unacceptable'; answer: HttpAnswer; faults: Explanation[]; concerns: boolean; occasion: string }
  | { kind: 'ignored'; reason: 'newer-approval' | 'accepted-before'; says: string };

export type RefusalReason = ApprovalRefusal['code'] | 'approval-spent' | 'not-planned';

/** The part that every result about an approved ticket has. */
export type About = { concerns: boolean; occasion: string };
export type Accepted = Extract<ApprovedResult, { kind: 'accepted' }>;

/* Results, and parts of them, that say the same of every ticket. */

export const EDITED_LATER = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'fields were edited after it was accepted; the approved version is applied',
} as const;

/** Only the configuration can have changed: an edit of the ticket makes its approval stale. */
export const EDITED_CONFIGURATION = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'it was accepted under this approval before the settings were edited',
} as const;

export const NOT_SHOWN = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'no approval is shown now, though its fields say that it is approved; the approved version is applied',
} as const;

export const NOT_READ = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'its history cannot be read now; the approved version is applied',
} as const;

export const NEWER = {
  kind: 'ignored',
  reason: 'newer-approval',
  says: 'the ledger holds changes of a later approval of this ticket',
} as const;

export const SPENT = {
  reason: 'approval-spent',
  sentence: 'Changes of this ticket ended under this approval without being applied, so the approval is used up.',
  remedy: 'Have it approved again.',
} as const;

/** Nobody can complete it: its keys are claimed for what the settings led it to at first. */
export const INTERRUPTED = {
  reason: 'approval-spent',
  sentence:
    'Its acceptance was interrupted, and the settings now assign its changes to another ZPA customer, tenant or source: this approval accepts no more of them.',
  remedy: 'Have it approved again.',
} as const;

export const WITHDRAWN = {
  reason: 'approval-spent',
  sentence: 'It was withdrawn after this approval.',
  remedy: 'Have it approved again.',
} as const;

/** Two reads of one ticket, too close to each other to tell which of them saw it later; nothing was accepted. */
export const TOO_SOON = problem('unavailable', {
  detail:
    'The ticket was withdrawn, or waited for approval, seconds ago. Send the same delivery again; reconciliation also finds it later.',
  headers: { 'retry-after': '15' },
});

export const NOT_PLANNED = {
  reason: 'not-planned',
  sentence: 'Its changes are not those that a plan on the ticket showed before its approval.',
  remedy:
    'Set it back to waiting for approval, wait for the plan, and have that approved. A plan shows 20 changes, each with up to 20 application segments added and 20 removed: split a larger ticket.',
} as const;
