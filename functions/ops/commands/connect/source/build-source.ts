import type { ConnectAnswers } from './questions.ts';

/** Numbers of Jira's fields by the row of the mapping, and the account id, as Jira itself tells them. */
export type JiraFacts = { fields: Readonly<Record<string, string>>; accountId: string };

/** Raw settings of a source, before they are parsed. */
export type RawSource = Record<string, unknown>;

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Builds the source of these answers; `jira`: for Jira alone. */
export function buildSource(answers: ConnectAnswers, jira: JiraFacts | undefined): RawSource {
  const { tenant, microtenant } = answers;
  const rows = {
    tenant: { value: tenant },
    ...(microtenant === '' ? {} : { microtenant: { value: microtenant } }),
  };
  const source = systemSource(answers, rows, jira);
  return { ...source, grants: [grantOf(answers)] };
}

function grantOf({ tenant, microtenant, groups, system }: ConnectAnswers) {
  return {
    tenants: [tenant],
    ...(microtenant === '' ? {} : { microtenants: [microtenant] }),
    actions: system === 'github' ? ['update'] : ['create', 'update'],
    groups: listOf(groups),
    applications: ['*'],
    changesPerHour: 100,
  };
}

function systemSource(answers: ConnectAnswers, rows: object, jira: JiraFacts | undefined): RawSource {
  switch (answers.system) {
    case 'servicenow':
      return servicenowSource(answers, rows);
    case 'github':
      return github(answers, rows);
    case 'webhook':
      return webhook(answers, rows);
    default:
      if (jira === undefined) throw new Error('Jira was asked before');
      return jiraSource(answers, rows, jira);
  }
}

/** A change goes to Review with what came of it; a person closes it. */
const reviewed = (code: string) => ({ to: '0', fields: { close_code: code, close_notes: '{summary}' } });

/** The source of a ServiceNow instance, without grants; the local world has the same one. */
export function servicenowSource(
  { url, user, reader }: Pick<ConnectAnswers, 'url' | 'user' | 'reader'>,
  rows: object,
): RawSource {
  return {
    system: 'ServiceNow',
    scheme: 'standard-webhooks',
    ticketUrl: isHere(url)
      ? `${baseOf(url)}/#{id}`
      : `${baseOf(url)}/nav_to.do?uri=change_request.do?sysparm_query=number={id}`,
    mapping: { preset: 'servicenow-change', rows },
    tickets: {
      ...{ kind: 'servicenow', ...placeOf(url), ...(reader === '' ? {} : { readSecret: true }) },
      transitions: {
        all: reviewed('successful'),
        some: reviewed('successful_issues'),
        none: reviewed('unsuccessful'),
      },
    },
    approval: {
      gate: {
        preset: 'servicenow-change',
        concerns: [{ field: 'record.u_zpa_action', filled: true }],
        // Only Implement leads to Review.
        approved: [
          { field: 'record.approval', oneOf: ['approved'] },
          { field: 'record.state', oneOf: ['-1'] },
          { field: 'record.on_hold', oneOf: ['false'] },
          { field: 'record.type', oneOf: ['normal', 'standard', 'emergency'] },
        ],
      },
      integrationUser: user,
    },
  };
}

const BEARER = { kind: 'bearer', header: 'X-Automation-Secret' };
const IDENTITY = { idField: 'requestId', timestampField: 'timestamp', retrySeconds: 3600 };

function jiraSource(answers: ConnectAnswers, rows: object, { fields, accountId }: JiraFacts): RawSource {
  const { url, reader, waitingStatus, approvedStatus, resolution } = answers;
  const mapped = Object.entries(fields).map(([row, id]) => [row, { from: `issue.fields.${id}` }]);
  const isStatus = (name: string) => [{ field: 'issue.fields.status.name', oneOf: [name] }];
  return {
    system: 'Jira',
    ...(answers.system === 'jira' ? { scheme: 'jira' } : { scheme: BEARER, replay: IDENTITY }),
    ticketUrl: isHere(url) ? `${baseOf(url)}/#{id}` : `${baseOf(url)}/browse/{id}`,
    mapping: { preset: 'jira-issue', rows: { ...rows, ...Object.fromEntries(mapped) } },
    tickets: {
      ...{ kind: 'jira', ...placeOf(url), ...(reader === '' ? {} : { readSecret: true }) },
      projects: listOf(answers.projects),
      approvedStatuses: [approvedStatus],
      transitions: {
        all: {
          to: answers.doneStatus,
          ...(resolution === 'none' ? {} : { fields: { resolution: { name: resolution } } }),
        },
        some: { to: answers.partlyStatus },
        none: { to: answers.failedStatus },
      },
    },
    approval: {
      gate: {
        preset: 'jira-issue',
        concerns: [{ field: `issue.fields.${fields.action}`, filled: true }],
        approved: isStatus(approvedStatus),
        submitted: isStatus(waitingStatus),
      },
      integrationUser: accountId,
    },
  };
}

function github({ repository, label }: ConnectAnswers, rows: object): RawSource {
  const columns = ['action', 'group', 'add', 'remove', 'new_name', 'move_to'];
  return {
    // Two repositories are two systems; their issues have the same numbers.
    system: `GitHub ${repository}`.slice(0, 64),
    scheme: 'github',
    ticketUrl: `https://github.com/${repository}/issues/{id}`,
    mapping: {
      preset: 'jira-issue',
      each: { from: 'issue.body', transform: ['rows', { columns, by: ';' }] },
      rows: { ticket: { from: 'issue.number' }, 'requested by': { from: 'issue.user.login' }, ...rows },
    },
    approval: {
      gate: {
        ticket: 'issue.number',
        approved: [
          { field: 'action', oneOf: ['labeled'] },
          { field: 'label.name', oneOf: [label] },
          { field: 'issue.state', oneOf: ['open'] },
        ],
        withdrawn: [{ field: 'action', oneOf: ['closed'] }],
      },
      trustPayload: true,
      granted: { ref: 'issue.updated_at', by: 'sender.login', at: 'issue.updated_at' },
    },
  };
}

function webhook({ tool, proof, results, idPattern }: ConnectAnswers, rows: object): RawSource {
  const isStatus = (name: string) => [{ field: 'status', oneOf: [name] }];
  const answered = () => ({
    ...{ kind: 'webhook', ...placeOf(results), idPattern },
    transitions: { all: { to: 'closed' }, some: { to: 'partly-done' }, none: { to: 'failed' } },
  });
  return {
    system: tool,
    ...(proof === 'bearer'
      ? { scheme: { kind: 'bearer', header: 'X-Tool-Secret' }, replay: IDENTITY }
      : { scheme: 'standard-webhooks' }),
    mapping: { preset: 'flat-json', rows },
    ...(results === '' ? {} : { tickets: answered() }),
    approval: {
      gate: {
        ticket: 'ticket',
        // Faults of a request are told to the tool only if it certainly concerns segment groups.
        concerns: [{ field: 'action', filled: true }],
        submitted: isStatus('waiting'),
        approved: isStatus('approved'),
        withdrawn: isStatus('withdrawn'),
      },
      trustPayload: true,
      granted: { ref: 'approval.id', by: 'approval.by', at: 'approval.at' },
    },
  };
}

/** The names of an answer. */
export const listOf = (text: string) => text.split(',').map((one) => one.trim());

const baseOf = (url: string) => url.replace(/\/+$/, '');

/** A system on this machine, as those of `npm start` are, has no public address, and a page of its own. */
const isHere = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

/** Tells at which address a ticket system is called, and which private addresses its name may have. */
export const placeOf = (url: string) => ({
  url: baseOf(url),
  ...(isHere(url) ? { allowedPrivateCidrs: LOOPBACK } : {}),
});
