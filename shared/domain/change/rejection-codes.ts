/**
 * Every reason for which a change can be rejected: the closed list behind `Outcome.code`, problem+json `code`, failure
 * records and `docs/rejection-codes.md` (generated from here). Class and scope attribute the fault; only a fault of
 * change scope rejects a change (docs/architecture.md#fault-attribution). To add one: CONTRIBUTING, "a rejection code".
 */
export type FaultClass = 'permanent' | 'transient' | 'unknown';
export type FaultScope = 'change' | 'tenant' | 'platform';
export type FaultOwner = 'requester' | 'operator' | 'platform';

export type RejectionRow = {
  class: FaultClass;
  scope: FaultScope;
  owner: FaultOwner;
  /** The meaning in one sentence, without values. */
  meaning: string;
  /** The next step for whoever acts next. */
  remedy: string;
  /** The next step for the person who asked, on tickets and pages; it names no act of an operator. */
  requester: string;
};

const change = (
  owner: FaultOwner,
  meaning: string,
  remedy: string,
  requester: string,
  faultClass: FaultClass = 'permanent',
) => ({ class: faultClass, scope: 'change', owner, meaning, remedy, requester }) as const satisfies RejectionRow;

/** The table of rejection codes; a code keeps its meaning for good. */
export const REJECTIONS = {
  'invalid-change': change(
    'requester',
    'The change does not match the schema.',
    'Correct the field named in the path and send the change again.',
    'Correct the field named here in the ticket.',
  ),
  // Reserved for a field of the contract that is not carried out yet; the published list of codes does not shrink.
  'not-supported': change(
    'requester',
    'The change contains something that this version does not support.',
    'Remove the field named in the path, or do this step in the ZPA admin portal.',
    'Remove the field named here from the ticket, or ask the ZPA team to do this step by hand.',
  ),
  'not-permitted': change(
    'operator',
    'The source has no grant for this change, or its tenant was removed or belongs to another ZPA customer or microtenant than when the change was accepted.',
    'Ask the owner of the settings to grant it to the source, then retry.',
    'Ask the ZPA team to allow this change for tickets of this kind.',
  ),
  'group-not-found': change(
    'requester',
    'No segment group has this id or name in this tenant and microtenant.',
    'Correct the segment group in the ticket. Names must match exactly.',
    'Correct the name of the segment group in the ticket. Names must match exactly.',
  ),
  'group-name-ambiguous': change(
    'requester',
    'Several segment groups have this name.',
    'Name the group by one of the ids listed in the failure.',
    'Name the segment group in the ticket by one of the ids on the page.',
  ),
  'group-exists': change(
    'requester',
    'A segment group of this name exists already.',
    'Choose another name, or ask for an update of the existing group.',
    'Choose another name in the ticket, or ask for an update of the existing segment group.',
  ),
  'application-not-found': change(
    'requester',
    'No application segment has this id or name in this tenant and microtenant.',
    'Correct the application segment in the ticket. Names must match exactly.',
    'Correct the name of the application segment in the ticket. Names must match exactly.',
  ),
  'application-name-ambiguous': change(
    'requester',
    'Several application segments have this name.',
    'Name the application segment by one of the ids listed in the failure.',
    'Name the application segment in the ticket by one of the ids on the page.',
  ),
  'application-in-other-group': change(
    'requester',
    'The application segment belongs to another segment group, and it can belong to one only.',
    'Remove it from the segment group named in the failure first.',
    'Have it removed from the other segment group first, or ask the ZPA team to move it.',
  ),
  'group-not-empty': change(
    'requester',
    'The segment group still holds application segments.',
    'Remove its application segments first, then retry.',
    'Ask in the ticket to remove its application segments first, then to delete it.',
  ),
  'group-in-use': change(
    'requester',
    'Policy rules name this segment group.',
    'Change the policy rules named in the failure in ZPA first, then retry.',
    'Ask the ZPA team to remove the segment group from the policy rules named here first.',
  ),
  'scan-too-long': change(
    'operator',
    "The check needs policy rules (for a deletion: those of all microtenants), and ZPA's rate limit does not allow reading them before they are too old to rely on.",
    'Check the policy rules and make the change in the ZPA admin portal; or, if Zscaler raised your rate limit, raise budget.reads of the tenant and retry.',
    'Ask the ZPA team to make this change by hand.',
  ),
  'plan-outdated': change(
    'requester',
    'A name means something else now than in the plan, the change would open more access than the plan said, or the plan was made for another ZPA customer or microtenant.',
    'Check the difference in the failure, then have the ticket planned and approved again.',
    'Check the difference on the page, then have the ticket planned and approved again.',
  ),
  'group-read-only': change(
    'requester',
    'ZPA or Zscaler manages this segment group; it cannot be changed through the API.',
    'Leave the segment group as it is, or ask Zscaler support.',
    'Leave the segment group as it is, or ask the ZPA team.',
  ),
  'would-leave-ungrouped': change(
    'requester',
    'The change removes application segments from the segment group and does not say where they go.',
    'Add "leaveUngrouped": true if they may stay without a group (no policy rule then reaches them by group).',
    'Say in the ticket to which segment group they go, or that they may stay without one.',
  ),
  'precondition-failed': change(
    'requester',
    'The segment group in ZPA is not as the ticket expects it.',
    'Compare the values in the failure, correct the ticket or the segment group, then retry.',
    'Compare the values, then correct the ticket or have the segment group corrected.',
  ),
  'window-closed': change(
    'requester',
    'The time window of the change has passed.',
    'Approve a new window in the ticket and send the change again.',
    'Ask for a new time window in the ticket.',
  ),
  guarded: change(
    'operator',
    'A guard of this tenant does not allow the change.',
    'Ask the owner of the settings, or split the change.',
    'Ask the ZPA team: tickets may not make this change here without more approval.',
  ),
  'outcome-unknown': change(
    'operator',
    'ZPA did not confirm a write, and the segment group is neither as before nor as intended, or can no longer be read.',
    'Compare before, intended and live in the failure, put it right in the ZPA admin portal, then retry or dismiss it.',
    'Nothing yet: the ZPA team checks the result in ZPA.',
    'unknown',
  ),
  'zpa-refused': change(
    'requester',
    'ZPA refused the change.',
    "Read ZPA's error in the failure and correct the ticket, then send it again.",
    'If the reason is a value of the ticket, correct it; otherwise ask the ZPA team.',
  ),
  unclassified: change(
    'platform',
    'ZPA answered this change, and only this change, with an unknown error; six attempts failed.',
    "Read ZPA's error in the failure; if it is harmless, retry. Please report it, so that it becomes a known error.",
    "Nothing yet: the ZPA team investigates ZPA's answer.",
    'unknown',
  ),
  'retry-window-exhausted': change(
    'operator',
    'The change could not be applied within the retry window (72 hours).',
    'Fix what stopped the lane (named in the failure), then retry.',
    'Nothing yet: the ZPA team fixes the cause, then the change is tried again.',
    'transient',
  ),
  'worker-crashed': change(
    'platform',
    'The worker crashed three times while it worked on this change alone.',
    'Keep the failure and report it; retry after an upgrade.',
    'Nothing yet: the ZPA team investigates.',
    'unknown',
  ),
  'unknown-origin': change(
    'platform',
    'A queue message contains a change that the ledger did not accept in this form. It was not applied.',
    'Find out who can write to the queue: only the webhook should. Send real changes through the webhook. After a restore of the ledger: docs/restore.md.',
    'Request the change in a ticket and have it approved.',
  ),
  'malformed-message': change(
    'platform',
    'A queue message does not come from zpa-changes. It was not applied.',
    'Find out who can write to the queue: only the webhook should.',
    'Request the change in a ticket and have it approved.',
  ),
  'not-attempted': change(
    'requester',
    'An earlier change of the same set was rejected, so this one was not tried.',
    'Fix and retry the earlier change, then this one.',
    'Correct the rejected change before it; this one needs no correction.',
  ),
} as const satisfies Record<string, RejectionRow>;

export type RejectionCode = keyof typeof REJECTIONS;
