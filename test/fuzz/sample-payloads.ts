import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../local/samples/payloads/jira-issue-updated.json');
const jira: { issue: { fields: Record<string, unknown> } } = JSON.parse(readFileSync(FILE, 'utf8'));

/** Jira's payload for a changed issue, with a summary of ours. Its time is removed, because samples get one when signed. */
export function jiraPayload(summary: string) {
  const { timestamp: _at, ...rest } = { timestamp: 0, ...jira };
  return { ...rest, issue: { ...jira.issue, fields: { ...jira.issue.fields, summary } } };
}
