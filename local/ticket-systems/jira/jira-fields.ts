/** The fields of an issue with their names for people, as "Get fields" lists them; the form's fields in their order. */
export const JIRA_FIELDS: readonly (readonly [id: string, name: string])[] = [
  ['summary', 'Summary'],
  ['status', 'Status'],
  ['reporter', 'Reporter'],
  ['resolution', 'Resolution'],
  ['customfield_10101', 'ZPA action'],
  ['customfield_10102', 'ZPA group'],
  ['customfield_10103', 'ZPA new name'],
  ['customfield_10104', 'ZPA description'],
  ['customfield_10106', 'ZPA applications to add'],
  ['customfield_10107', 'ZPA applications to remove'],
];
