import { describe, expect, it } from 'vitest';
import { expectedSecrets } from '../../../../functions/ops/checks/expected-secrets.ts';
import { checkLanes } from '../../../../functions/ops/checks/lanes.ts';
import { checkSecrets, type Secrets } from '../../../../functions/ops/checks/secrets.ts';
import { checkSettings } from '../../../../functions/ops/checks/settings.ts';
import { checkTenants } from '../../../../functions/ops/checks/tenants.ts';
import type { SecretEntry } from '../../../../shared/aws/secret-store.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { createFakeClock, TEST_START } from '../../../fakes/fake-clock.ts';
import { createMemorySecrets } from '../../../fakes/memory-secrets.ts';
import { createMemorySettings } from '../../../fakes/memory-settings.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { deniedError } from './denied.ts';

const clock = createFakeClock();
const HOUR_MS = 3_600_000;

const configuration = configurationSchema.parse({
  name: 'prod',
  tenants: { acme: { customerId: '1', vanity: 'acme' }, old: { customerId: '2', auth: 'legacy' } },
  sources: {
    ops: { system: 'operators' },
    desk: {
      system: 'Jira',
      scheme: { kind: 'jira' },
      catalog: true,
      tickets: { kind: 'jira', url: 'https://acme.atlassian.net' },
    },
  },
});

describe('the settings', () => {
  const stack = { name: 'prod', allowsEndpoints: false };
  const version = { version: 1, pushedAt: TEST_START - 2 * HOUR_MS, pushedBy: 'arn:aws:iam::1:user/Alice' };
  const text = JSON.stringify({ tenants: {}, sources: {} });
  const check = async (store: ReturnType<typeof createMemorySettings>) =>
    (await checkSettings({ store, stack, clock }))[0];

  it('are in force, with their age and who pushed them', async () => {
    const store = createMemorySettings();
    expect(await check(store)).toMatchObject({ result: 'wrong', says: 'no settings have been pushed yet' });
    await store.put({ ...version, text });
    const says = 'version 1 is in use, pushed 2 hours ago by arn:aws:iam::1:user/Alice; 0 tenants, 0 sources';
    expect(await check(store)).toEqual({ result: 'ok', says });
  });

  it('are wrong if the newest version cannot be used, whatever is in force instead', async () => {
    const store = createMemorySettings();
    await store.put({ ...version, text });
    await store.put({ ...version, version: 2, text: '{"tenants":{},"sources":{"a":{}}}' });
    const says = expect.stringMatching(/^version 2 cannot be used: sources\.a\.system .*; version 1 is in use$/);
    expect(await check(store)).toMatchObject({ result: 'wrong', says });
    const only = createMemorySettings();
    only.corrupt();
    expect(await check(only)).toMatchObject({ says: expect.stringContaining('no version can be used') });
  });
});

describe('the secrets', () => {
  const expected = expectedSecrets(configuration);
  const good: Record<string, string> = {
    'prod/zpa/acme/read': '{"clientId":"a","clientSecret":"b"}',
    'prod/zpa/old/read': '{"clientId":"a","clientSecret":"b"}',
    'prod/source/ops': JSON.stringify({ secrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`] }),
    'prod/source/desk': JSON.stringify({ secrets: ['x'.repeat(32)] }),
    'prod/tickets/desk': '{"email":"a@b.c","apiToken":"t"}',
    'prod/tickets-read/desk': '{"email":"a@b.c","apiToken":"t"}',
    'prod/catalog/desk': JSON.stringify({ secrets: ['y'.repeat(32)] }),
  };
  const entry = (name: string, state: SecretEntry['state']): SecretEntry => {
    return { name, state, changedAt: 1, isRotating: false, version: 'v' };
  };
  const check = async (texts: Record<string, string>, over: Partial<Secrets> = {}) => {
    const { read } = createMemorySecrets(texts);
    const found = await checkSecrets({
      expected,
      read,
      describe: async (name) => entry(name, 'value'),
      ...over,
    });
    return Object.fromEntries(found.map(({ subject = '', result, says }) => [subject, `${result}: ${says}`]));
  };

  it('are those of every tenant and source, each in its form', async () => {
    const found = await check(good);
    expect(Object.keys(found).sort()).toEqual(
      [...Object.keys(good), 'prod/zpa/acme/write', 'prod/zpa/old/write', 'prod/status'].sort(),
    );
    expect(Object.values(found).filter((one) => !one.startsWith('ok'))).toEqual([]);
  });

  it.each(Object.keys(good))('%s is malformed with another content, of which nothing is shown', async (name) => {
    const found = await check({ ...good, [name]: '{"hunter2":"hunter2"}' });
    expect(found[name]).toMatch(/^wrong: is malformed/);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('of a legacy tenant is no private key', async () => {
    const { privateKey } = await import('node:crypto').then(({ generateKeyPairSync }) =>
      generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }),
    );
    const text = JSON.stringify({ clientId: 'a', privateKey });
    const found = await check({ ...good, 'prod/zpa/old/read': text, 'prod/zpa/acme/read': text });
    expect(found['prod/zpa/old/read']).toMatch(/^wrong/);
    expect(found['prod/zpa/acme/read']).toMatch(/^ok/);
  });

  it('are mended by a command, the generated one by a deployment', async () => {
    const { read } = createMemorySecrets({ ...good, 'prod/source/ops': 'x' });
    const found = await checkSecrets({ expected, read, describe: async () => undefined });
    const remedies = Object.fromEntries(found.map(({ subject = '', remedy }) => [subject, remedy]));
    expect(remedies).toMatchObject({
      'prod/zpa/acme/write': 'zpa-changes secrets set zpa/acme/write',
      'prod/source/ops': 'zpa-changes secrets set source/ops',
      'prod/status': 'Deploy the stack, which makes it.',
    });
  });

  it('are missing, being deleted, or unknown if they may not be read', async () => {
    const { 'prod/source/ops': _, ...rest } = good;
    expect((await check(rest))['prod/source/ops']).toBe('wrong: is missing');
    const deleted = await check(good, { describe: async (name) => entry(name, 'deleted') });
    expect(deleted['prod/zpa/acme/write']).toMatch(/^wrong: is scheduled for deletion/);
    const denied = await check(good, { read: () => Promise.reject(deniedError()) });
    expect(denied['prod/source/ops']).toMatch(/^unknown: exists; its format was not checked/);
    const none = await check(good, {
      read: () => Promise.reject(deniedError()),
      describe: async () => undefined,
    });
    expect(none['prod/source/ops']).toBe('wrong: is missing');
    const empty = await check(good, { describe: async (name) => entry(name, 'empty') });
    expect(empty['prod/zpa/acme/write']).toBe('wrong: is missing');
    const blind = await check(good, { describe: () => Promise.reject(deniedError()) });
    expect(blind['prod/zpa/acme/write']).toMatch(/^unknown: .*secretsmanager:DescribeSecret/);
  });
});

describe('the tenants', () => {
  const failing = (fault: Parameters<typeof aFault>[0], of?: string) => async (_: string, subject: string) => {
    if (of !== undefined && of !== subject) return;
    throw Object.assign(new Error('GET /v1/x: refused'), { fault: aFault(fault) });
  };
  const check = (probe: (tenant: string, of: string) => Promise<void>) => checkTenants({ names: ['acme'], probe });

  it('let the read credential read what plans need; what it may write stays open', async () => {
    const found = await check(async () => undefined);
    expect(found.map(({ result }) => result)).toEqual(['ok', 'skipped']);
    expect(found[1]).toMatchObject({ subject: 'acme', says: expect.stringContaining('--probe') });
  });

  it('refuse a credential that is wrong or too narrow', async () => {
    const refused = await check(failing({ code: 'sign-in-refused', status: 401 }));
    expect(refused).toMatchObject([{ result: 'wrong', says: expect.stringContaining('ZPA rejects') }]);
    const narrow = await check(failing({ code: 'forbidden', status: 403 }, 'rules'));
    expect(narrow).toMatchObject([{ result: 'wrong', says: expect.stringContaining('may not read policy rules') }]);
    expect(await check(failing({ code: 'no-such-route', status: 404 }))).toMatchObject([{ result: 'wrong' }]);
  });

  it('are unknown if they cannot be asked', async () => {
    const denied = async () => {
      throw new Error('the secret could not be read', { cause: deniedError() });
    };
    expect(await check(denied)).toMatchObject([{ says: expect.stringContaining('secretsmanager:GetSecretValue') }]);
    for (const code of ['unreachable', 'secret-missing', 'gateway-error'])
      expect(await check(failing({ code }))).toMatchObject([{ result: 'unknown' }]);
  });
});

describe('the lanes', () => {
  const since = TEST_START - HOUR_MS;
  const stopped = { code: 'sign-in-refused', sentence: 'No.', since, tries: 1, probeAt: 0, alarmed: true };
  const findings = (over: object) =>
    checkLanes({
      tenants: configuration.tenants,
      ledger: { readLane: async (lane) => ({ ...newLane(lane), ...over }) },
      clock,
    });
  const check = async (over: object) => (await findings(over)).map(({ result }) => result);

  it('say the cause of a stop once, as the list of lanes does', async () => {
    const [first] = await findings({ stopped: { ...stopped, code: 'connection-lost', sentence: 'connection-lost' } });
    expect(first?.says).toMatch(/ ago: ZPA gave no usable answer \(connection-lost\)$/);
  });

  it('stand still for the tenants that are at fault', async () => {
    expect(await check({})).toEqual(['ok', 'ok']);
    expect(await check({ paused: { by: 'lena', reason: 'x', since } })).toEqual(['wrong', 'wrong']);
    expect(await check({ stopped })).toEqual(['wrong', 'wrong']);
    expect(await check({ stopped: { ...stopped, tenants: ['old'] } })).toEqual(['ok', 'wrong']);
  });

  it('are unknown if the ledger may not be read', async () => {
    const ledger = { readLane: () => Promise.reject(deniedError()) };
    const [first] = await checkLanes({ tenants: configuration.tenants, ledger, clock });
    expect(first).toMatchObject({ result: 'unknown', subject: 'acme' });
  });
});
