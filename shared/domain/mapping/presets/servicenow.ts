import type { MappingTable } from '../../sources/mapping-schema.ts';
import { ACTION_WORDS, ENABLING_WORDS } from './action-words.ts';

/**
 * ServiceNow records with variables of a segment-group form. The payload is what the business rule sends and what is
 * read back: `{"table", "record": {FIELD: {"value", "display_value"}, "variables": {NAME: {…}}}}`. Read are stored values,
 * whose times are UTC as `YYYY-MM-DD hh:mm:ss`; display values are in the zone of whoever looks
 * (support.servicenow.com, KB0534905, "Table API FAQs").
 *
 * A variable may stand once for the ticket, or as a column of the multi-row variable set `zpa_changes`, whose value is a
 * JSON list of objects, one change each (ServiceNow docs, "Multi-row variable set"); a column left blank falls back to
 * the ticket's variable of the same name.
 */
const variable = (name: string) => [`$line.${name}`, `record.variables.${name}`];

const UTC = [{ utc: 'UTC' }];

const ROWS: NonNullable<MappingTable['rows']> = {
  ticket: { from: 'record.number', transform: ['trim'], to: 'ticket' },
  'requested by': { from: ['record.requested_by.user_name', 'record.opened_by.user_name'], to: 'requestedBy' },
  tenant: { from: variable('zpa_tenant'), transform: ['trim'], to: 'tenant' },
  microtenant: { from: variable('zpa_microtenant'), transform: ['trim'], to: 'microtenant' },
  action: { from: variable('zpa_action'), transform: [{ lookup: ACTION_WORDS }], to: 'action', required: true },
  group: { from: variable('zpa_group'), transform: ['trim'], to: 'group', required: true },
  'new name': { from: variable('zpa_new_name'), transform: ['trim'], to: 'name' },
  description: { from: variable('zpa_description'), transform: ['trim'], to: 'description' },
  'enabled by action': {
    from: variable('zpa_action'),
    transform: [{ lookup: ENABLING_WORDS, otherwise: null }],
    to: 'enabled',
  },
  enabled: { from: variable('zpa_enabled'), transform: ['yesNo'], to: 'enabled' },
  'applications to add': { from: variable('zpa_applications_to_add'), transform: ['lines'], to: 'applications.add' },
  'applications to remove': {
    from: variable('zpa_applications_to_remove'),
    transform: ['lines'],
    to: 'applications.remove',
  },
  'move to': { from: variable('zpa_move_to'), transform: ['trim'], to: 'moveTo' },
  'leave ungrouped': { from: variable('zpa_leave_ungrouped'), transform: ['yesNo'], to: 'leaveUngrouped' },
  'take from other groups': {
    from: variable('zpa_take_from_other_groups'),
    transform: ['yesNo'],
    to: 'takeFromOtherGroups',
  },
};

const EACH = { from: 'record.variables.zpa_changes', transform: ['json' as const] };

/** A change request: normal, standard or emergency. The planned window becomes the change's. */
export const SERVICENOW_CHANGE: MappingTable = {
  each: EACH,
  rows: {
    ...ROWS,
    'window begins': { from: 'record.start_date', transform: UTC, to: 'notBefore' },
    'window ends': { from: 'record.end_date', transform: UTC, to: 'notAfter' },
  },
};

/** A requested item (RITM): it has no planned window; what is approved is carried out at once. */
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

/** A change task (CTASK): its own planned window, and its own variables. */
export const SERVICENOW_TASK: MappingTable = {
  each: EACH,
  rows: {
    ...ROWS,
    'requested by': { from: ['record.opened_by.user_name'], to: 'requestedBy' },
    'window begins': { from: 'record.planned_start_date', transform: UTC, to: 'notBefore' },
    'window ends': { from: 'record.planned_end_date', transform: UTC, to: 'notAfter' },
  },
};
