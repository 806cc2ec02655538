import { z } from 'zod';
import type { Answer } from '../http/http.ts';
import { failure } from './jira-failure.ts';
import type { Issue, JiraStore } from './jira-store.ts';

/** A person's account: `712020:sam.oduya` of `sam.oduya@acme.example`. */
export const accountOf = (email: string) => `712020:${email.replace(/@.*$/, '')}`;

const FIRST_NUMBER = 101;
const newIssue = z.object({
  fields: z.looseObject({
    project: z.object({ key: z.string().regex(/^[A-Z][A-Z0-9_]{1,30}$/) }),
    summary: z.string().min(1),
  }),
});
const edited = z.object({ fields: z.record(z.string(), z.json()) });

/** "Create issue" of Jira's REST API: at the workflow's first status, reported by who creates it. */
export function createIssue(store: JiraStore, body: unknown, by: string): Answer {
  const parsed = newIssue.safeParse(body);
  if (!parsed.success) return failure(400, '', { summary: 'You must specify a project and a summary of the issue.' });
  const { project, summary, ...fields } = parsed.data.fields;
  const key = nextKey(store, project.key);
  store.addIssue({ key, title: summary, status: 'To Do', reporter: by, fields: { project, ...fields } });
  return { status: 201, json: { id: store.get(key)?.id, key } };
}

function nextKey(store: JiraStore, project: string): string {
  const taken = store
    .all()
    .map(({ key }) => (key.startsWith(`${project}-`) ? Number(key.slice(project.length + 1)) : 0));
  return `${project}-${Math.max(FIRST_NUMBER - 1, ...taken) + 1}`;
}

/** "Edit issue": every field is an entry of the changelog. */
export function editIssue(store: JiraStore, { key }: Issue, body: unknown, by: string): Answer {
  const parsed = edited.safeParse(body);
  if (!parsed.success) return failure(400, "one of 'fields' or 'update' required");
  for (const [field, value] of Object.entries(parsed.data.fields)) store.edit(key, field, value, by);
  return { status: 204 };
}
