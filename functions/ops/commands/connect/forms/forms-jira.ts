import type { JiraConfiguration } from '../../../../../shared/domain/configuration/tickets-schema.ts';
import { ACTION_CHOICES } from '../../../../../shared/domain/mapping/presets/action-words.ts';
import { JIRA_FIELDS } from '../source/ask-jira.ts';
import { type Connected, FIELDS, type Form } from './form.ts';

/** The statuses that a source names. */
export type JiraStatuses = Record<'waiting' | 'approved' | 'done' | 'partly' | 'failed', string>;

/** Jira needs these before it can be asked for numbers and names: fields, workflow, accounts. */
export function jiraPreparation(statuses: JiraStatuses, hasReader: boolean): Form[] {
  const { waiting, approved, done, partly, failed } = statuses;
  return [
    {
      title: 'Fields',
      where: 'Settings > Work items (or Issues) > Custom fields > Create, then onto the screens of the project',
      head: ['name', 'type'],
      rows: JIRA_FIELDS.map(({ name }) => [name, typeOf(name)]),
      notes: [`Options of ZPA action: ${ACTION_CHOICES.join(', ')}.`, 'Their numbers are looked up for you.'],
    },
    {
      title: 'Workflow',
      where: 'Project settings > Workflows > Edit',
      head: ['status', 'leads to'],
      rows: [
        ['To Do', waiting],
        [waiting, `${approved}, To Do`],
        [approved, `${done}, ${partly}, ${failed}, To Do`],
        [partly, `${done}, ${failed}, To Do`],
        [failed, 'To Do'],
      ],
      notes: [
        `Condition on the transition to ${approved}: only your approvers' group. Whoever moves an issue there approves it.`,
        `No issue is created in ${approved}.`,
      ],
    },
    {
      title: hasReader ? 'Two accounts' : 'An account',
      where: 'A user of its own; project settings > People. Signed in as it: id.atlassian.com > Security > API tokens',
      head: ['account', 'permissions in the project'],
      rows: [
        ['zpa-changes', 'Browse projects, Add comments, Transition issues'],
        ...(hasReader ? [['the reader', 'Browse projects']] : []),
      ],
      notes: ['Its language is the one in which the statuses are named here.'],
    },
  ];
}

const typeOf = (name: string) =>
  name === 'ZPA action' ? 'Select list' : name.includes('applications') ? 'Paragraph, one per line' : 'Short text';

/** A webhook, or a rule of Jira Automation, sends the issues. */
export function jiraSending({ source, address }: Connected, { projects }: JiraConfiguration): Form[] {
  return source.scheme.kind === 'jira' ? [webhookForm(source, address, projects)] : [ruleForm(source, address)];
}

function webhookForm(source: Connected['source'], address: string, projects: readonly string[]): Form {
  const number = /customfield_(\d+)/.exec(JSON.stringify(source.approval?.gate.concerns ?? []))?.[1];
  const conditions = [
    ...(projects.length === 0 ? [] : [`project in (${projects.join(', ')})`]),
    ...(number === undefined ? [] : [`cf[${number}] is not EMPTY`]),
  ];
  return {
    title: 'Webhook',
    where: 'Settings > System > WebHooks > Create a WebHook',
    head: FIELDS,
    rows: [
      ['Name', 'zpa-changes'],
      ['Status', 'Enabled'],
      ['URL', address],
      ['Secret', 'the secret'],
      ['Issue related events (JQL)', conditions.join(' AND ')],
      ['Issue', 'created, updated: ticked'],
      ['Exclude body', 'not ticked'],
    ],
    secret: 'source',
    notes: [],
  };
}

function ruleForm({ scheme }: Connected['source'], address: string): Form {
  const header = 'header' in scheme && scheme.header !== undefined ? scheme.header : 'Authorization';
  return {
    title: 'Automation rule',
    where: 'Project settings > Automation > Create rule',
    head: FIELDS,
    rows: [
      ['Trigger', 'Field value changed; field Status; any change'],
      ['Condition', 'ZPA action, is not empty'],
      ['Action', 'Send web request'],
      ['Web request URL', address],
      ['HTTP method', 'POST'],
      ['Header', 'Content-Type: application/json'],
      ['Header', `${header}: the secret; tick Hidden`],
      ['Web request body', 'Custom data'],
      ['Custom data', '{"requestId": "{{issue.key}}-{{now}}", "timestamp": "{{now}}", "ticket": "{{issue.key}}"}'],
    ],
    secret: 'source',
    notes: [],
  };
}
