import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { createSecretReader } from '../../../shared/aws/secret-reader.ts';
import { redactFields } from '../../../shared/runtime/redact.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { type LocalAws, openLocalAws } from './local.ts';
import { openScriptedAws, type ScriptedAnswer } from './scripted-aws.ts';

describe('secrets', () => {
  let local: LocalAws;
  let client: SecretsManagerClient;
  beforeAll(async () => {
    local = await openLocalAws({ 'demo/one': 'first' });
    client = new SecretsManagerClient(clientOptions(local.env));
  });
  afterEach(() => local.aws.faults.clear());
  afterAll(async () => {
    client.destroy();
    await local.aws.close();
  });

  it('are kept for three minutes, and read anew when asked to', async () => {
    const clock = createFakeClock(0, { auto: false });
    const secrets = createSecretReader({ client, clock });
    expect(await secrets.read('demo/one')).toBe('first');
    await client.send(new PutSecretValueCommand({ SecretId: 'demo/one', SecretString: 'second' }));
    await clock.advance(179_999);
    expect(await secrets.read('demo/one')).toBe('first');
    expect(await secrets.read('demo/one', { fresh: true })).toBe('second');
    await client.send(new PutSecretValueCommand({ SecretId: 'demo/one', SecretString: 'third' }));
    await clock.advance(179_999);
    expect(await secrets.read('demo/one')).toBe('second');
    await clock.advance(1);
    expect(await secrets.read('demo/one')).toBe('third');
  });

  it('that are missing are told apart from secrets that cannot be read, and are looked for again after five seconds', async () => {
    const clock = createFakeClock(0, { auto: false });
    const secrets = createSecretReader({ client, clock });
    const missing = { code: 'secret-missing', scope: 'tenant', message: expect.stringContaining('demo/two') };
    await expect(secrets.read('demo/two')).rejects.toMatchObject(missing);
    await client.send(new CreateSecretCommand({ Name: 'demo/two', SecretString: 'there now' }));
    await clock.advance(4999);
    await expect(secrets.read('demo/two')).rejects.toMatchObject(missing);
    await clock.advance(1);
    local.aws.faults.fail({ service: 'secretsmanager' }, 500, 3);
    const unavailable = { code: 'secret-unavailable', scope: 'platform' };
    await expect(secrets.read('demo/two')).rejects.toMatchObject(unavailable);
    expect(await secrets.read('demo/two')).toBe('there now');
  });
});

describe('requests for secrets', () => {
  it('are one per name at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const aws = await openScriptedAws(async ({ body }) => {
      await promise;
      return { body: { SecretString: `text of ${body.SecretId}` } };
    });
    const secrets = createSecretReader({ env: aws.env, clock: createFakeClock() });
    const reads = ['a', 'a', 'b', 'a'].map((name) => secrets.read(name));
    resolve();
    expect(await Promise.all(reads)).toEqual(['text of a', 'text of a', 'text of b', 'text of a']);
    expect(aws.requests.map(({ body }) => body.SecretId).sort()).toEqual(['a', 'b']);
    await aws.close();
  });

  it('are few for a secret that is missing, however often it is asked for', async () => {
    const aws = await openScriptedAws(() => ({ status: 400, body: { __type: 'ResourceNotFoundException' } }));
    const secrets = createSecretReader({ env: aws.env, clock: createFakeClock() });
    const missing = { code: 'secret-missing' };
    for (let n = 0; n < 50; n += 1) await expect(secrets.read('demo/none')).rejects.toMatchObject(missing);
    expect(aws.requests).toHaveLength(1);
    await expect(secrets.read('demo/none', { fresh: true })).rejects.toMatchObject(missing);
    expect(aws.requests).toHaveLength(2);
    await aws.close();
  });

  it('are made past the cache at once, and again after the time that the caller names', async () => {
    const clock = createFakeClock(0, { auto: false });
    let version = 0;
    const aws = await openScriptedAws(() => {
      version += 1;
      return { body: { SecretString: `text ${version}` } };
    });
    const secrets = createSecretReader({ env: aws.env, clock });
    const anew = { anewEveryMs: 10_000 };
    expect(await secrets.read('a')).toBe('text 1');
    // It may have been replaced a moment after it was read.
    expect(await secrets.read('a', anew)).toBe('text 2');
    await clock.advance(9_999);
    expect(await secrets.read('a', anew)).toBe('text 2');
    await clock.advance(1);
    expect(await secrets.read('a', anew)).toBe('text 3');
    expect(await secrets.read('a')).toBe('text 3');
    await aws.close();
  });

  it('past the cache are at most one in the time that the caller names, also while they fail', async () => {
    const clock = createFakeClock(0, { auto: false });
    let fails = false;
    const aws = await openScriptedAws(() =>
      fails ? { status: 400, body: { __type: 'AccessDeniedException' } } : { body: { SecretString: 'text' } },
    );
    const secrets = createSecretReader({ env: aws.env, clock });
    await secrets.read('a');
    fails = true;
    await clock.advance(10_000);
    await expect(secrets.read('a', { anewEveryMs: 10_000 })).rejects.toMatchObject({ code: 'secret-unavailable' });
    for (let n = 0; n < 50; n += 1) expect(await secrets.read('a', { anewEveryMs: 10_000 })).toBe('text');
    expect(aws.requests).toHaveLength(2);
    await aws.close();
  });

  it('leave nothing of the answer in an error', async () => {
    const answers = [
      { status: 400, body: { __type: 'AccessDeniedException', message: 'hush: s3cr3t-text' } },
      { status: 200, body: { SecretBinary: 'czNjcjN0LXRleHQ=' } },
      { status: 200, body: { SecretString: '' } },
      { status: 200, body: { SecretString: { odd: 's3cr3t-text' } } },
    ];
    for (const answer of answers) {
      const aws = await openScriptedAws(() => answer);
      const secrets = createSecretReader({ env: aws.env, clock: createFakeClock() });
      const error: unknown = await secrets.read('demo/one').catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: expect.stringMatching(/^secret-(missing|unavailable)$/) });
      expect(everythingIn(error)).not.toContain('s3cr3t-text');
      expect(everythingIn(error)).not.toContain('czNjcjN0');
      await aws.close();
    }
  });
});

/** Formats an error with all its properties and causes as one text. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const own = Object.getOwnPropertyNames(error).map((name) => `${name}=${String(Reflect.get(error, name))}`);
  return [...own, everythingIn(error.cause ?? null)].join('\n');
}

describe('a secret that cannot be read', () => {
  const readFrom = async (endpoint: string) => {
    const env = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-central-1' };
    const failed: unknown = await createSecretReader({ env, clock: createFakeClock() })
      .read('a')
      .catch((error) => error);
    return redactFields({ error: failed }).error;
  };
  const answeredBy = async (answer: ScriptedAnswer) => {
    const aws = await openScriptedAws(() => answer);
    try {
      return await readFrom(aws.env.AWS_ENDPOINT_URL ?? '');
    } finally {
      await aws.close();
    }
  };

  it('says of a connection that fails how, in the line of the log too', async () => {
    expect(await readFrom('http://127.0.0.1:1')).toMatchObject({
      code: 'secret-unavailable',
      message: 'The secret a could not be read: ECONNREFUSED',
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' },
    });
    const aws = await openScriptedAws(() => ({ body: {} }));
    const overTls = aws.env.AWS_ENDPOINT_URL?.replace('http:', 'https:') ?? '';
    expect(await readFrom(overTls)).toMatchObject({
      message: 'The secret a could not be read: EPROTO',
      cause: { code: 'EPROTO', message: expect.stringContaining('wrong version number') },
    });
    await aws.close();
  });

  it('says nothing of an answer that is none, because its fault quotes it', async () => {
    const quoted = await answeredBy({ text: '{"SecretString": hush' });
    expect(quoted).toMatchObject({ cause: { message: 'not shown' } });
    expect(JSON.stringify(quoted)).not.toContain('hush');
  });
});
