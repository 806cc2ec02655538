import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT, OpsError } from '../../../functions/ops/output/exit-codes.ts';
import type { Console } from '../../../functions/ops/output/terminal.ts';
import { findTarget } from '../../../functions/ops/session/find-target.ts';
import { environmentOf } from '../../../functions/ops/session/settings.ts';
import { clientFrom } from '../../../shared/aws/clients.ts';
import { settingsKey } from '../../../shared/aws/settings/settings-item.ts';
import { allOk, findingsOf, UNCONNECTED } from './connect-walk.ts';
import { useScene } from './use-scene.ts';

const scene = useScene(UNCONNECTED);
const { zpa } = scene;

/** A person who answers questions by what they contain, takes presets, and enters a password. */
function person(answers: Record<string, string>): Partial<Console> & { input: string } {
  return {
    interactive: true,
    input: 'local',
    askText: async ({ message, preset = '', fault }) => {
      const answer = Object.entries(answers).find(([part]) => message.includes(part))?.[1] ?? preset;
      const says = fault(answer);
      if (says !== undefined) throw new Error(`${message}: ${answer} ${says}`);
      return answer;
    },
  };
}

describe('connect, with a person at a terminal', () => {
  it('asks, confirms the settings, and shows the secret once, on the screen alone', async () => {
    const answers = { 'Ticket system': 'github', 'ZPA tenant': 'acme-prod', Repository: 'acme/zpa-requests' };
    const { exit, out, err, asked } = await zpa(['connect', 'github'], person(answers));
    expect(exit).toBe(6);
    expect(asked).toEqual(['Push this as version 2?']);
    const [secret = ''] = /^ {3}\S{43}$/m.exec(err) ?? [];
    expect(secret.trim()).toBe(await scene.world.sourceSecret('github'));
    expect(out).not.toContain(secret.trim());
    expect(out).toContain('Payload URL');
    // The test ticket is asked for once the functions have the settings.
    expect(out).toMatch(/✓ webhook [\s\S]*A test ticket/);
    const again = await zpa(['connect', 'github'], person({}));
    expect(again.err + again.out).not.toContain(secret.trim());
    expect(again.out).toContain('source/github was made before');
  });

  it('interrupted at a question, says that it goes on, which it does', async () => {
    const answers = { 'Ticket system': 'webhook', 'ZPA tenant': 'acme-prod', 'Name of the tool': 'Broken off' };
    const { askText, ...rest } = person(answers);
    const breaking: Console['askText'] = async (question) => {
      if (question.message.startsWith('Press Enter')) {
        throw new OpsError(EXIT.interrupted, 'interrupted', 'Nothing was done.', 'Answer.');
      }
      return askText?.(question) ?? '';
    };
    const { exit, err } = await zpa(['connect', 'broken'], { ...rest, askText: breaking });
    expect({ exit, says: err.split('\n').filter((line) => line.startsWith('interrupted')) }).toEqual({
      exit: 130,
      says: ['interrupted: What was written stays.'],
    });
    expect((await zpa(['connect', 'broken'], person({}))).out).toContain('The settings have this source.');
  });

  it('interrupted before anything is written, prints the command that gives the answers again', async () => {
    const { askText, ...rest } = person({
      'Ticket system': 'webhook',
      'ZPA tenant': 'acme-prod',
      'Name of': 'IT desk',
    });
    const breaking: Console['askText'] = async (question) => {
      if (!question.message.startsWith('How the tool proves')) return askText?.(question) ?? '';
      throw new OpsError(EXIT.interrupted, 'interrupted', 'Nothing was done.', 'Answer.');
    };
    const { exit, err } = await zpa(['connect', 'early', '--groups', 'Web *'], { ...rest, askText: breaking });
    const line = "zpa-changes connect early --system webhook --tenant acme-prod --groups 'Web *' --tool 'IT desk'";
    expect(err).toContain(`\n  ${line}\n`);
    expect({ exit, err }).toEqual({ exit: 130, err: expect.stringContaining('interrupted: Nothing was written.') });
  });

  it('writes nothing if the settings are not confirmed', async () => {
    const answers = { 'Ticket system': 'webhook', 'ZPA tenant': 'acme-prod' };
    const { exit } = await zpa(['connect', 'tool'], { ...person(answers), answer: false });
    expect(exit).toBe(130);
    expect((await zpa(['sources', 'list'])).out).not.toContain('tool');
  });

  it('asks for the password of ServiceNow once, for both names of its secret', async () => {
    const url = scene.world.ticketSystems?.addresses.servicenow ?? '';
    const answers = { 'Ticket system': 'servicenow', 'ZPA tenant': 'acme-prod', Address: url };
    const { asked, out } = await zpa(['connect', 'snow'], person(answers));
    expect(asked).toEqual(['Push this as version 4?', 'Password of zpa.changes:']);
    for (const name of ['source/snow', 'tickets/snow', 'tickets-read/snow'])
      expect(out).toContain(`${name} is stored.`);
  });
});

describe('connect, with flags that the system does not take', () => {
  const FLAGS = ['--system', 'github', '--repository', 'acme/zpa-requests', '--tenant', 'acme-prod', '--secrets', '.'];

  it.each<[string, string[], string]>([
    ['of another system', ['--email', 'kim@acme.example'], '--email: only jira or jira-automation takes it'],
    ['of ServiceNow', ['--user', 'zpa.changes'], '--user: only servicenow takes it'],
    ['of a tool that takes results', ['--id-pattern', 'R'], '--id-pattern: only webhook with --results takes it'],
    ['of a tenant', ['--microtenant', 'emea'], '--microtenant: only a tenant with several microtenants takes it'],
    ['of the business rule', ['--credential-id', '3f'.repeat(16)], '--credential-id: only servicenow takes it'],
  ])('refuses one %s by its name, and writes nothing', async (_, more, says) => {
    const { exit, err } = await zpa(['connect', 'flagged', ...FLAGS, ...more, '--yes']);
    expect([exit, err]).toEqual([2, expect.stringContaining(says)]);
    expect((await zpa(['sources', 'list'])).out).not.toContain('flagged');
  });

  it('refuses a credential that is no sys_id', async () => {
    const flags = ['--system', 'servicenow', '--tenant', 'acme-prod', '--url', 'https://acme.service-now.com'];
    const { exit, err } = await zpa(['connect', 'flagged', ...flags, '--credential-id', 'zpa', '--secrets', '.']);
    expect([exit, err]).toEqual([2, expect.stringContaining('--credential-id: must be 32 letters and digits')]);
  });

  it('refuses them too where it goes on, and another system than the one of the source', async () => {
    const again = (...more: string[]) => zpa(['connect', 'github', '--secrets', '.', '--wait', '0', ...more]);
    expect((await again(...FLAGS)).exit).toBe(6);
    expect(await again('--user', 'kim')).toMatchObject({
      ...{ exit: 2, err: expect.stringContaining('--user: only servicenow takes it') },
    });
    expect(await again('--system', 'jira')).toMatchObject({
      ...{ exit: 2, err: expect.stringContaining('--system: the source github is of github') },
    });
  });
});

describe('connect, without a person', () => {
  it('makes no secret that nobody could read', async () => {
    const flags = ['--system', 'webhook', '--tenant', 'acme-prod', '--yes'];
    const { exit, err } = await zpa(['connect', 'tool', ...flags]);
    expect(exit).toBe(2);
    expect(err).toContain('connect-secret: ');
    expect(err).toContain('--secrets');
  });

  it('completes a source that sends changes itself, whose grants stay', async () => {
    const settings = JSON.parse((await zpa(['settings', 'show'])).out);
    const grants = [{ tenants: ['acme-prod'], actions: ['update'], groups: ['Web *'] }];
    settings.sources.plain = { system: 'Plain', grants };
    const pushed = await zpa(['settings', 'push', '-', '--yes'], { input: JSON.stringify(settings) });
    expect(pushed.exit).toBe(0);
    const flags = ['--system', 'webhook', '--tenant', 'acme-prod', '--tool', 'Plain', '--secrets', '.', '--yes'];
    expect((await zpa(['connect', 'plain', ...flags])).exit).toBe(6);
    const { sources } = JSON.parse((await zpa(['settings', 'show'])).out);
    expect(sources.plain).toMatchObject({ mapping: { preset: 'flat-json' }, approval: { trustPayload: true }, grants });
  });

  it.each(['ops', 'Not A Name'])('refuses the name %s', async (name) => {
    expect(await zpa(['connect', name])).toMatchObject({ exit: 2, err: expect.stringMatching(/^bad-name: /) });
  });
});

describe('connect, GitHub', () => {
  it('sees the delivery of a closed issue, which can only cancel', async () => {
    const steps = () =>
      findingsOf(zpa(['--json', 'connect', 'github', '--ticket', '7', '--wait', '0', '--secrets', '.']));
    expect(await steps()).toMatchObject({
      exit: 6,
      steps: {
        ...allOk('webhook'),
        delivery: { result: 'unknown', remedy: expect.stringContaining('Recent Deliveries') },
      },
    });
    const issue = { number: 7, state: 'closed', user: { login: 'sam-oduya' } };
    const input = JSON.stringify({ action: 'closed', issue, sender: { login: 'sam' } });
    expect(await zpa(['sources', 'sign', 'github', '-'], { input })).toMatchObject({ exit: 0 });
    expect(await steps()).toMatchObject({ exit: 0, steps: allOk('webhook', 'delivery') });
  });
});

describe('connect, a tool of one’s own', () => {
  beforeAll(async () => {
    const results = scene.world.ticketSystems?.addresses.webhook ?? '';
    const flags = ['--system', 'webhook', '--tenant', 'acme-prod', '--tool', 'Own tool', '--results', results];
    expect(await zpa(['connect', 'own', ...flags, '--secrets', '.', '--yes'])).toMatchObject({ exit: 6 });
  });

  it('sees the request that waits, and that its plan was taken', async () => {
    const steps = (wait = '0') => findingsOf(zpa(['--json', 'connect', 'own', '--ticket', 'REQ-1', '--wait', wait]));
    expect((await steps()).steps).toMatchObject({ delivery: { result: 'unknown' }, plan: { result: 'unknown' } });
    const request = { ticket: 'REQ-1', status: 'waiting', requestedBy: 'kim', action: 'Rename group' };
    const input = JSON.stringify({ ...request, group: 'zpa-changes connection test' });
    expect(await zpa(['sources', 'sign', 'own', '-'], { input })).toMatchObject({ exit: 0 });
    expect(await steps('60')).toMatchObject({ exit: 0, steps: allOk('webhook', 'delivery', 'plan') });
  });
});

describe('connect, where the newest settings cannot be read', () => {
  it('says so, and names the way back', async () => {
    const { target } = findTarget({ cwd: scene.folder, env: {}, file: undefined });
    const client = clientFrom({ env: environmentOf(target, {}) }, DynamoDBClient);
    const spoilt = { ...settingsKey(99), pushedBy: 'lena', pushedAt: 1 };
    const put = new PutCommand({ TableName: target.env.SETTINGS_TABLE, Item: spoilt });
    await DynamoDBDocumentClient.from(client).send(put);
    const { exit, err } = await zpa(['connect', 'later', '--system', 'github', '--repository', 'a/b', '--yes']);
    expect({ exit, err }).toMatchObject({ exit: 4, err: expect.stringMatching(/^settings-unreadable: Version 99 /) });
    expect(err).toContain('zpa-changes settings rollback');
  });
});
