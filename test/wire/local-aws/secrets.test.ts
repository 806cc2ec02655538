import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { startWorld } from './world.ts';

describe('Secrets Manager', () => {
  it('answers a secret by name, by ARN and by the ARN without its ending', async () => {
    const { secrets } = await startWorld();
    const created = await secrets.send(new CreateSecretCommand({ Name: 'zc/status', SecretString: 'text' }));
    const arn = created.ARN ?? '';
    expect(arn).toMatch(/^arn:aws:secretsmanager:eu-central-1:\d{12}:secret:zc\/status-[A-Za-z0-9]{6}$/);
    for (const SecretId of ['zc/status', arn, arn.slice(0, -7)]) {
      const read = await secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(read).toMatchObject({ Name: 'zc/status', SecretString: 'text', VersionStages: ['AWSCURRENT'] });
      expect(read.CreatedDate).toBeInstanceOf(Date);
    }
  });

  it('answers the newest value, and the same version to a repeated token', async () => {
    const { secrets } = await startWorld();
    await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'one' }));
    const ClientRequestToken = randomUUID();
    const put = (SecretString: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString, ClientRequestToken }));
    const version = (await put('two')).VersionId;
    expect((await put('two')).VersionId).toBe(version);
    await expect(put('three')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('two');
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(VersionIdsToStages).toEqual({ [version ?? '']: ['AWSCURRENT'] });
  });

  it('names what is missing, and what exists', async () => {
    const { secrets } = await startWorld();
    const missing = secrets.send(new GetSecretValueCommand({ SecretId: 'nowhere' }));
    await expect(missing).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
      $metadata: { httpStatusCode: 400 },
    });
    const create = () => secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });
});
