import type { MappingTable } from '../sources/mapping-schema.ts';
import type { PresetName } from './preset-names.ts';
import { FLAT_JSON } from './presets/flat-json.ts';
import { JIRA_ISSUE } from './presets/jira-issue.ts';
import { OWN_JSON } from './presets/own-json.ts';
import { SERVICENOW_CHANGE, SERVICENOW_REQUEST, SERVICENOW_TASK } from './presets/servicenow.ts';

/** Tables that come with the product; a configuration extends or overrides them row by row. */
export const PRESETS: Readonly<Record<PresetName, MappingTable>> = {
  'servicenow-change': SERVICENOW_CHANGE,
  'servicenow-request': SERVICENOW_REQUEST,
  'servicenow-task': SERVICENOW_TASK,
  'jira-issue': JIRA_ISSUE,
  'flat-json': FLAT_JSON,
  'own-json': OWN_JSON,
};
