import { problem } from '../../domain/http/http-problem.ts';

/** Results for an approved ticket, and parts of them, that say the same of every ticket. */

export const EDITED_LATER = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'fields were edited after it was accepted; what was approved is carried out',
} as const;

/** Only the configuration can have changed: an edit of the ticket makes its approval stale. */
export const EDITED_CONFIGURATION = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'it was accepted under this approval before the configuration was edited',
} as const;

export const NOT_SHOWN = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'no approval is shown now, though its fields say that it is approved; what was approved is carried out',
} as const;

export const NOT_READ = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'its history cannot be read now; what was approved is carried out',
} as const;

export const NEWER = {
  kind: 'ignored',
  reason: 'newer-approval',
  says: 'the ledger holds changes of a later approval of this ticket',
} as const;

export const SPENT = {
  reason: 'approval-spent',
  sentence: 'Changes of it ended under this approval without being carried out, and it carries out nothing more.',
  remedy: 'Let it be approved again.',
} as const;

/** Nobody can complete it: its keys are claimed for what the settings led it to at first. */
export const INTERRUPTED = {
  reason: 'approval-spent',
  sentence:
    'Its acceptance was interrupted, and since then the settings lead its changes to another ZPA customer, tenant or source: what was not accepted before is not accepted by this approval.',
  remedy: 'Let it be approved again.',
} as const;

export const WITHDRAWN = {
  reason: 'approval-spent',
  sentence: 'It was withdrawn after this approval.',
  remedy: 'Let it be approved again.',
} as const;

/** Two reads of one ticket, too close to each other to tell which of them saw it later; nothing was accepted. */
export const TOO_SOON = problem('unavailable', {
  detail:
    'The ticket was withdrawn, or waited for approval, seconds ago. Send the same delivery again; it is also looked for later.',
  headers: { 'retry-after': '15' },
});

export const NOT_PLANNED = {
  reason: 'not-planned',
  sentence: 'What it asks for now is not what a plan on it showed before its approval.',
  remedy:
    'Let it wait for approval again, so that a plan is written on it, and have that approved. A plan shows 20 changes, and of each 20 application segments that join and 20 that leave: split a larger ticket.',
} as const;
