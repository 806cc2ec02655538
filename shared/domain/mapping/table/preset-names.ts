/**
 * Names of the tables that come with the product; `presets.ts` holds the tables. The names are apart from the tables,
 * because the tables depend on the schema that needs the names.
 */
export const PRESET_NAMES = [
  'servicenow-change',
  'servicenow-request',
  'servicenow-task',
  'jira-issue',
  'flat-json',
  'own-json',
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];
