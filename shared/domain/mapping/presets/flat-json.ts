import type { MappingTable } from '../table/table-schema.ts';
import { ACTION_WORDS, ENABLING_WORDS } from './action-words.ts';

/**
 * The fields of a form under plain names, for any system whose admin writes the JSON that it sends (Jira Automation's
 * "custom data", a flow's web request). Lists may be JSON lists or text, one entry per line. `changes` may hold several
 * changes.
 */
const field = (name: string) => [`$line.${name}`, name];

export const FLAT_JSON: MappingTable = {
  each: { from: 'changes' },
  rows: {
    ticket: { from: 'ticket', transform: ['trim'], to: 'ticket' },
    'requested by': { from: 'requestedBy', transform: ['trim'], to: 'requestedBy' },
    tenant: { from: field('tenant'), transform: ['trim'], to: 'tenant' },
    microtenant: { from: field('microtenant'), transform: ['trim'], to: 'microtenant' },
    action: { from: field('action'), transform: [{ lookup: ACTION_WORDS }], to: 'action', required: true },
    group: { from: field('group'), transform: ['trim'], to: 'group', required: true },
    'new name': { from: field('newName'), transform: ['trim'], to: 'name' },
    description: { from: field('description'), transform: ['trim'], to: 'description' },
    'enabled by action': {
      from: field('action'),
      transform: [{ lookup: ENABLING_WORDS, otherwise: null }],
      to: 'enabled',
    },
    enabled: { from: field('enabled'), transform: ['yesNo'], to: 'enabled' },
    'applications to add': { from: field('applicationsToAdd'), transform: ['lines'], to: 'applications.add' },
    'applications to remove': { from: field('applicationsToRemove'), transform: ['lines'], to: 'applications.remove' },
    'move to': { from: field('moveTo'), transform: ['trim'], to: 'moveTo' },
    'leave ungrouped': { from: field('leaveUngrouped'), transform: ['yesNo'], to: 'leaveUngrouped' },
    'take from other groups': { from: field('takeFromOtherGroups'), transform: ['yesNo'], to: 'takeFromOtherGroups' },
    'window begins': { from: field('notBefore'), transform: [{ utc: 'UTC' }], to: 'notBefore' },
    'window ends': { from: field('notAfter'), transform: [{ utc: 'UTC' }], to: 'notAfter' },
  },
};
