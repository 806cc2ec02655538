import * as z from 'zod';
import type { Clock } from '../../../../../shared/ports/ports.ts';
import { type ApiCaller, createApiCaller } from '../../../../../shared/tickets/http/caller.ts';
import { openConnections } from '../../../../../shared/tickets/http/connections.ts';
import { unexpectedAnswer } from '../../../../../shared/tickets/http/send-ticket-request.ts';
import { requireJiraSignIn } from '../../../../../shared/tickets/jira/jira-sign-in.ts';
import { type JiraFacts, placeOf } from './build-source.ts';

/** The fields of the form, by the rows of the mapping that each fills in. */
export const JIRA_FIELDS = [
  { name: 'ZPA action', rows: ['action', 'enabled by action'] },
  { name: 'ZPA group', rows: ['group'] },
  { name: 'ZPA new name', rows: ['new name'] },
  { name: 'ZPA applications to add', rows: ['applications to add'] },
  { name: 'ZPA applications to remove', rows: ['applications to remove'] },
] as const;

const fieldList = z.array(z.looseObject({ id: z.string(), name: z.string() }));
const statusList = z.array(z.looseObject({ name: z.string() }));
const account = z.looseObject({ accountId: z.string() });

type Site = { url: string; credential: string; clock: Pick<Clock, 'now'>; signal: AbortSignal };

/** Names of statuses, keys of projects. */
type Wanted = { statuses: readonly string[]; projects: readonly string[] };

const TIMEOUT_MS = 15_000;

/**
 * Asks Jira what nobody should have to look up: the numbers of the fields, the id of the account, and whether the statuses and
 * projects are there. Answers what is missing in sentences. Rejects with a `TicketError` if Jira does not answer this account.
 */
export async function askJira(
  { url, credential, clock, signal }: Site,
  { statuses, projects }: Wanted,
): Promise<JiraFacts | { missing: string[] }> {
  const place = placeOf(url);
  const connections = openConnections(place.allowedPrivateCidrs ?? []);
  try {
    const readSecret = async () => credential;
    const options = { url: place.url, connections, readSecret, clock, timeoutMs: TIMEOUT_MS, signal };
    const call = createApiCaller('jira', options, requireJiraSignIn);
    const { accountId } = await read(call, '/rest/api/3/myself', account);
    const fields = await read(call, '/rest/api/3/field', fieldList);
    const known = await read(call, '/rest/api/3/status', statusList);
    const unseen = await missingProjects(call, projects);
    const missing = [...missingFields(fields), ...missingStatuses(known, statuses), ...unseen];
    return missing.length > 0 ? { missing } : { fields: byRow(fields), accountId };
  } finally {
    await connections.close();
  }
}

async function read<T>(call: ApiCaller, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await call({ method: 'GET', path });
  const parsed = schema.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer(`Jira ${path}`, answer);
  return parsed.data;
}

type Fields = z.output<typeof fieldList>;

const idsOf = (fields: Fields, wanted: string) =>
  fields.filter(({ name }) => sameName(name, wanted)).map(({ id }) => id);

function missingFields(fields: Fields): string[] {
  return JIRA_FIELDS.flatMap(({ name }) => {
    const ids = idsOf(fields, name);
    if (ids.length === 1) return [];
    if (ids.length === 0) return [`There is no field "${name}". Create it, and put it on the screens of the project.`];
    return [`Several fields are named "${name}": ${ids.join(', ')}. Rename all but the one of this form.`];
  });
}

function byRow(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    JIRA_FIELDS.flatMap(({ name, rows }) => {
      const [id = ''] = idsOf(fields, name);
      return rows.map((row) => [row, id]);
    }),
  );
}

function missingStatuses(known: z.output<typeof statusList>, wanted: readonly string[]): string[] {
  const missing = wanted.filter((one) => !known.some(({ name }) => sameName(name, one)));
  return missing.map((one) => `There is no status "${one}". Add it to the workflow, or name another one.`);
}

/** Jira says of a project that it does not show that there is none. */
async function missingProjects(call: ApiCaller, keys: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const key of keys) {
    const answer = await call({ method: 'GET', path: `/rest/api/3/project/${encodeURIComponent(key)}` });
    if (answer.status === 404) missing.push(`This account is shown no project "${key}". ${PROJECT_REMEDY}`);
    else if (answer.status !== 200) throw unexpectedAnswer('Jira /rest/api/3/project', answer);
  }
  return missing;
}

const PROJECT_REMEDY = 'Give it Browse projects there, or name another key.';

const sameName = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();
