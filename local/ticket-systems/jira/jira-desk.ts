import { ACTION_CHOICES } from '../../../shared/domain/mapping/presets/action-words.ts';
import type { TicketDesk } from '../desk/desk.ts';
import type { FormField } from '../desk/desk-forms.ts';
import type { ShownAct, ShownTicket } from '../desk/ticket-page.ts';
import { documentHtml } from './document-html.ts';
import { accountOf, createIssue, editIssue } from './jira-people.ts';
import type { Issue, JiraStore, WorkflowTransition } from './jira-store.ts';

const ACTION = 'customfield_10101';

const FORM: readonly FormField[] = [
  { name: 'summary', label: 'Summary' },
  { name: ACTION, label: 'ZPA action', options: ACTION_CHOICES },
  { name: 'customfield_10102', label: 'ZPA group' },
  { name: 'customfield_10106', label: 'ZPA applications to add', isLong: true },
  { name: 'customfield_10107', label: 'ZPA applications to remove', isLong: true },
  { name: 'customfield_10103', label: 'ZPA new name' },
  { name: 'customfield_10104', label: 'ZPA description' },
];

const REQUESTER = 'sam.oduya';
const APPROVER = 'priya.nair';
const APPROVED = 'Approved';

/** The person of an account: `sam.oduya` of `712020:sam.oduya`. */
const personOf = (accountId: string) => accountId.replace(/^\d+:/, '');

/** The issues as their pages show them: a reporter who files and moves them, and an approver. */
export function createJiraDesk(store: JiraStore): TicketDesk {
  const actsOf = (issue: Issue): ShownAct[] =>
    store.ways(issue).map(({ id, name, to }) => ({ act: id, label: name, as: to === APPROVED ? APPROVER : REQUESTER }));
  return {
    title: 'Jira (simulated)',
    words: {
      title: 'WebHook',
      says: 'Sends an issue, signed with the secret, whenever a person saves it on these pages.',
      address: 'URL',
      secret: 'Secret',
    },
    form: FORM,
    tickets: () =>
      store
        .all()
        .toReversed()
        .map((issue) => shownIssue(issue, actsOf(issue))),
    valuesOf(id) {
      const issue = store.get(id);
      return issue && Object.fromEntries(FORM.map(({ name }) => [name, textOf(issue.fields[name])]));
    },
    save(id, values) {
      const fields = Object.fromEntries(FORM.map(({ name }) => [name, toField(name, values[name] ?? '')]));
      const issue = id === undefined ? undefined : store.get(id);
      const by = accountOf(REQUESTER);
      if (issue !== undefined) {
        const edited = Object.entries(fields).filter(([name, value]) => textOf(issue.fields[name]) !== textOf(value));
        editIssue(store, issue, { fields: Object.fromEntries(edited) }, by);
        return issue.key;
      }
      const summary = fields.summary === null ? 'No summary' : fields.summary;
      const { json } = createIssue(store, { fields: { ...fields, summary, project: { key: 'ZPA' } } }, by);
      return String((json as { key?: string }).key ?? '');
    },
    act(id, act) {
      const issue = store.get(id);
      const offered = issue && actsOf(issue).find((one) => one.act === act);
      const way = issue && store.ways(issue).find((one) => one.id === act);
      if (issue === undefined || offered === undefined || way === undefined) return;
      store.move(issue.key, way.to, accountOf(offered.as), screenOf(way));
    },
  };
}

/** The fields that a person fills in on the screen of a transition. */
const screenOf = ({ required = [] }: WorkflowTransition) =>
  Object.fromEntries(required.map((field) => [field, { name: 'Done' }]));

/** A select holds its option, and a blank field null. */
function toField(name: string, given: string) {
  const text = given.replaceAll('\r\n', '\n').trim();
  if (text === '') return null;
  return name === ACTION ? { value: text } : text;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { value: option, name } = value as { value?: unknown; name?: unknown };
  return [option, name].filter((one) => typeof one === 'string').join('');
}

function shownIssue({ key, fields, history, comments }: Issue, acts: ShownAct[]): ShownTicket {
  const rows = [...FORM.slice(1), { name: 'resolution', label: 'Resolution' }].flatMap(({ name, label }) => {
    const value = textOf(fields[name]);
    return value === '' ? [] : [[label, value] as const];
  });
  const reporter = (fields.reporter as { accountId?: string } | undefined)?.accountId ?? '';
  const approvals = history.flatMap(({ author, created, items }) =>
    items
      .filter(({ fieldId, toString: to }) => fieldId === 'status' && String(to) === APPROVED)
      .map(() => ({ by: personOf(author?.accountId ?? ''), state: 'moved it to Approved', at: Date.parse(created) })),
  );
  return {
    id: key,
    title: fields.summary,
    state: fields.status.name,
    requester: personOf(reporter),
    fields: rows,
    approvals,
    acts,
    entries: comments.map(({ author, created, body }) => ({
      by: personOf(author.accountId),
      at: Date.parse(created),
      html: documentHtml(body),
    })),
  };
}
