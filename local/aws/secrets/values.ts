import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../common/aws-error.ts';
import { parseInput } from '../common/input.ts';
import {
  findSecret,
  requireSecret,
  type SecretRow,
  type SecretsContext,
  secondsOf,
  secretNotFound,
  stagesOf,
  versionsOf,
} from './secret.ts';

const value = { ClientRequestToken: z.string().nullish(), SecretString: z.string().max(65_536) };
const tag = z.object({ Key: z.string(), Value: z.string() });
const creation = z.object({
  ...value,
  Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
  Tags: z.array(tag).nullish(),
});
const putting = z.object({ ...value, SecretId: z.string() });
const named = z.object({ SecretId: z.string() });

type Value = { ClientRequestToken?: string | null | undefined; SecretString: string };

const CURRENT = 'AWSCURRENT';

/** "CreateSecret" (Secrets Manager API reference): the ARN is the name with six random characters after it. */
export function createSecret(context: SecretsContext, input: unknown) {
  const request = parseInput(creation, input);
  if (findSecret(context, request.Name) !== undefined) {
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${request.Name} already exists.`,
    );
  }
  const now = context.wall.now();
  const ending = randomBytes(8)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'x')
    .slice(0, 6);
  const arn = `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:${request.Name}-${ending}`;
  context.db.run(
    'INSERT INTO secrets (name, arn, tags, createdAt, changedAt) VALUES (?, ?, ?, ?, ?)',
    request.Name,
    arn,
    JSON.stringify(request.Tags ?? []),
    now,
    now,
  );
  const version = addVersion(context, requireSecret(context, request.Name), request);
  return { ARN: arn, Name: request.Name, VersionId: version };
}

/** "DescribeSecret": everything but the value. */
export function describeSecret(context: SecretsContext, input: unknown) {
  const secret = requireSecret(context, parseInput(named, input).SecretId);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secondsOf(secret.createdAt),
    LastChangedDate: secondsOf(secret.changedAt),
    Tags: JSON.parse(secret.tags) as { Key: string; Value: string }[],
    VersionIdsToStages: Object.fromEntries(
      versionsOf(context, secret).map((version) => [version.id, stagesOf(version)]),
    ),
  };
}

/** "PutSecretValue": the new version is AWSCURRENT. Repeating a token is harmless. */
export function putSecretValue(context: SecretsContext, input: unknown) {
  const request = parseInput(putting, input);
  const secret = requireSecret(context, request.SecretId);
  const repeated = versionsOf(context, secret).find((version) => version.id === request.ClientRequestToken);
  if (repeated !== undefined && repeated.text !== request.SecretString) {
    throw new AwsError(
      'ResourceExistsException',
      'You can’t modify an existing version, you can only create new versions.',
    );
  }
  const id = repeated?.id ?? addVersion(context, secret, request);
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: [CURRENT] };
}

function addVersion(context: SecretsContext, secret: SecretRow, request: Value): string {
  const id = request.ClientRequestToken ?? randomUUID();
  const now = context.wall.now();
  // Only the current version is kept, because nothing here reads an older one.
  context.db.run('DELETE FROM secretVersions WHERE secret = ?', secret.name);
  context.db.run(
    'INSERT INTO secretVersions (secret, id, text, stages, createdAt) VALUES (?, ?, ?, ?, ?)',
    secret.name,
    id,
    request.SecretString,
    JSON.stringify([CURRENT]),
    now,
  );
  context.db.run('UPDATE secrets SET changedAt = ? WHERE name = ?', now, secret.name);
  return id;
}

/** "GetSecretValue": the version AWSCURRENT. */
export function getSecretValue(context: SecretsContext, input: unknown) {
  const secret = requireSecret(context, parseInput(named, input).SecretId);
  const version = versionsOf(context, secret).find((one) => stagesOf(one).includes(CURRENT));
  if (version === undefined) throw secretNotFound();
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.text ?? undefined,
    VersionStages: stagesOf(version),
    CreatedDate: secondsOf(version.createdAt),
  };
}
