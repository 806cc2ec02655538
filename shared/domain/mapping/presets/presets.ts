import type { PresetName } from '../table/preset-names.ts';
import type { MappingTable } from '../table/table-schema.ts';
import { FLAT_JSON } from './flat-json.ts';
import { JIRA_ISSUE } from './jira-issue.ts';
import { OWN_JSON } from './own-json.ts';
import { SERVICENOW_CHANGE, SERVICENOW_REQUEST, SERVICENOW_TASK } from './servicenow.ts';

/** Tables that come with the product; a configuration extends or overrides them row by row. */
export const PRESETS: Readonly<Record<PresetName, MappingTable>> = {
  'servicenow-change': SERVICENOW_CHANGE,
  'servicenow-request': SERVICENOW_REQUEST,
  'servicenow-task': SERVICENOW_TASK,
  'jira-issue': JIRA_ISSUE,
  'flat-json': FLAT_JSON,
  'own-json': OWN_JSON,
};
