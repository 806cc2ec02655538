import { afterEach, describe, expect, it } from 'vitest';
import { createSecretStore } from '../../../shared/aws/secret-store.ts';
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
