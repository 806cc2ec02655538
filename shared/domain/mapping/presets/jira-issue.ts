import type { MappingTable } from '../../sources/mapping-schema.ts';
import { ACTION_WORDS, ENABLING_WORDS } from './action-words.ts';

/**
 * An issue with custom fields, as Jira's webhooks send it and its REST API answers it (`issue.key`, `issue.fields`;
 * developer.atlassian.com, "Webhooks"). Numbers of custom fields differ from site to site, so a configuration states
 * `from` of each field it has; a field of the numbers here that is something else there would only be refused.
 * Jira writes date-times with their offset; the zone counts for one without.
 */
const field = (number: number) => [`$line.customfield_${number}`, `issue.fields.customfield_${number}`];

export const JIRA_ISSUE: MappingTable = {
  rows: {
    ticket: { from: 'issue.key', transform: ['trim'], to: 'ticket' },
    'requested by': { from: ['issue.fields.reporter.accountId', 'issue.fields.creator.accountId'], to: 'requestedBy' },
    tenant: { from: field(10100), transform: ['trim'], to: 'tenant' },
    action: { from: field(10101), transform: [{ lookup: ACTION_WORDS }], to: 'action', required: true },
    group: { from: field(10102), transform: ['trim'], to: 'group', required: true },
    'new name': { from: field(10103), transform: ['trim'], to: 'name' },
    description: { from: field(10104), transform: ['trim'], to: 'description' },
    'enabled by action': {
      from: field(10101),
      transform: [{ lookup: ENABLING_WORDS, otherwise: null }],
      to: 'enabled',
    },
    enabled: { from: field(10105), transform: ['yesNo'], to: 'enabled' },
    'applications to add': { from: field(10106), transform: ['lines'], to: 'applications.add' },
    'applications to remove': { from: field(10107), transform: ['lines'], to: 'applications.remove' },
    'move to': { from: field(10108), transform: ['trim'], to: 'moveTo' },
    'leave ungrouped': { from: field(10111), transform: ['yesNo'], to: 'leaveUngrouped' },
    'take from other groups': { from: field(10112), transform: ['yesNo'], to: 'takeFromOtherGroups' },
    'window begins': { from: field(10109), transform: [{ utc: 'UTC' }], to: 'notBefore' },
    'window ends': { from: field(10110), transform: [{ utc: 'UTC' }], to: 'notAfter' },
  },
};
