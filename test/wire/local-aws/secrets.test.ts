import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
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

  it('takes the id of an older version for no other value', async () => {
    const { secrets } = await startWorld();
    await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'one' }));
    const ClientRequestToken = randomUUID();
    await secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'two', ClientRequestToken }));
    await secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'three' }));
    const again = secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'four', ClientRequestToken }));
    await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('three');
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

  it('lists by the beginnings of names, page by page', async () => {
    const { secrets } = await startWorld();
    for (const Name of ['a/2', 'a/1', 'a/3', 'b/a/1']) {
      await secrets.send(new CreateSecretCommand({ Name, SecretString: 'x' }));
    }
    const Filters = [{ Key: 'name' as const, Values: ['a/'] }];
    const first = await secrets.send(new ListSecretsCommand({ Filters, MaxResults: 2 }));
    expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['a/1', 'a/2']);
    expect(first.SecretList?.[0]?.LastChangedDate).toBeInstanceOf(Date);
    expect(Object.values(first.SecretList?.[0]?.SecretVersionsToStages ?? {})).toEqual([['AWSCURRENT']]);
    const next = await secrets.send(new ListSecretsCommand({ Filters, MaxResults: 2, NextToken: first.NextToken }));
    expect(next.SecretList?.map(({ Name }) => Name)).toEqual(['a/3']);
    expect(next.NextToken).toBeUndefined();
  });

  it('attaches the labels that a new value is given', async () => {
    const { secrets } = await startWorld();
    await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'one' }));
    const VersionStages = ['AWSCURRENT', 'two'];
    await secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'two', VersionStages }));
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(Object.values(VersionIdsToStages)).toEqual([VersionStages]);
  });

  it('neither reads, writes nor lists a secret that is to be deleted, until it is restored', async () => {
    const { secrets } = await startWorld();
    await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'one' }));
    await secrets.send(new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays: 7 }));
    for (const refused of [
      () => secrets.send(new GetSecretValueCommand({ SecretId: 's' })),
      () => secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'two' })),
      () => secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'two' })),
      () => secrets.send(new DeleteSecretCommand({ SecretId: 's' })),
    ]) {
      await expect(refused()).rejects.toMatchObject({ name: 'InvalidRequestException' });
    }
    expect((await secrets.send(new DescribeSecretCommand({ SecretId: 's' }))).DeletedDate).toBeInstanceOf(Date);
    expect((await secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
    const all = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true }));
    expect(all.SecretList).toMatchObject([{ Name: 's', DeletedDate: expect.any(Date) }]);
    await secrets.send(new RestoreSecretCommand({ SecretId: 's' }));
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('one');
  });
});
