import type { Answer, TicketCall } from '../http/http.ts';
import { failure } from './jira-failure.ts';
import { idOfStatus, shownStatus } from './jira-statuses.ts';
import type { HistoryEntry, Issue, Item, JiraStore, WorkflowTransition } from './jira-store.ts';
import type { JiraWays } from './jira-ways.ts';

/** An issue as Jira shows it: its status with its id, and its name in the reader's language. */
export function shownIssue(
  store: JiraStore,
  ways: JiraWays,
  issue: Issue,
  { query, path }: Pick<TicketCall, 'query' | 'path'>,
) {
  const fields: Record<string, unknown> = {
    ...issue.fields,
    status: shownStatus(store, ways, issue.fields.status.name),
  };
  const wanted = query.get('fields')?.split(',');
  const shown = wanted === undefined ? fields : Object.fromEntries(wanted.map((name) => [name, fields[name]]));
  return { expand: 'renderedFields', id: issue.id, self: path, key: issue.key, fields: shown };
}

/** A page of a list; at most 100 entries. */
export function pageOfList<T>(all: readonly T[], { query }: Pick<TicketCall, 'query'>) {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Math.min(100, Number(query.get('maxResults') ?? 50));
  return { startAt, maxResults, total: all.length, page: all.slice(startAt, startAt + maxResults) };
}

/** "Get changelogs", oldest first. */
export function changelog(store: JiraStore, ways: JiraWays, { history }: Issue, call: TicketCall) {
  const { page, ...rest } = pageOfList(history, call);
  const end = ways.changelogEndsAt ?? history.length;
  const values = page.slice(0, Math.max(0, end - rest.startAt));
  const isLast = rest.startAt + values.length >= history.length;
  return { ...rest, isLast, values: values.map((entry) => shownEntry(store, ways, entry)) };
}

function shownEntry(store: JiraStore, ways: JiraWays, entry: HistoryEntry) {
  return { ...entry, items: entry.items.map((item) => shownItem(store, ways, item)) };
}

function shownItem(store: JiraStore, ways: JiraWays, item: Item) {
  const { fieldId } = item;
  const field = ways.fieldNames?.[item.field] ?? item.field;
  const isStatus = item.field === 'status';
  const idOf = (name: string) => (isStatus ? idOfStatus(store, name) : null);
  const shown = (text: string) => (isStatus ? shownStatus(store, ways, text).name : text);
  return {
    field: ways.historyFields === 'upper-case' ? `${field.charAt(0).toUpperCase()}${field.slice(1)}` : field,
    fieldtype: fieldId?.startsWith('customfield_') === true ? 'custom' : 'jira',
    ...(fieldId === undefined || ways.historyFields === 'without-id' ? {} : { fieldId }),
    from: idOf(item.fromString),
    fromString: shown(item.fromString),
    to: idOf(item.toString),
    toString: shown(item.toString),
  };
}

/** A transition of "Get transitions" with the fields of its screen. */
export function shownTransition(store: JiraStore, ways: JiraWays, { id, name, to, required = [] }: WorkflowTransition) {
  const fields = required.map((field) => [field, { required: true, hasDefaultValue: false, key: field, name: field }]);
  const shown = shownStatus(store, ways, to);
  return { id, name, to: shown, hasScreen: required.length > 0, fields: Object.fromEntries(fields) };
}

/** The project of the desk is the only one. Jira says the same of one that it does not show. */
export const shownProject = (key: string): Answer =>
  key === 'ZPA'
    ? { status: 200, json: { id: '10000', key, name: 'ZPA requests' } }
    : failure(404, `No project could be found with key '${key}'.`);
