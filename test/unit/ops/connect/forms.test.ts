import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Connected, Form } from '../../../../functions/ops/commands/connect/forms/form.ts';
import { jiraSending } from '../../../../functions/ops/commands/connect/forms/forms-jira.ts';
import { githubSending, toolSending } from '../../../../functions/ops/commands/connect/forms/forms-others.ts';
import { servicenowSending } from '../../../../functions/ops/commands/connect/forms/forms-servicenow.ts';
import { prepareAgain, prepareFor } from '../../../../functions/ops/commands/connect/forms/prepare.ts';
import { fillIn } from '../../../../functions/ops/commands/connect/forms/show-forms.ts';
import { testTicketOf } from '../../../../functions/ops/commands/connect/forms/test-ticket.ts';
import { buildSource } from '../../../../functions/ops/commands/connect/source/build-source.ts';
import {
  type ConnectAnswers,
  questionsFor,
  SYSTEMS,
} from '../../../../functions/ops/commands/connect/source/questions.ts';
import { askQuestions } from '../../../../functions/ops/input/questions.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';

const CONFIGURED = configurationSchema.parse({
  name: 'zpa-changes',
  tenants: { acme: { customerId: '1', vanity: 'acme' }, 'acme-lab': { customerId: '2', auth: 'legacy' } },
  sources: {},
});
const JIRA = {
  accountId: '712020:zpa-changes',
  fields: Object.fromEntries(
    ['action', 'enabled by action', 'group', 'new name', 'applications to add', 'applications to remove'].map(
      (row, index) => [row, `customfield_${10200 + index}`],
    ),
  ),
};

/** The answers of somebody who answers what has no preset. */
async function answersFor(system: string, over: Partial<ConnectAnswers> = {}): Promise<ConnectAnswers> {
  const given = {
    ...{ system, tenant: 'acme', url: 'https://acme.example', email: 'zpa@acme.example', projects: 'ZPA, NET' },
    ...{ repository: 'acme/zpa-requests', ...over },
  };
  const nobody = { ask: async () => undefined };
  const questions = questionsFor(CONFIGURED.tenants);
  const before = { results: '', ...given } as ConnectAnswers;
  const isTaken = (name: string) => questions[name as keyof ConnectAnswers].isNeeded?.(before) !== false;
  const flags = Object.fromEntries(Object.entries(given).filter(([name]) => name in over || isTaken(name)));
  return askQuestions(nobody, questions, flags, 'connect-faults');
}

async function connectedTo(system: string, over: Partial<ConnectAnswers> = {}): Promise<Connected> {
  const built = buildSource(await answersFor(system, over), JIRA);
  const { sources } = configurationSchema.parse({ ...CONFIGURED, sources: { desk: built } });
  const source = sources.desk;
  if (source === undefined) throw new Error('it was just built');
  return { name: 'desk', source, address: 'https://changes.example/webhooks/desk' };
}

const textOf = (forms: Form[]) => JSON.stringify(forms);

describe('the questions', () => {
  it('ask for no more than their system needs', async () => {
    const asked: string[] = [];
    const ask = async ({ message, preset }: { message: string; preset?: string }) => {
      asked.push(message);
      return preset ?? '';
    };
    await askQuestions({ ask }, questionsFor(CONFIGURED.tenants), { system: 'github', tenant: 'acme' }, 'faults');
    expect(asked).toEqual([
      'Segment groups that tickets may create and change: names separated by commas (*: all)',
      'Repository of the issues, such as acme/zpa-requests',
      'Label that approves an issue',
    ]);
  });

  it.each([
    ['system', { system: 'remedy' }],
    ['tenant', { tenant: 'globex' }],
    ['url', { url: 'http://acme.example' }],
    ['url', { url: 'https://user:word@acme.example' }],
    ['projects', { projects: 'zpa' }],
    ['repository', { repository: 'zpa-requests' }],
  ])('refuse a wrong --%s: %j', async (flag, over) => {
    await expect(answersFor('jira', over)).rejects.toThrow(new RegExp(`^--${flag}: `));
  });

  it('take the only tenant, and ask for a microtenant where there are several', async () => {
    const microtenants = { north: '11', south: '12' };
    const { acme } = configurationSchema.parse({
      ...CONFIGURED,
      tenants: { acme: { customerId: '1', vanity: 'acme', microtenants } },
    }).tenants;
    const questions = questionsFor(acme === undefined ? {} : { acme });
    const nobody = { ask: async () => undefined };
    await expect(askQuestions(nobody, questions, { system: 'webhook' }, 'faults')).rejects.toThrow(
      '--microtenant: is missing',
    );
    const answers = await askQuestions(nobody, questions, { system: 'webhook', microtenant: 'north' }, 'faults');
    expect(buildSource(answers, undefined)).toMatchObject({
      mapping: { rows: { tenant: { value: 'acme' }, microtenant: { value: 'north' } } },
      grants: [{ tenants: ['acme'], microtenants: ['north'] }],
    });
  });
});

describe('the source that is made', () => {
  it.each(SYSTEMS)('stands in the settings: %s', async (system) => {
    const { source } = await connectedTo(
      system,
      system === 'webhook' ? { results: 'https://tool.example/outcomes' } : {},
    );
    expect(source.grants).toMatchObject([{ tenants: ['acme'], groups: ['*'] }]);
    expect(source.approval?.gate.withdrawn ?? source.approval?.gate.preset).toBeDefined();
  });

  it('reads with an account of its own where there are two', async () => {
    for (const system of ['servicenow', 'jira']) {
      const { source } = await connectedTo(system, { reader: 'reader@acme.example' });
      expect(source.tickets).toMatchObject({ readSecret: true });
    }
  });
});

describe('the forms', () => {
  it('of Jira: JQL of the projects and the field, the address, no resolution where the screen asks for none', async () => {
    const connected = await connectedTo('jira', { resolution: 'none' });
    const { tickets } = connected.source;
    if (tickets?.kind !== 'jira') throw new Error('it is Jira');
    expect(tickets.transitions.all).toEqual({ to: 'Done', fields: {} });
    const forms = textOf(jiraSending(connected, tickets));
    expect(forms).toContain('project in (ZPA, NET) AND cf[10200] is not EMPTY');
    expect(forms).toContain(connected.address);
  });

  it('of Jira Automation: the header of the secret, and the custom data', async () => {
    const connected = await connectedTo('jira-automation');
    const { tickets } = connected.source;
    if (tickets?.kind !== 'jira') throw new Error('it is Jira');
    const forms = textOf(jiraSending(connected, tickets));
    expect(forms).toContain('x-automation-secret: the secret');
    expect(forms).toContain('{{issue.key}}-{{now}}');
  });

  it('of ServiceNow: accounts with roles, access rules, audit, "when", filter and substitution', async () => {
    const one = textOf(prepareFor(await answersFor('servicenow')).forms);
    expect(one).toContain('itil, zpa_changes_reader');
    for (const table of ['sysapproval_approver', 'sys_audit', 'change_request']) expect(one).toContain(table);
    const sending = textOf(servicenowSending('rule.js', ''));
    for (const text of [
      'async',
      'ZPA action, is not empty',
      'all of rule.js',
      'u0024',
      'The sys_id of the credential is not',
    ])
      expect(sending).toContain(text);
  });

  it('of GitHub and of a tool: the address', async () => {
    const github = await connectedTo('github');
    expect(textOf(githubSending(github))).toContain('acme/zpa-requests > Settings > Webhooks');
    expect(textOf(githubSending(github))).toContain(github.address);
    const tool = await connectedTo('webhook', { proof: 'bearer', results: 'https://tool.example/outcomes' });
    expect(textOf(toolSending(tool))).toContain('x-tool-secret: the secret');
    expect(toolSending(tool).map(({ secret }) => secret)).toEqual(['source', 'tickets']);
  });

  it('are the same for a source that the settings have', async () => {
    for (const system of ['servicenow', 'jira']) {
      const { source } = await connectedTo(system);
      expect(prepareAgain(source).forms).toEqual(prepareFor(await answersFor(system)).forms);
    }
  });

  it('the business rule has its three lines filled in, and nothing else is changed', () => {
    const template = readFileSync(join(import.meta.dirname, '../../../../docs/servicenow/business-rule.js'), 'utf8');
    const filled = fillIn(template, { address: 'https://a.example/$&', credentialId: 'a1', user: "o'brien" });
    const [before, after] = [template.split('\n'), filled.split('\n')];
    expect(after.filter((line, index) => line !== before[index]).map((line) => line.trim())).toEqual([
      "var ADDRESS = 'https://a.example/$&';",
      "var CREDENTIAL = 'a1';",
      String.raw`var INTEGRATION_USER = 'o\'brien';`,
    ]);
    expect(fillIn(template, { address: 'https://a.example', credentialId: '' })).toContain(
      'REPLACE-ME with the sys_id',
    );
  });
});

it.each(SYSTEMS)('a test ticket of %s can change nothing, and says what stays', async (system) => {
  const { steps, stays } = testTicketOf((await connectedTo(system)).source);
  expect(steps.join(' ')).toMatch(/Nothing can come of it|can only cancel/);
  expect(stays).toMatch(/\w/);
});
