import type { MappingTable } from '../table/table-schema.ts';
import { ACTION_WORDS, ENABLING_WORDS } from './action-words.ts';
import { LINE_ROWS, lineColumns } from './line-columns.ts';

/**
 * ServiceNow records with the fields of a segment-group form: catalog variables `zpa_…`, or columns `u_zpa_…` of the
 * table. The business rule sends this payload, and the read-back returns the same: `{"table", "record": {FIELD:
 * {"value", "display_value"}, "variables": {NAME: {…}}}}`. The mapping reads stored values, whose times are UTC as
 * `YYYY-MM-DD hh:mm:ss`; display values are in the zone of the viewer (support.servicenow.com, KB0534905, "Table API
 * FAQs"; ServiceNow docs, "Scriptable service catalog variables").
 *
 * A field may occur once for the ticket, or in the lines of `zpa_changes`, one change each: lines of text with columns,
 * or the JSON list that is the value of a multi-row variable set (the same page). The ticket's field fills in a field
 * that a line leaves blank.
 */
const field = (name: string) => [`$line.zpa_${name}`, `record.variables.zpa_${name}`, `record.u_zpa_${name}`];

const UTC = [{ utc: 'UTC' }];

const ROWS: NonNullable<MappingTable['rows']> = {
  ticket: { from: 'record.number', transform: ['trim'], to: 'ticket' },
  'requested by': { from: ['record.requested_by.user_name', 'record.opened_by.user_name'], to: 'requestedBy' },
  tenant: { from: field('tenant'), transform: ['trim'], to: 'tenant' },
  microtenant: { from: field('microtenant'), transform: ['trim'], to: 'microtenant' },
  action: { from: field('action'), transform: [{ lookup: ACTION_WORDS }], to: 'action', required: true },
  group: { from: field('group'), transform: ['trim'], to: 'group', required: true },
  'new name': { from: field('new_name'), transform: ['trim'], to: 'name' },
  description: { from: field('description'), transform: ['trim'], to: 'description' },
  'enabled by action': {
    from: field('action'),
    transform: [{ lookup: ENABLING_WORDS, otherwise: null }],
    to: 'enabled',
  },
  enabled: { from: field('enabled'), transform: ['yesNo'], to: 'enabled' },
  'applications to add': { from: field('applications_to_add'), transform: ['lines'], to: 'applications.add' },
  'applications to remove': {
    from: field('applications_to_remove'),
    transform: ['lines'],
    to: 'applications.remove',
  },
  ...LINE_ROWS,
  'move to': { from: field('move_to'), transform: ['trim'], to: 'moveTo' },
  'leave ungrouped': { from: field('leave_ungrouped'), transform: ['yesNo'], to: 'leaveUngrouped' },
  'take from other groups': {
    from: field('take_from_other_groups'),
    transform: ['yesNo'],
    to: 'takeFromOtherGroups',
  },
};

const EACH: MappingTable['each'] = {
  from: ['record.variables.zpa_changes', 'record.u_zpa_changes'],
  transform: ['rows', lineColumns('zpa_')],
};

/** A change request: normal, standard or emergency. The planned window becomes the change's window. */
export const SERVICENOW_CHANGE: MappingTable = {
  each: EACH,
  rows: {
    ...ROWS,
    'window begins': { from: 'record.start_date', transform: UTC, to: 'notBefore' },
    'window ends': { from: 'record.end_date', transform: UTC, to: 'notAfter' },
  },
};

/** A requested item (RITM). It has no planned window; an approved one is carried out at once. */
export const SERVICENOW_REQUEST: MappingTable = {
  each: EACH,
  rows: {
    ...ROWS,
    'requested by': {
      from: ['record.requested_for.user_name', 'record.request.requested_for.user_name', 'record.opened_by.user_name'],
      to: 'requestedBy',
    },
  },
};

/** A change task (CTASK) with its own planned window and its own variables. */
export const SERVICENOW_TASK: MappingTable = {
  each: EACH,
  rows: {
    ...ROWS,
    'requested by': { from: ['record.opened_by.user_name'], to: 'requestedBy' },
    'window begins': { from: 'record.planned_start_date', transform: UTC, to: 'notBefore' },
    'window ends': { from: 'record.planned_end_date', transform: UTC, to: 'notAfter' },
  },
};
