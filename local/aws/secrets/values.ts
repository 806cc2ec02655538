import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../common/aws-error.ts';
import { parseInput } from '../common/input.ts';
import {
  deletedAtOf,
  findSecret,
  requireLiving,
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
const putting = z.object({ ...value, SecretId: z.string(), VersionStages: z.array(z.string()).nullish() });
const named = z.object({ SecretId: z.string() });

type Value = { ClientRequestToken?: string | null | undefined; SecretString: string };

const CURRENT = 'AWSCURRENT';

/** "CreateSecret" (Secrets Manager API reference): the ARN is the name with six random characters after it. */
export function createSecret(context: SecretsContext, input: unknown) {
  const request = parseInput(creation, input);
  const known = findSecret(context, request.Name);
  if (known !== undefined && deletedAtOf(context, known) !== undefined) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  if (known !== undefined) {
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
  const version = addVersion(context, requireSecret(context, request.Name), request, [CURRENT]);
  return { ARN: arn, Name: request.Name, VersionId: version };
}

/** "PutSecretValue": the new version is AWSCURRENT. Repeating a token is harmless. */
export function putSecretValue(context: SecretsContext, input: unknown) {
  const request = parseInput(putting, input);
  const secret = requireLiving(context, request.SecretId);
  const stages = request.VersionStages ?? [CURRENT];
  // A value that is not current could be read by its label alone, which nothing here does.
  if (!stages.includes(CURRENT))
    throw new AwsError('InvalidParameterException', `${CURRENT} is not among VersionStages`);
  const repeated = versionsOf(context, secret).find((version) => version.id === request.ClientRequestToken);
  if (repeated !== undefined && repeated.text !== request.SecretString) {
    throw new AwsError(
      'ResourceExistsException',
      'You can’t modify an existing version, you can only create new versions.',
    );
  }
  const id = repeated?.id ?? addVersion(context, secret, request, stages);
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
}

function addVersion(context: SecretsContext, secret: SecretRow, request: Value, stages: readonly string[]): string {
  const id = request.ClientRequestToken ?? randomUUID();
  const now = context.wall.now();
  // An older version is read by nobody here. It stays without a label, because its id is taken.
  context.db.run("UPDATE secretVersions SET stages = '[]' WHERE secret = ?", secret.name);
  context.db.run(
    'INSERT INTO secretVersions (secret, id, text, stages, createdAt) VALUES (?, ?, ?, ?, ?)',
    secret.name,
    id,
    request.SecretString,
    JSON.stringify(stages),
    now,
  );
  context.db.run('UPDATE secrets SET changedAt = ? WHERE name = ?', now, secret.name);
  return id;
}

/** "GetSecretValue": the version AWSCURRENT. */
export function getSecretValue(context: SecretsContext, input: unknown) {
  const secret = requireLiving(context, parseInput(named, input).SecretId);
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
