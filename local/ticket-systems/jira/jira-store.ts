/** `fieldId` is absent where Jira names none, as for an issue's key. */
export type Item = { field: string; fieldId?: string; fromString: string; toString: string };
type Author = { accountId: string; accountType?: string };
export type HistoryEntry = { id: string; created: string; author?: Author; items: Item[] };
export type Comment = { id: string; created: string; author: { accountId: string }; body: unknown };

export type Issue = {
  id: string;
  key: string;
  fields: Record<string, unknown> & { status: { name: string }; summary: string; updated: string };
  history: HistoryEntry[];
  comments: Comment[];
};

export type NewIssue = {
  key: string;
  title: string;
  /** Default: `Approved`. */
  status?: string;
  /** Account id. */
  reporter?: string;
  fields?: Record<string, unknown>;
};

/** One way on in the workflow; `required`: fields of its screen without which Jira refuses it. */
export type WorkflowTransition = { id: string; name: string; from: string[]; to: string; required?: string[] };

const WORKFLOW: WorkflowTransition[] = [
  { id: '11', name: 'Ask for approval', from: ['To Do'], to: 'Waiting for approval' },
  { id: '21', name: 'Approve', from: ['Waiting for approval'], to: 'Approved' },
  { id: '31', name: 'Withdraw', from: ['Approved', 'Waiting for approval'], to: 'To Do' },
  { id: '41', name: 'Done', from: ['Approved', 'Partly done'], to: 'Done', required: ['resolution'] },
  { id: '51', name: 'Partly done', from: ['Approved'], to: 'Partly done' },
  { id: '61', name: 'Failed', from: ['Approved', 'Partly done'], to: 'Failed' },
  { id: '71', name: 'Try again', from: ['Failed', 'Partly done'], to: 'To Do' },
];

/** `moved`: former keys of moved issues, with their present keys. */
export type JiraState = { issues: [string, Issue][]; ids: number; moved?: [string, string][] };

/** A custom field's name for people, which a changelog states beside its id. */
const nameOf = (fieldId: string) => fieldId.replace(/^customfield_/, 'Field ');

/** The issues of a small Jira; `state`: as an earlier one left them. */
export function createJiraStore(
  now: () => number,
  workflow: readonly WorkflowTransition[] = WORKFLOW,
  state?: JiraState,
) {
  const issues = new Map<string, Issue>(state?.issues);
  const moved = new Map<string, string>(state?.moved);
  const statuses: string[] = [];
  const learnStatus = (name: string): void => {
    if (!statuses.includes(name)) statuses.push(name);
  };
  for (const { from, to } of workflow) [...from, to].forEach(learnStatus);
  for (const { fields, history } of issues.values()) {
    learnStatus(fields.status.name);
    for (const { fieldId, fromString } of history.flatMap(({ items }) => items)) {
      if (fieldId === 'status') learnStatus(fromString);
    }
  }
  let ids = state?.ids ?? 10_000;
  const nextId = () => {
    ids += 1;
    return String(ids);
  };
  const time = () => new Date(now()).toISOString().replace('Z', '+0000');

  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

  function record(issue: Issue, items: Item[], by: string): void {
    issue.history.push({ id: nextId(), created: time(), author: { accountId: by, accountType: 'atlassian' }, items });
    issue.fields.updated = time();
  }

  const get = (key: string): Issue | undefined => issues.get(moved.get(key) ?? key);

  const find = (key: string) => {
    const issue = get(key);
    if (issue === undefined) throw new Error(`there is no issue ${key}`);
    return issue;
  };

  return {
    /** By its key, or by a key that it had in another project. */
    get,
    all: () => [...issues.values()],
    state: (): JiraState => ({ issues: [...issues], ids, moved: [...moved] }),
    /** Every status that was ever seen; its place in the list never changes. */
    statuses: (): readonly string[] => statuses,
    ways: (issue: Issue) => workflow.filter(({ from }) => from.includes(issue.fields.status.name)),
    addIssue({ key, title, status = 'Approved', reporter = '5b10ac8d82e05b22cc7d4ef5', fields = {} }: NewIssue): void {
      const created = time();
      learnStatus(status);
      const people = { reporter: { accountId: reporter }, creator: { accountId: reporter } };
      const known = { summary: title, status: { name: status }, created, updated: created, ...people, ...fields };
      issues.set(key, { id: nextId(), key, fields: known, history: [], comments: [] });
    },
    /** Answers the entry's id, which is the approval's if it was one. */
    move(key: string, to: string, by: string, fields: Record<string, unknown> = {}): string {
      const issue = find(key);
      const was = issue.fields.status.name;
      learnStatus(to);
      issue.fields.status = { name: to };
      const status = { field: 'status', fieldId: 'status', fromString: was, toString: to };
      const others = Object.entries(fields).map(([field, value]) => {
        const item = {
          field: nameOf(field),
          fieldId: field,
          fromString: text(issue.fields[field]),
          toString: text(value),
        };
        issue.fields[field] = value;
        return item;
      });
      record(issue, [status, ...others], by);
      return issue.history.at(-1)?.id ?? '';
    },
    /** "Move work item": another key, at a status of the other project's workflow; the former key leads to it. */
    moveToProject(key: string, newKey: string, by: string, status?: string): void {
      const issue = find(key);
      const was = issue.key;
      const projectOf = (one: string) => one.replace(/-\d+$/, '');
      const items: Item[] = [
        { field: 'project', fieldId: 'project', fromString: projectOf(was), toString: projectOf(newKey) },
        { field: 'Key', fromString: was, toString: newKey },
      ];
      if (status !== undefined) {
        items.push({ field: 'status', fieldId: 'status', fromString: issue.fields.status.name, toString: status });
        learnStatus(status);
        issue.fields.status = { name: status };
      }
      issues.delete(was);
      issues.set(newKey, Object.assign(issue, { key: newKey }));
      for (const [former, present] of moved) if (present === was) moved.set(former, newKey);
      moved.set(was, newKey);
      moved.delete(newKey);
      record(issue, items, by);
    },
    deleteIssue(key: string): void {
      issues.delete(find(key).key);
    },
    /** A person's edit of one field. */
    edit(key: string, fieldId: string, value: unknown, by: string): void {
      const issue = find(key);
      const item = { field: nameOf(fieldId), fieldId, fromString: text(issue.fields[fieldId]), toString: text(value) };
      issue.fields[fieldId] = value;
      record(issue, [item], by);
    },
    comment(issue: Issue, body: unknown, by: string): Comment {
      const comment = { id: nextId(), created: time(), author: { accountId: by }, body };
      issue.comments.push(comment);
      issue.fields.updated = time();
      return comment;
    },
  };
}

export type JiraStore = ReturnType<typeof createJiraStore>;
