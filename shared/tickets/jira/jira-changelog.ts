import * as z from 'zod';
import type { FieldChange } from '../../domain/approval/approval.ts';
import { complete, type Reading } from '../../domain/approval/reading.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { issuePath, jiraPerson, personOf } from './jira-issue.ts';

const historyItem = z.looseObject({
  field: z.string(),
  fieldId: z.string().nullish(),
  /** Ids, of a status or project for example; `fromString` and `toString` are texts for people. */
  from: z.string().nullish(),
  to: z.string().nullish(),
});
export type HistoryItem = z.output<typeof historyItem>;

const historyEntry = z.looseObject({
  id: z.string(),
  created: z.string(),
  author: jiraPerson,
  items: z.array(historyItem),
});
export type HistoryEntry = z.output<typeof historyEntry>;

const changelogPage = z.looseObject({
  isLast: z.boolean().optional(),
  total: z.number().optional(),
  values: z.array(historyEntry),
});

const PAGE = 100;
const MAX_PAGES = 50;
const INCOMPLETE = 'Jira did not list all of its entries';
const TOO_LONG = 'its history is longer than 5,000 entries';

/**
 * Reads the changelog, oldest entry first ("Get changelogs"). It is complete if Jira says that a page is the last one, or
 * counts the entries, and as many distinct entries came as Jira counts.
 */
export async function readChangelog(call: ApiCaller, key: string): Promise<Reading<HistoryEntry[]>> {
  const found = new Map<string, HistoryEntry>();
  let startAt = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { startAt: String(startAt), maxResults: String(PAGE) };
    const answer = await call({ method: 'GET', path: issuePath(3, key, '/changelog'), query });
    const parsed = changelogPage.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira changelog', answer);
    const { values, total, isLast } = parsed.data;
    for (const entry of values) found.set(entry.id, entry);
    startAt += values.length;
    const ends = values.length === 0 || (isLast ?? (total !== undefined && startAt >= total));
    // An empty page alone may stand for entries that are not shown.
    const isWhole = (isLast ?? total !== undefined) && found.size >= (total ?? 0);
    if (ends) return isWhole ? complete(sorted(found)) : partial(found, INCOMPLETE);
  }
  return partial(found, TOO_LONG);
}

const partial = (found: ReadonlyMap<string, HistoryEntry>, reason: string): Reading<HistoryEntry[]> => ({
  kind: 'partial',
  value: sorted(found),
  reason,
});

/** Jira lists the oldest first; entries without a readable time stay where Jira lists them. */
function sorted(found: ReadonlyMap<string, HistoryEntry>): HistoryEntry[] {
  const entries = [...found.values()];
  if (entries.some(({ created }) => Number.isNaN(Date.parse(created)))) return entries;
  return entries.toSorted((a, b) => Date.parse(a.created) - Date.parse(b.created));
}

const NO_TIME: Reading<never> = { kind: 'unknown', reason: 'an entry of its history has no readable time' };

/** The edits of an issue's fields. An edit without a readable time may be earlier or later than an approval. */
export function fieldChangesIn(history: Reading<HistoryEntry[]>): Reading<FieldChange[]> {
  if (history.kind === 'unknown') return history;
  if (history.value.some(({ created }) => timeOf(created) === undefined)) return NO_TIME;
  return { ...history, value: history.value.flatMap(toFieldChanges) };
}

/** In RFC 3339 and UTC; undefined: not readable. */
export function timeOf(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/**
 * An item without `fieldId` has only a name for people, which is translated and which several custom fields may share. It
 * counts as an edit of any field, and as one of a field of that name for mappings whose fields are not known.
 */
function toFieldChanges({ created, author, items }: HistoryEntry): FieldChange[] {
  const by = personOf(author) ?? '';
  const at = timeOf(created) ?? '';
  return items.flatMap((item) => {
    const { field, fieldId, from, to } = item;
    const names = isFilled(fieldId) ? [`issue.fields.${fieldId}`] : ['issue.fields', `issue.fields.${field}`];
    const values = { from: textsOf(from, item, 'fromString'), to: textsOf(to, item, 'toString') };
    return names.map((name) => ({ field: name, at, by, ...values }));
  });
}

/** A value by its id and by its text for people; every object has a `toString` that is no value of Jira's. */
function textsOf(id: string | null | undefined, item: HistoryItem, text: 'fromString' | 'toString'): string[] {
  const shown: unknown = Object.hasOwn(item, text) ? item[text] : undefined;
  return [id, shown].filter((one) => typeof one === 'string');
}

export const isFilled = (text: string | null | undefined): text is string =>
  typeof text === 'string' && text.trim() !== '';
