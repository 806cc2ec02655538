import type { PresetName } from '../table/preset-names.ts';
import type { MappingTable } from '../table/table-schema.ts';
import { FLAT_JSON } from './flat-json.ts';
import { JIRA_ISSUE } from './jira-issue.ts';
import { SERVICENOW_CHANGE, SERVICENOW_REQUEST, SERVICENOW_TASK } from './servicenow.ts';

/**
 * This product's own JSON, one change or `{"changes": […]}`, as a table: for senders that write it, with a
 * configuration that states or overrides a field. Unknown fields of a change are refused as everywhere.
 */
const OWN_JSON: MappingTable = {
  each: { from: ['changes', '$payload'] },
  rows: {
    ticket: { from: ['ticket.id', 'changes[0].ticket.id'], to: 'ticket' },
    'requested by': {
      from: [
        'ticket.requestedBy',
        'changes[0].ticket.requestedBy',
        // Lists name nobody as the requester, but those in them stand for the request.
        'changes[*].ticket.requestedBy',
        'ticket.requestedWith',
        'changes[*].ticket.requestedWith',
      ],
      to: 'requestedBy',
    },
    change: { from: '$line', to: 'change' },
  },
};

/** Tables that come with the product; a configuration extends or overrides them row by row. */
export const PRESETS: Readonly<Record<PresetName, MappingTable>> = {
  'servicenow-change': SERVICENOW_CHANGE,
  'servicenow-request': SERVICENOW_REQUEST,
  'servicenow-task': SERVICENOW_TASK,
  'jira-issue': JIRA_ISSUE,
  'flat-json': FLAT_JSON,
  'own-json': OWN_JSON,
};
