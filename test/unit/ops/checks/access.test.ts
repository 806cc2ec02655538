import { describe, expect, it } from 'vitest';
import { checkClock } from '../../../../functions/ops/checks/clock.ts';
import { runCheck, skipped } from '../../../../functions/ops/checks/finding.ts';
import { checkIdentity } from '../../../../functions/ops/checks/identity.ts';
import { checkNode, checkStack } from '../../../../functions/ops/checks/versions.ts';
import { checkWebhook } from '../../../../functions/ops/checks/webhook.ts';
import { AwsCause, AwsError } from '../../../../shared/aws/aws-error.ts';
import { createFakeClock, TEST_START } from '../../../fakes/fake-clock.ts';
import { deniedError } from './denied.ts';

const clock = createFakeClock();
const DAY_MS = 86_400_000;

describe('a check that an error prevents', () => {
  const run = (error: Error) => runCheck({ name: 'x', needs: ['a:Read'], run: () => Promise.reject(error) });

  it('is unknown, and names the rights that it needs; what does not exist is wrong', async () => {
    const says = 'not checked: your AWS rights do not allow a:Read';
    expect(await run(deniedError())).toEqual([expect.objectContaining({ check: 'x', result: 'unknown', says })]);
    const absent = Object.assign(new Error('no table'), { name: 'ResourceNotFoundException' });
    expect(await run(new AwsError('inspection-failed', 'Looking failed', new AwsCause(absent)))).toEqual([
      expect.objectContaining({ result: 'wrong', says: 'does not exist: Looking failed' }),
    ]);
    expect(await run(new Error('no route'))).toEqual([
      expect.objectContaining({ result: 'unknown', says: 'not checked: no route' }),
    ]);
  });
});

describe('the credentials', () => {
  const account = '111122223333';
  const failing = (name: string, status?: number) => () => {
    const cause = Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
    return Promise.reject(new AwsError('identity-unavailable', `failed: ${name}`, new AwsCause(cause)));
  };

  it('are of the account of the stack', async () => {
    const [own] = await checkIdentity({ whoAmI: async () => `arn:aws:iam::${account}:user/Alice`, account });
    expect(own).toEqual({ result: 'ok', says: `you are arn:aws:iam::${account}:user/Alice` });
    const [other] = await checkIdentity({ whoAmI: async () => 'arn:aws:iam::444455556666:user/Alice', account });
    expect(other?.result).toBe('wrong');
  });

  it('are wrong if AWS refuses them or there are none, and unknown if AWS does not answer', async () => {
    const of = async (whoAmI: () => Promise<string>) => (await checkIdentity({ whoAmI, account }))[0]?.result;
    expect(await of(failing('ExpiredToken', 403))).toBe('wrong');
    expect(await of(failing('CredentialsProviderError'))).toBe('wrong');
    expect(await of(failing('TimeoutError'))).toBe('unknown');
    expect(await of(failing('ServiceUnavailable', 503))).toBe('unknown');
  });
});

describe('the versions', () => {
  const state = {
    status: 'UPDATE_COMPLETE',
    isProtected: true,
    madeAt: 0,
    deployedAt: TEST_START - DAY_MS,
    version: '1.2.0',
  };
  const of = async (over: object) =>
    (await checkStack({ cli: '1.2.0', stack: async () => ({ ...state, ...over }), clock })).map(({ result }) => result);

  it('of Node are new enough', () => {
    expect(checkNode({ cli: '1', node: '24.1.0' })[0]?.result).toBe('ok');
    expect(checkNode({ cli: '1', node: '22.9.0' })[0]?.result).toBe('wrong');
  });

  it('of the stack are those of the command line, and its deployment is complete', async () => {
    expect(await of({})).toEqual(['ok']);
    expect(await of({ version: '1.1.0' })).toEqual(['wrong']);
    expect(await of({ version: undefined })).toEqual(['unknown']);
    expect(await of({ isProtected: false })).toEqual(['ok', 'wrong']);
    expect(await of({ status: 'UPDATE_ROLLBACK_COMPLETE' })).toEqual(['wrong']);
    expect(await of({ status: 'UPDATE_IN_PROGRESS' })).toEqual(['unknown']);
  });
});

describe('the clock', () => {
  const of = async (offMs: number, date?: string) => {
    const time = { date: date ?? new Date(TEST_START + offMs).toUTCString(), asked: TEST_START, answered: TEST_START };
    return (await checkClock({ askTime: async () => time }))[0];
  };

  it('is a minute off at the most, either way', async () => {
    expect(await of(0)).toMatchObject({ result: 'ok' });
    expect(await of(60_000)).toMatchObject({ result: 'ok' });
    expect(await of(180_000)).toMatchObject({ result: 'wrong', says: expect.stringContaining('2 minutes behind') });
    expect(await of(-180_000)).toMatchObject({ result: 'wrong', says: expect.stringContaining('2 minutes ahead of') });
    expect(await of(0, 'soon')).toMatchObject({ result: 'unknown' });
  });
});

describe('the webhook', () => {
  const webhook = { url: 'https://hooks.example', source: 'ops', askPlain: async () => ({ status: 405, code: 'x' }) };
  const signed = async (status: number, code: string) =>
    (await checkWebhook({ ...webhook, askSigned: async () => ({ status, code }) }))[0]?.result;

  it('is in order only if it takes the signature', async () => {
    expect(await signed(404, 'unknown-change')).toBe('ok');
    expect(await signed(404, 'unknown-source')).toBe('wrong');
    expect(await signed(401, 'signature-wrong')).toBe('wrong');
    expect(await signed(500, 'no code')).toBe('wrong');
  });

  it('is not called wrong where it is slow, busy or still starting', async () => {
    for (const status of [408, 429, 502, 503, 504]) expect(await signed(status, 'unavailable')).toBe('unknown');
    const late = Object.assign(new Error('no answer', { cause: new DOMException('late', 'TimeoutError') }), {
      code: 'webhook-unreachable',
    });
    const connecting = new Error('fetch failed', {
      cause: Object.assign(new Error('x'), { code: 'UND_ERR_CONNECT_TIMEOUT' }),
    });
    for (const error of [late, connecting]) {
      const [plain] = await checkWebhook({
        ...webhook,
        askPlain: () => Promise.reject(error),
        askSigned: skipped('x'),
      });
      expect(plain).toMatchObject({ result: 'unknown', remedy: expect.stringContaining('again') });
    }
    const [found] = await checkWebhook({ ...webhook, askSigned: () => Promise.reject(late) });
    expect(found?.result).toBe('unknown');
  });

  it('is asked without a signature if there is no way to sign, which stays unchecked', async () => {
    const denied = await checkWebhook({ ...webhook, askSigned: () => Promise.reject(deniedError()) });
    expect(denied.map(({ result }) => result)).toEqual(['ok', 'unknown']);
    const askSigned = skipped('no source');
    const without = await checkWebhook({ ...webhook, askSigned });
    expect(without.map(({ result }) => result)).toEqual(['ok', 'skipped']);
    const silent = await checkWebhook({
      ...webhook,
      askPlain: () => Promise.reject(new Error('x')),
      askSigned,
    });
    expect(silent[0]?.result).toBe('wrong');
  });
});
