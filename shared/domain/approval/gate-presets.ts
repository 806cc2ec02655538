/**
 * Gates that come with the product. ServiceNow's states and what they mean: "State model and transitions" (Change
 * Management, servicenow.com/docs); a change is approved when all its approvers have and rejected when one has
 * ("Approval status", Classic approvals, the same). Standard changes skip Assess and Authorize and arrive at Scheduled
 * approved. A requested item is open or in work while `state` is 1 or 2 (Service Catalog, sc_req_item choices).
 */
export const GATE_NAMES = ['servicenow-change', 'servicenow-request', 'servicenow-task', 'jira-issue'] as const;
export type GateName = (typeof GATE_NAMES)[number];

type Stated = { field: string; oneOf: string[] };

export type GatePreset = {
  ticket: string[];
  actor: string;
  concerns: Stated[];
  approved: Stated[];
  submitted: Stated[];
  withdrawn: Stated[];
  preapproved?: { when: Stated[]; field: string };
};

const is = (field: string, ...oneOf: string[]): Stated => ({ field, oneOf });

/** A delivery may be as short as `{"ticket": "CHG0031337"}`: the rest is read back. */
const servicenow = { ticket: ['record.number', 'ticket'], actor: 'record.sys_updated_by', concerns: [] };

export const GATES: Record<GateName, GatePreset> = {
  'servicenow-change': {
    ...servicenow,
    approved: [
      is('record.approval', 'approved'),
      // Scheduled and Implement: before, the approvals may not be complete; after, somebody else has done it.
      is('record.state', '-2', '-1'),
      is('record.on_hold', 'false', '0'),
      is('record.type', 'normal', 'standard', 'emergency'),
    ],
    // Assess and Authorize.
    submitted: [is('record.approval', 'requested'), is('record.state', '-4', '-3')],
    // Rejected, or back at New, or canceled.
    withdrawn: [is('record.approval', 'rejected', 'cancelled'), is('record.state', '-5', '4')],
    // Its template was approved: nobody is asked again, and the change is set to approved.
    preapproved: { when: [is('record.type', 'standard')], field: 'record.approval' },
  },
  'servicenow-request': {
    ...servicenow,
    approved: [is('record.approval', 'approved'), is('record.state', '1', '2')],
    submitted: [is('record.approval', 'requested')],
    // Closed Incomplete and Closed Skipped.
    withdrawn: [is('record.approval', 'rejected', 'cancelled'), is('record.state', '4', '7')],
  },
  'servicenow-task': {
    ...servicenow,
    // A change task has no approvals of its own: its change has.
    approved: [is('record.change_request.approval', 'approved'), is('record.state', '1', '2')],
    submitted: [is('record.change_request.approval', 'requested')],
    withdrawn: [is('record.change_request.approval', 'rejected', 'cancelled'), is('record.state', '4')],
  },
  'jira-issue': {
    ticket: ['issue.key', 'ticket'],
    actor: 'user.accountId',
    concerns: [],
    approved: [is('issue.fields.status.name', 'Approved')],
    submitted: [is('issue.fields.status.name', 'Waiting for approval', 'Awaiting approval')],
    withdrawn: [is('issue.fields.status.name', 'Declined', 'Rejected', 'Canceled', 'Cancelled')],
  },
};
