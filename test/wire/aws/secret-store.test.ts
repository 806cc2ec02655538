import { afterEach, describe, expect, it } from 'vitest';
import { AwsCause } from '../../../shared/aws/aws-error.ts';
import { createSecretStore, type SecretStore } from '../../../shared/aws/secret-store.ts';
import { openScriptedAws, type ScriptedAws } from './scripted-aws.ts';

let aws: ScriptedAws | undefined;
afterEach(async () => aws?.close());

const AT = 1_764_576_000;

async function describedBy(status: number, body: object) {
  aws = await openScriptedAws(() => ({ status, body }));
  return createSecretStore({ env: aws.env }).describe('x');
}

describe('a secret without its value', () => {
  const made = { Name: 'x', CreatedDate: AT };
  const stages = (...labels: string[]) => ({ VersionIdsToStages: { one: ['AWSCURRENT', ...labels] } });

  it.each([
    [{ ...made, ...stages(), LastChangedDate: AT + 1 }, 'value', { changedAt: (AT + 1) * 1000, version: 'one' }],
    [{ ...made, ...stages('zpa-changes-rotating') }, 'value', { isRotating: true, changedAt: AT * 1000 }],
    [{ ...made, VersionIdsToStages: { one: ['AWSPREVIOUS'] } }, 'empty', { version: undefined }],
    [made, 'empty', {}],
    [{ ...made, ...stages(), DeletedDate: AT }, 'deleted', { version: 'one' }],
  ])('is told by %j: %s', async (body, state, more) => {
    expect(await describedBy(200, body)).toMatchObject({ name: 'x', state, isRotating: false, ...more });
  });

  it('is not there, or cannot be looked at, which tells nothing of the answer', async () => {
    expect(await describedBy(400, { __type: 'ResourceNotFoundException', message: 'no' })).toBeUndefined();
    await aws?.close();
    const denied = describedBy(400, { __type: 'AccessDeniedException', message: 'hush' });
    await expect(denied).rejects.toMatchObject({
      code: 'secret-unavailable',
      message: expect.not.stringContaining('hush'),
      cause: { name: 'AccessDeniedException', message: 'not shown' },
    });
  });
});

describe('a store that cannot be reached', () => {
  it.each([
    ['looking', (store: SecretStore) => store.describe('x'), 'secret-unavailable'],
    ['writing', (store: SecretStore) => store.create('x', 'hush'), 'secret-not-written'],
  ])('says how the connection failed when %s', async (_, call, code) => {
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'eu-central-1' };
    await expect(call(createSecretStore({ env }))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/ECONNREFUSED$/),
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' },
    });
  });

  it('shows no message of a check by Node, which may quote the value', () => {
    const checked = Object.assign(new TypeError("Received type string ('hush')"), { code: 'ERR_INVALID_ARG_TYPE' });
    expect(new AwsCause(checked, { withMessage: false }).message).toBe('not shown');
  });
});
