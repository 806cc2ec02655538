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
import { machineClock } from '../../../local/aws/common/scaled-clock.ts';
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

  it('keeps the previous value when a new one is put', async () => {
    const { secrets } = await startWorld();
    await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'one' }));
    const put = (SecretString: string) => secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString }));
    await put('two');
    await put('three');
    const read = async (VersionStage?: string) => {
      const wanted = VersionStage === undefined ? {} : { VersionStage };
      return (await secrets.send(new GetSecretValueCommand({ SecretId: 's', ...wanted }))).SecretString;
    };
    expect([await read(), await read('AWSCURRENT'), await read('AWSPREVIOUS')]).toEqual(['three', 'three', 'two']);
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(
      Object.values(VersionIdsToStages ?? {})
        .flat()
        .sort(),
    ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('carries binary values', async () => {
    const { secrets } = await startWorld();
    await secrets.send(new CreateSecretCommand({ Name: 'b', SecretBinary: Buffer.from([0, 255]) }));
    const { SecretBinary } = await secrets.send(new GetSecretValueCommand({ SecretId: 'b' }));
    expect([...(SecretBinary ?? [])]).toEqual([0, 255]);
  });

  it('names what is missing, and what exists', async () => {
    const { secrets } = await startWorld();
    const missing = secrets.send(new GetSecretValueCommand({ SecretId: 'nowhere' }));
    await expect(missing).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
      $metadata: { httpStatusCode: 400 },
    });
    await secrets.send(new CreateSecretCommand({ Name: 'empty' }));
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'empty' }))).rejects.toThrow(
      'staging label: AWSCURRENT',
    );
    const again = secrets.send(new CreateSecretCommand({ Name: 'empty' }));
    await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('forgets a deleted secret at the end of its recovery window', async () => {
    let ahead = 0;
    const { secrets } = await startWorld({ clock: { ...machineClock, now: () => Date.now() + ahead } });
    const create = () => secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
    await create();
    await secrets.send(new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays: 7 }));
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestException' });
    ahead = 7 * 86_400_000 + 1000;
    await create();
  });

  it('lists by name, and hides what is to be deleted until it is restored', async () => {
    const { secrets } = await startWorld();
    for (const Name of ['zc/a', 'zc/b', 'other'])
      await secrets.send(new CreateSecretCommand({ Name, SecretString: 'x' }));
    const names = async () => {
      const listed = await secrets.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['zc/'] }] }));
      return listed.SecretList?.map((one) => one.Name);
    };
    expect(await names()).toEqual(['zc/a', 'zc/b']);
    await secrets.send(new DeleteSecretCommand({ SecretId: 'zc/a', RecoveryWindowInDays: 7 }));
    expect(await names()).toEqual(['zc/b']);
    const read = new GetSecretValueCommand({ SecretId: 'zc/a' });
    await expect(secrets.send(read)).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await secrets.send(new RestoreSecretCommand({ SecretId: 'zc/a' }));
    expect((await secrets.send(read)).SecretString).toBe('x');
    await secrets.send(new DeleteSecretCommand({ SecretId: 'zc/a', ForceDeleteWithoutRecovery: true }));
    await expect(secrets.send(read)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
