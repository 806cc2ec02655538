/**
 * Gates that come with the product. ServiceNow's states and their meaning: "State model and transitions" (Change
 * Management, servicenow.com/docs). A change is approved when all its approvers have approved it and rejected when one
 * has rejected it ("Approval status", Classic approvals, the same). Standard changes skip Assess and Authorize and
 * reach Scheduled already approved. A requested item is open or in work while `state` is 1 or 2 (Service Catalog,
 * sc_req_item choices).
 */
export const GATE_NAMES = ['servicenow-change', 'servicenow-request', 'servicenow-task', 'jira-issue'] as const;
export type GateName = (typeof GATE_NAMES)[number];

type FieldCondition = { field: string; oneOf: string[] };
type FilledCondition = { field: string; filled: true };

export type GatePreset = {
  ticket: string[];
  actor: string;
  concerns: FieldCondition[];
  approved: FieldCondition[];
  decision: string[];
  submitted: FieldCondition[];
  withdrawn: FieldCondition[];
  preapproved?: { when: (FieldCondition | FilledCondition)[]; field: string };
};

const fieldIs = (field: string, ...oneOf: string[]): FieldCondition => ({ field, oneOf });

/** A delivery may be as short as `{"ticket": "CHG0031337"}`, because the rest is read back. */
const servicenow = { ticket: ['record.number', 'ticket'], actor: 'record.sys_updated_by', concerns: [] };

/** The conditions of each preset. Fields are paths of the payload. */
export const GATES: Record<GateName, GatePreset> = {
  'servicenow-change': {
    ...servicenow,
    approved: [
      fieldIs('record.approval', 'approved'),
      // Scheduled and Implement: before them the approvals may be incomplete, after them somebody else has done the
      // work.
      fieldIs('record.state', '-2', '-1'),
      fieldIs('record.on_hold', 'false', '0'),
      fieldIs('record.type', 'normal', 'standard', 'emergency'),
    ],
    // A change is set to approved by its approvers' session, or by the system; people move it on from there.
    decision: ['record.approval'],
    // The states Assess and Authorize.
    submitted: [fieldIs('record.approval', 'requested'), fieldIs('record.state', '-4', '-3')],
    // Rejected, or back in the state New, or canceled.
    withdrawn: [fieldIs('record.approval', 'rejected', 'cancelled'), fieldIs('record.state', '-5', '4')],
    // The template of a standard change was approved, so it is set to approved without an approver. A change made from a
    // template names its version (`std_change_producer_version`, Standard change catalog, servicenow.com/docs); whoever only
    // sets the type of their own change to standard has no template.
    preapproved: {
      when: [fieldIs('record.type', 'standard'), { field: 'record.std_change_producer_version', filled: true }],
      field: 'record.approval',
    },
  },
  'servicenow-request': {
    ...servicenow,
    approved: [fieldIs('record.approval', 'approved'), fieldIs('record.state', '1', '2')],
    decision: ['record.approval'],
    submitted: [fieldIs('record.approval', 'requested')],
    // The states Closed Incomplete and Closed Skipped.
    withdrawn: [fieldIs('record.approval', 'rejected', 'cancelled'), fieldIs('record.state', '4', '7')],
  },
  'servicenow-task': {
    ...servicenow,
    // A change task has no approvals of its own; those of its change count.
    approved: [fieldIs('record.change_request.approval', 'approved'), fieldIs('record.state', '1', '2')],
    decision: ['record.change_request.approval'],
    submitted: [fieldIs('record.change_request.approval', 'requested')],
    withdrawn: [fieldIs('record.change_request.approval', 'rejected', 'cancelled'), fieldIs('record.state', '4')],
  },
  'jira-issue': {
    ticket: ['issue.key', 'ticket'],
    actor: 'user.accountId',
    concerns: [],
    approved: [fieldIs('issue.fields.status.name', 'Approved')],
    // The person who moves an issue into an approved status is its approver.
    decision: [],
    submitted: [fieldIs('issue.fields.status.name', 'Waiting for approval', 'Awaiting approval')],
    withdrawn: [fieldIs('issue.fields.status.name', 'Declined', 'Rejected', 'Canceled', 'Cancelled')],
  },
};
