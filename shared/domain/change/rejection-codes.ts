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
    'The change does not have the shape of the contract.',
    'Correct the field named in the path and send the change again.',
    'Correct the field named here in the ticket.',
  ),
  // Reserved for a field of the contract that is not carried out yet; the published list of codes does not shrink.
  'not-supported': change(
    'requester',
    'The change asks for something this version does not carry out.',
    'Remove the field named in the path, or do this step in the ZPA console.',
    'Take the field named here out of the ticket, or ask the ZPA team to do this step by hand.',
  ),
  'not-permitted': change(
    'operator',
    'The source has no grant for this change, or its tenant is not configured for the ZPA customer it was accepted for.',
    'Ask whoever keeps the configuration to grant it to the source, then redrive.',
    'Ask the ZPA team to allow this change for tickets of this kind.',
  ),
  'group-not-found': change(
    'requester',
    'No segment group has this id or name in this tenant and microtenant.',
    'Correct the group in the ticket; names are compared exactly.',
    'Correct the name of the segment group in the ticket; names are compared exactly.',
  ),
  'group-name-ambiguous': change(
    'requester',
    'Several segment groups answer to this name.',
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
    'Correct the application in the ticket; names are compared exactly.',
    'Correct the name of the application segment in the ticket; names are compared exactly.',
  ),
  'application-name-ambiguous': change(
    'requester',
    'Several application segments answer to this name.',
    'Name the application by one of the ids listed in the failure.',
    'Name the application segment in the ticket by one of the ids on the page.',
  ),
  'application-in-other-group': change(
    'requester',
    'The application segment belongs to another segment group, and it can belong to one only.',
    'Take it out of the group named in the failure first.',
    'Have it taken out of the other segment group first, or ask the ZPA team to move it.',
  ),
  'group-not-empty': change(
    'requester',
    'The segment group still holds application segments.',
    'Take its application segments out first, then redrive.',
    'Ask in the ticket to take its application segments out first, then to delete it.',
  ),
  'group-in-use': change(
    'requester',
    'Policy rules name this segment group.',
    'Change the rules named in the failure in ZPA first, then redrive.',
    'Ask the ZPA team to take the segment group out of the policy rules named here first.',
  ),
  'scan-too-long': change(
    'operator',
    'A decision needs policy rules (a deletion: those of all microtenants) that cannot be read in the time for which they may be relied on.',
    'Look through the policy rules and make the change in the ZPA console; or, where Zscaler raised the limit of reads, raise budget.reads of the tenant and redrive.',
    'Ask the ZPA team to make this change by hand.',
  ),
  'plan-outdated': change(
    'requester',
    'A name leads to something else than when the ticket was planned, the change would open more access than its plan said, or the plan was made for another ZPA customer or microtenant.',
    'Look at the difference in the failure; then let the ticket be planned and approved again.',
    'Look at the difference on the page, then have the ticket planned and approved again.',
  ),
  'group-read-only': change(
    'requester',
    'ZPA or Zscaler manages this segment group; it cannot be changed through the API.',
    'Leave the group as it is, or ask Zscaler support.',
    'Leave the segment group as it is, or ask the ZPA team.',
  ),
  'would-leave-ungrouped': change(
    'requester',
    'The change takes application segments out of the group and does not say where they go.',
    'Add "leaveUngrouped": true if they may stay without a group (no policy rule then reaches them by group).',
    'Say in the ticket to which segment group they go, or that they may stay without one.',
  ),
  'precondition-failed': change(
    'requester',
    'The live segment group is not as the ticket expects it.',
    'Compare the values in the failure, correct the ticket or the group, then redrive.',
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
    'A guard of this tenant forbids the change.',
    'Ask whoever keeps the configuration, or split the change.',
    'Ask the ZPA team: tickets may not make this change here without more approval.',
  ),
  'outcome-unknown': change(
    'operator',
    'A write got no definite answer and the live group is neither as before nor as intended, or can no longer be read.',
    'Compare before, intended and live in the failure, settle it in the ZPA console, then redrive or dismiss it.',
    'Nothing yet: the ZPA team has to check in ZPA what became of it.',
    'unknown',
  ),
  'zpa-refused': change(
    'requester',
    'ZPA refused the change.',
    "Read ZPA's error in the failure, correct the ticket, then send it again.",
    'If the reason is a value of the ticket, correct it; otherwise ask the ZPA team.',
  ),
  unclassified: change(
    'platform',
    'ZPA answered this change, and only this change, with an error nobody has classified; six tries did not help.',
    "Read ZPA's error in the failure; if it is harmless, redrive. Please report it so that it gets a class.",
    'Nothing yet: the ZPA team looks into the answer of ZPA.',
    'unknown',
  ),
  'retry-window-exhausted': change(
    'operator',
    'The change could not be carried out within the retry window (72 hours).',
    'Mend what stopped the lane (see the lane in the failure), then redrive.',
    'Nothing yet: the ZPA team fixes the cause, then the change is tried again.',
    'transient',
  ),
  'worker-crashed': change(
    'platform',
    'The worker crashed three times while it worked on this change alone.',
    'Keep the failure record and report it; redrive after an update.',
    'Nothing yet: the ZPA team looks into it.',
    'unknown',
  ),
  'unknown-origin': change(
    'platform',
    'A queue message asks for a change that the ledger never accepted in this form. It was not executed.',
    'Find out who can write to the queue; only ingest should. Send real changes through the webhook. After a restore of the ledger: docs/restore.md.',
    'Ask for the change in a ticket and have it approved.',
  ),
  'malformed-message': change(
    'platform',
    'A queue message is not one of ours. It was not executed.',
    'Find out who can write to the queue; only ingest should.',
    'Ask for the change in a ticket and have it approved.',
  ),
  'not-attempted': change(
    'requester',
    'An earlier change of the same set was rejected, so this one was not tried.',
    'Mend and redrive the earlier change, then this one.',
    'See to the rejected change before it; this one needs no correction.',
  ),
} as const satisfies Record<string, RejectionRow>;

export type RejectionCode = keyof typeof REJECTIONS;
