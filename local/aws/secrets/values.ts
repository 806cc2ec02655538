import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../common/aws-error.ts';
import { parseInput } from '../common/input.ts';
import {
  findSecret,
  invalidRequest,
  requireSecret,
  type SecretRow,
  type SecretsContext,
  secondsOf,
  secretNotFound,
  stagesOf,
  type VersionRow,
  versionsOf,
} from './secret.ts';

const content = {
  ClientRequestToken: z.string().nullish(),
  SecretString: z.string().max(65_536).nullish(),
  SecretBinary: z.string().nullish(),
};
const tag = z.object({ Key: z.string(), Value: z.string() });
const creation = z.object({
  ...content,
  Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
  Description: z.string().nullish(),
  Tags: z.array(tag).nullish(),
});
const putting = z.object({ ...content, SecretId: z.string(), VersionStages: z.array(z.string()).nullish() });
const getting = z.object({
  SecretId: z.string(),
  VersionId: z.string().nullish(),
  VersionStage: z.string().nullish(),
});
type Content = {
  ClientRequestToken?: string | null | undefined;
  SecretString?: string | null | undefined;
  SecretBinary?: string | null | undefined;
};

/** "CreateSecret" (Secrets Manager API reference): the ARN is the name with six random characters after it. */
export function createSecret(context: SecretsContext, input: unknown) {
  const request = parseInput(creation, input);
  const existing = findSecret(context, request.Name);
  if (existing?.deleteAt === null) {
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${request.Name} already exists.`,
    );
  }
  if (existing !== undefined)
    throw invalidRequest(
      'You can’t create this secret because a secret with this name is already scheduled for deletion.',
    );
  const now = context.wall.now();
  const ending = randomBytes(8)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'x')
    .slice(0, 6);
  const arn = `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:${request.Name}-${ending}`;
  context.db.run(
    'INSERT INTO secrets (name, arn, description, tags, createdAt, changedAt) VALUES (?, ?, ?, ?, ?, ?)',
    request.Name,
    arn,
    request.Description ?? null,
    JSON.stringify(request.Tags ?? []),
    now,
    now,
  );
  const hasValue = (request.SecretString ?? request.SecretBinary) != null;
  const secret = requireSecret(context, request.Name);
  const version = hasValue ? addVersion(context, secret, request, ['AWSCURRENT']) : undefined;
  return { ARN: arn, Name: request.Name, ...(version !== undefined && { VersionId: version }) };
}

/** "PutSecretValue": the new version is AWSCURRENT, what was current is AWSPREVIOUS. Repeating a token is harmless. */
export function putSecretValue(context: SecretsContext, input: unknown) {
  const request = parseInput(putting, input);
  const secret = requireSecret(context, request.SecretId);
  const stages = request.VersionStages ?? ['AWSCURRENT'];
  if ((request.SecretString ?? request.SecretBinary) == null) {
    throw invalidRequest('You must provide either SecretString or SecretBinary.');
  }
  const known = versionsOf(context, secret).find((version) => version.id === request.ClientRequestToken);
  if (
    known !== undefined &&
    (known.text !== (request.SecretString ?? null) || known.binary !== (request.SecretBinary ?? null))
  ) {
    throw new AwsError(
      'ResourceExistsException',
      'You can’t modify an existing version, you can only create new versions.',
    );
  }
  const id = known?.id ?? addVersion(context, secret, request, stages);
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
}

function addVersion(context: SecretsContext, secret: SecretRow, value: Content, stages: readonly string[]): string {
  const id = value.ClientRequestToken ?? randomUUID();
  const now = context.wall.now();
  for (const version of versionsOf(context, secret)) {
    const moved = moveStages(stagesOf(version), stages);
    context.db.run(
      'UPDATE secretVersions SET stages = ? WHERE secret = ? AND id = ?',
      JSON.stringify(moved),
      secret.name,
      version.id,
    );
  }
  context.db.run(
    'INSERT INTO secretVersions (secret, id, text, binary, stages, createdAt) VALUES (?, ?, ?, ?, ?, ?)',
    secret.name,
    id,
    value.SecretString ?? null,
    value.SecretBinary ?? null,
    JSON.stringify(stages),
    now,
  );
  context.db.run('UPDATE secrets SET changedAt = ? WHERE name = ?', now, secret.name);
  // A version without a label is deprecated and may be deleted ("Secret versions").
  context.db.run("DELETE FROM secretVersions WHERE secret = ? AND stages = '[]'", secret.name);
  return id;
}

/** A label is on one version at a time; losing AWSCURRENT earns AWSPREVIOUS. */
function moveStages(held: readonly string[], taken: readonly string[]): string[] {
  const wasCurrent = held.includes('AWSCURRENT') && taken.includes('AWSCURRENT');
  const losesPrevious = taken.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : [];
  const kept = held.filter((stage) => !taken.includes(stage) && !losesPrevious.includes(stage));
  return wasCurrent ? [...kept, 'AWSPREVIOUS'] : kept;
}

/** "GetSecretValue": AWSCURRENT unless a version or a label is named. */
export function getSecretValue(context: SecretsContext, input: unknown) {
  const request = parseInput(getting, input);
  const secret = requireSecret(context, request.SecretId);
  const stage = request.VersionStage ?? (request.VersionId ? undefined : 'AWSCURRENT');
  const matches = (version: VersionRow) =>
    (!request.VersionId || version.id === request.VersionId) &&
    (stage === undefined || stagesOf(version).includes(stage));
  const version = versionsOf(context, secret).find(matches);
  if (version === undefined) {
    throw secretNotFound(
      `Secrets Manager can't find the specified secret value for ${request.VersionId ? `VersionId: ${request.VersionId}` : `staging label: ${stage}`}`,
    );
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...(version.text !== null && { SecretString: version.text }),
    ...(version.binary !== null && { SecretBinary: version.binary }),
    VersionStages: stagesOf(version),
    CreatedDate: secondsOf(version.createdAt),
  };
}
