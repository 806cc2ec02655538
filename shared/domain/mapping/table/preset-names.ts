/** Tables that come with the product; `presets.ts` holds them. */
export const PRESET_NAMES = [
  'servicenow-change',
  'servicenow-request',
  'servicenow-task',
  'jira-issue',
  'flat-json',
  'own-json',
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];
