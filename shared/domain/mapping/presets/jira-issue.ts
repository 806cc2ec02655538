import type { MappingTable } from '../table/table-schema.ts';
import { ACTION_WORDS, ENABLING_WORDS } from './action-words.ts';
import { LINE_ROWS, lineColumns } from './line-columns.ts';

/**
 * An issue with custom fields, as Jira's webhooks send it and its REST API returns it (`issue.key`, `issue.fields`;
 * developer.atlassian.com, "Webhooks"). Numbers of custom fields differ between sites, so a configuration states `from`
 * for each field that it has. A field with one of these numbers and another meaning would only be refused. Jira writes
 * date-times with their offset; the zone counts for one without. A multi-line text field may hold several changes, one
 * per line (`$line`), and is rich text.
 */
const field = (number: number, name: string) => [`$line.${name}`, `issue.fields.customfield_${number}`];

export const JIRA_ISSUE: MappingTable = {
  each: { from: 'issue.fields.customfield_10113', transform: ['jiraText', 'rows', lineColumns('')] },
  rows: {
    ticket: { from: 'issue.key', transform: ['trim'], to: 'ticket' },
    'requested by': { from: ['issue.fields.reporter.accountId', 'issue.fields.creator.accountId'], to: 'requestedBy' },
    tenant: { from: field(10100, 'tenant'), transform: ['trim'], to: 'tenant' },
    action: { from: field(10101, 'action'), transform: [{ lookup: ACTION_WORDS }], to: 'action', required: true },
    group: { from: field(10102, 'group'), transform: ['trim'], to: 'group', required: true },
    'new name': { from: field(10103, 'new_name'), transform: ['trim'], to: 'name' },
    description: { from: field(10104, 'description'), transform: ['jiraText', 'trim'], to: 'description' },
    'enabled by action': {
      from: field(10101, 'action'),
      transform: [{ lookup: ENABLING_WORDS, otherwise: null }],
      to: 'enabled',
    },
    enabled: { from: field(10105, 'enabled'), transform: ['yesNo'], to: 'enabled' },
    'applications to add': {
      from: field(10106, 'applications_to_add'),
      transform: ['jiraText', 'lines'],
      to: 'applications.add',
    },
    'applications to remove': {
      from: field(10107, 'applications_to_remove'),
      transform: ['jiraText', 'lines'],
      to: 'applications.remove',
    },
    ...LINE_ROWS,
    'move to': { from: field(10108, 'move_to'), transform: ['trim'], to: 'moveTo' },
    'leave ungrouped': { from: field(10111, 'leave_ungrouped'), transform: ['yesNo'], to: 'leaveUngrouped' },
    'take from other groups': {
      from: field(10112, 'take_from_other_groups'),
      transform: ['yesNo'],
      to: 'takeFromOtherGroups',
    },
    'window begins': { from: field(10109, 'window_begins'), transform: [{ utc: 'UTC' }], to: 'notBefore' },
    'window ends': { from: field(10110, 'window_ends'), transform: [{ utc: 'UTC' }], to: 'notAfter' },
  },
};
