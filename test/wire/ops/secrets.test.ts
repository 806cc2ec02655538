import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Console } from '../../../functions/ops/output/terminal.ts';
import { run } from '../../../functions/ops/program.ts';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { deliver } from '../../../local/world/deliver.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

const webhookSecret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const CLIENT = { clientId: 'another-client', clientSecret: 'hush-hush-hush' };
const HUSH = /hush|whsec_/;

let world: World;
let folder: string;
let client: SecretsManagerClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-secrets-'));
  world = await startWorld({ worker: false, schedules: false });
  await writeLocalTarget(world, folder);
  client = new SecretsManagerClient({ ...clientOptions(world.endpoint.environment()), retryMode: 'standard' });
});
afterAll(async () => {
  client.destroy();
  await world.close();
  await rm(folder, { recursive: true });
});

async function zpa(argv: string[], over: Partial<Console> & { input?: string; answer?: boolean } = {}) {
  const console = createRecordingConsole(over);
  const exit = await run(argv, { console, cwd: folder, env: {} });
  const [out, err] = [console.stdout(), console.stderr()];
  expect(out + err + console.asked.join('')).not.toMatch(HUSH);
  return { exit, out, err, asked: console.asked };
}
type Listed = { name: string; state: string };
async function listed(argv: string[] = ['list']): Promise<Listed[]> {
  return JSON.parse((await zpa(['--json', 'secrets', ...argv])).out).secrets;
}
const stateOf = async (name: string) => (await listed()).find((one) => one.name === `zpa-changes/${name}`)?.state;
const storedOf = async (name: string) =>
  JSON.parse((await client.send(new GetSecretValueCommand({ SecretId: `zpa-changes/${name}` }))).SecretString ?? '');
const codeOf = ({ err }: { err: string }) => err.split(':')[0];

/** One delivery that is new, proved by this secret. */
let count = 0;
async function answerTo(secret: string): Promise<number> {
  count += 1;
  const change = {
    ...{ schemaVersion: 1, idempotencyKey: `S-${count}`, tenant: 'acme-prod', action: 'update' },
    ...{ group: { name: 'Intranet' }, set: { enabled: true } },
  };
  const { status } = await deliver(`${world.url}/webhooks/ops`, secret, { changes: [change] });
  return status;
}

describe('secrets list and check', () => {
  it('name everything that the settings need, and find nothing wrong', async () => {
    const { exit, out } = await zpa(['secrets', 'list']);
    expect(exit).toBe(0);
    expect(out).toMatch(/zpa\/acme-prod\/write +present +\S+Z +tenant acme-prod/);
    expect(out).toMatch(/source\/ops +present +\S+Z +source ops/);
    expect(out).toMatch(/status +present/);
    expect(await zpa(['secrets', 'check'])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('secrets are in order'),
    });
  });

  it('say what settings would need that are not pushed yet', async () => {
    const { tenants, sources } = world.configuration;
    const fresh = { system: 'Fresh', catalog: true, tickets: { kind: 'webhook', url: 'https://desk.example' } };
    await writeFile(join(folder, 'next.json'), JSON.stringify({ tenants, sources: { ...sources, fresh } }));
    const { exit, out } = await zpa(['secrets', 'check', '--settings', 'next.json']);
    expect(exit).toBe(1);
    expect(out.match(/\S+ +missing/g)?.map((line) => line.split(' ')[0])).toEqual([
      'source/fresh',
      'tickets/fresh',
      'catalog/fresh',
    ]);
  });

  it('find what is scheduled for deletion, though it is needed, and take a number of days alone', async () => {
    const name = 'zpa/globex-prod/read';
    const value = await storedOf(name);
    await client.send(new DeleteSecretCommand({ SecretId: `zpa-changes/${name}` }));
    const { exit, out } = await zpa(['secrets', 'check']);
    expect(exit).toBe(1);
    expect(out).toMatch(/zpa\/globex-prod\/read +to-be-deleted/);
    expect((await zpa(['secrets', 'set', name], { input: JSON.stringify(value) })).exit).toBe(0);
    expect(await stateOf(name)).toBe('present');
    expect((await zpa(['secrets', 'check', '--max-age', 'ninety'])).exit).toBe(2);
  });
});

describe('secrets set', () => {
  it('makes a secret that a person types unseen, and one that stands on stdin', async () => {
    const next = ['--settings', 'next.json'];
    const typed = await zpa(['secrets', 'set', 'source/fresh', ...next], {
      interactive: true,
      input: webhookSecret(1),
    });
    expect(typed).toMatchObject({ exit: 0, asked: [expect.stringContaining('source/fresh, a secret of the scheme')] });
    expect(await storedOf('source/fresh')).toEqual({ secrets: [webhookSecret(1)] });
    const piped = await zpa(['secrets', 'set', 'catalog/fresh', ...next], { input: `${'hush'.repeat(8)}\n` });
    expect(piped.out).toContain('catalog/fresh is written. Functions use it within seconds.');
    expect(piped).toMatchObject({ exit: 0, asked: [] });
    expect(await storedOf('catalog/fresh')).toEqual({ secrets: ['hush'.repeat(8)] });
    expect(await stateOf('catalog/fresh')).toBe('unused');
    const again = await zpa(['secrets', 'set', 'catalog/fresh', '--yes', ...next], { input: `${'hush'.repeat(9)}\n` });
    expect(again.out).toContain('within three minutes, or as soon as the old value is rejected.');
  });

  it.each([
    ['zpa/acme-prod/write', '{"clientId": "hush", "clientsecret": "hush"}', 'lacks "clientSecret" or "privateKey"'],
    ['zpa/acme-prod/write', '{"clientId": "hush", "privateKey": "hush"}', 'not a PEM private key'],
    ['zpa/acme-prod/write', '{"hush', 'is not JSON'],
    ['source/ops', 'whsec_hush', 'Expected: a secret of the scheme standard-webhooks'],
    ['source/ops', '{"secrets": ["whsec_hush"]}', 'Expected: a secret of the scheme standard-webhooks'],
    ['source/ops', '\n', 'No value was given'],
  ])('writes nothing that the functions could not use: %s, %s', async (name, input, why) => {
    const before = await storedOf(name);
    const { exit, err } = await zpa(['secrets', 'set', name, '--yes'], { input });
    expect(exit).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(why);
    expect(await storedOf(name)).toEqual(before);
  });

  it('takes a text in the form of its scheme as a secret, and never the JSON around a wrong one', async () => {
    const { tenants, sources } = world.configuration;
    const scheme = { kind: 'hmac', header: 'x-signature' };
    await writeFile(
      join(folder, 'hmac.json'),
      JSON.stringify({ tenants, sources: { ...sources, h: { system: 'H', scheme } } }),
    );
    const argv = ['secrets', 'set', 'source/h', '--settings', 'hmac.json'];
    expect((await zpa(argv, { input: '{"secrets": ["hush"]}' })).exit).toBe(2);
    expect((await zpa(argv, { input: 'hush hush hush hush' })).exit).toBe(0);
    expect(await storedOf('source/h')).toEqual({ secrets: ['hush hush hush hush'] });
  });

  it('replaces nothing without a yes', async () => {
    const name = 'zpa/globex-prod/write';
    const before = await storedOf(name);
    const input = JSON.stringify(CLIENT);
    expect(codeOf(await zpa(['secrets', 'set', name], { input }))).toBe('not-confirmed');
    expect((await zpa(['secrets', 'set', name], { input, interactive: true, answer: false })).exit).toBe(130);
    expect(await storedOf(name)).toEqual(before);
    expect((await zpa(['secrets', 'set', name, '--yes'], { input })).exit).toBe(0);
    expect(await storedOf(name)).toEqual(CLIENT);
  });

  it('knows only what the settings need, and leaves the generated one to rotate', async () => {
    const unknown = await zpa(['secrets', 'set', 'source/nobody'], { input: webhookSecret(2) });
    expect(unknown).toMatchObject({ exit: 3, err: expect.stringContaining('zpa/acme-prod/write') });
    expect(codeOf(await zpa(['secrets', 'set', 'status'], { input: 'x' }))).toBe('secret-generated');
  });
});

describe('secrets rotate', () => {
  it('lets no delivery be refused, whichever secret proves it and whenever it comes', async () => {
    const old = await world.sourceSecret('ops');
    const next = webhookSecret(3);
    const answers: number[] = [];
    const keepSending = async (secret: string, until: () => boolean) => {
      do answers.push(await answerTo(secret));
      while (!until());
    };
    let ended = false;
    const oldSender = keepSending(old, () => ended);
    expect((await zpa(['secrets', 'rotate', 'source/ops'], { input: next })).exit).toBe(0);
    expect(await storedOf('source/ops')).toEqual({ secrets: [next, old] });
    expect(await stateOf('source/ops')).toBe('rotating');
    const newSender = keepSending(next, () => ended);
    await zpa(['secrets', 'list']);
    ended = true;
    await Promise.all([oldSender, newSender]);
    expect(new Set(answers)).toEqual(new Set([202]));
    expect((await zpa(['secrets', 'rotate', 'source/ops', '--finish', '--yes'])).exit).toBe(0);
    expect(await storedOf('source/ops')).toEqual({ secrets: [next] });
    expect(await stateOf('source/ops')).toBe('present');
    expect(await answerTo(next)).toBe(202);
  });

  it('begins no second one while the first lasts, and ends none that was not begun', async () => {
    const rotate = ['secrets', 'rotate', 'source/jira'];
    const { secrets } = await storedOf('source/jira');
    expect(await zpa([...rotate, '--finish', '--yes'])).toMatchObject({ exit: 3 });
    expect(codeOf(await zpa(rotate, { input: secrets[0] }))).toBe('secret-same');
    expect((await zpa(rotate, { input: webhookSecret(4) })).exit).toBe(0);
    expect(codeOf(await zpa(rotate, { input: webhookSecret(5) }))).toBe('rotation-lasts');
    expect(codeOf(await zpa([...rotate, '--undo']))).toBe('not-confirmed');
    expect((await zpa([...rotate, '--undo', '--yes'])).exit).toBe(0);
    expect(await storedOf('source/jira')).toEqual({ secrets });
  });

  it('generates the key of status links, and keeps the former one', async () => {
    const status = async () =>
      (await client.send(new GetSecretValueCommand({ SecretId: 'zpa-changes/status' }))).SecretString;
    const before = await status();
    const { exit } = await zpa(['secrets', 'rotate', 'status']);
    expect(exit).toBe(0);
    expect(JSON.parse((await status()) ?? '')).toEqual({ secrets: [expect.stringMatching(/^[\w-]{64}$/), before] });
    expect(await answerTo(webhookSecret(3))).toBe(202);
  });

  it('replaces what is one credential as a whole, after a yes', async () => {
    const rotate = ['secrets', 'rotate', 'zpa/acme-prod/read'];
    const input = JSON.stringify(CLIENT);
    expect(codeOf(await zpa(rotate, { input }))).toBe('not-confirmed');
    expect((await zpa([...rotate, '--yes'], { input })).exit).toBe(0);
    expect(await storedOf('zpa/acme-prod/read')).toEqual(CLIENT);
    expect(codeOf(await zpa([...rotate, '--finish']))).toBe('no-rotation');
  });

  it('makes a value for a person who gives none, and shows it once, on the screen alone', async () => {
    const rotate = ['secrets', 'rotate', 'source/jira'];
    const { secrets } = await storedOf('source/jira');
    const console = createRecordingConsole({ interactive: true, input: '' });
    const exit = await run(rotate, { console, cwd: folder, env: {} });
    const [made = ''] = /^ {3}\S+$/m.exec(console.stderr()) ?? [];
    expect([exit, console.asked[0]]).toEqual([0, expect.stringContaining('Enter alone makes one')]);
    expect(console.stdout()).not.toContain(made.trim());
    expect(await storedOf('source/jira')).toEqual({ secrets: [made.trim(), ...secrets] });
    expect((await zpa([...rotate, '--undo', '--yes'])).exit).toBe(0);
    // Nobody would see a value that is made without a person.
    expect(codeOf(await zpa(rotate, { input: '' }))).toBe('secret-empty');
  });

  it('says what to do where there is nothing to rotate', async () => {
    await client.send(new DeleteSecretCommand({ SecretId: 'zpa-changes/zpa/acme-prod/read' }));
    const { exit, err } = await zpa(['secrets', 'rotate', 'zpa/acme-prod/read'], { input: JSON.stringify(CLIENT) });
    expect(exit).toBe(3);
    expect(err).toContain('zpa-changes secrets set zpa/acme-prod/read');
  });
});

describe('somebody else who writes the same secret meanwhile', () => {
  let former = '';
  const desk = ['source/desk', '--settings', 'desk.json'];
  beforeAll(async () => {
    former = await world.sourceSecret('servicenow');
    const { tenants, sources } = world.configuration;
    const settings = { tenants, sources: { ...sources, desk: { system: 'Desk' } } };
    await writeFile(join(folder, 'desk.json'), JSON.stringify(settings));
  });

  it.each([
    { mine: ['rotate', 'source/servicenow'], theirs: ['rotate', 'source/servicenow'], left: [6, 0] },
    { mine: ['rotate', 'source/servicenow', '--finish'], theirs: ['rotate', 'source/servicenow', '--undo'], left: [0] },
    { mine: ['set', ...desk], theirs: ['set', ...desk], left: [6] },
    { mine: ['set', ...desk], theirs: ['set', ...desk], left: [6] },
  ])('keeps what they wrote, and says so: $mine beside $theirs', async ({ mine, theirs, left }) => {
    const meanwhile = async () => {
      const { exit } = await zpa(['secrets', ...theirs, '--yes'], { input: webhookSecret(6) });
      expect(exit).toBe(0);
    };
    const over = {
      interactive: true,
      ask: async () => {
        await meanwhile();
        return true;
      },
      askSecret: async () => {
        await meanwhile();
        return webhookSecret(7);
      },
    };
    const { exit, err } = await zpa(['secrets', ...mine], over);
    expect({ exit, code: codeOf({ err }) }).toEqual({ exit: 1, code: 'secret-taken' });
    const expected = left.map((byte) => (byte === 0 ? former : webhookSecret(byte)));
    expect(await storedOf(mine[1] ?? '')).toEqual({ secrets: expected });
  });
});

describe('a ZPA client that is rotated while changes flow', () => {
  it('lets every change be applied, also after the old client is deleted in ZPA', async () => {
    await using closing = new AsyncDisposableStack();
    const flowing = await startWorld({ timeFactor: 20, schedules: false });
    closing.defer(() => flowing.close());
    const target = join(folder, 'flowing');
    await writeLocalTarget(flowing, target);
    const second = { clientId: 'second', clientSecret: 'hush-hush-hush' };
    const keys = ['F-1', 'F-2', 'F-3', 'F-4'];
    const send = (key: string) =>
      flowing.deliver('ops', {
        changes: [
          { schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', action: 'create', group: { name: key } },
        ],
      });
    await send('F-1');
    await flowing.awaitSettled(flowing.refs('ops', ['F-1']));
    await send('F-2');
    flowing.simulator.addCredential(second);
    const argv = [
      '--target',
      join(target, '.zpa-changes/local.json'),
      'secrets',
      'rotate',
      'zpa/acme-prod/write',
      '--yes',
    ];
    expect((await zpa(argv, { input: JSON.stringify(second) })).exit).toBe(0);
    await send('F-3');
    // The old client's secret is another one now, so that nobody signs in with it any more.
    flowing.simulator.addCredential({ clientId: 'simulator', clientSecret: 'deleted' });
    flowing.simulator.expireTokens();
    await send('F-4');
    const records = await flowing.awaitSettled(flowing.refs('ops', keys));
    expect(records.map(({ outcome }) => outcome?.kind)).toEqual(['applied', 'applied', 'applied', 'applied']);
  });
});

describe('a store that cannot be reached', () => {
  it('is said so, with nothing of the value', async () => {
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    world.endpoint.faults.fail({ service: 'secretsmanager', operation: 'PutSecretValue' }, 500, 3);
    await writeFile(join(folder, 'local.json'), JSON.stringify(target));
    const { exit, err } = await zpa(['--target', 'local.json', 'secrets', 'set', 'zpa/globex-prod/write', '--yes'], {
      input: JSON.stringify(CLIENT),
    });
    expect(exit).toBe(4);
    expect(err).toContain('secret-not-written');
    world.endpoint.faults.clear();
  });
});
