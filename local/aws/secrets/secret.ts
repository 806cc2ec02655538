import { AwsError } from '../common/aws-error.ts';
import type { Database } from '../common/database.ts';
import type { ScaledClock } from '../common/scaled-clock.ts';

export type SecretsContext = { db: Database; wall: ScaledClock; region: string; accountId: string };

export type SecretRow = {
  name: string;
  arn: string;
  tags: string;
  createdAt: number;
  changedAt: number;
};

export type VersionRow = {
  secret: string;
  id: string;
  text: string | null;
  /** JSON list of staging labels. */
  stages: string;
  createdAt: number;
};

export const secretNotFound = (message = "Secrets Manager can't find the specified secret.") =>
  new AwsError('ResourceNotFoundException', message);

/** By name, ARN, or the ARN without its random ending ("GetSecretValue", SecretId). */
export function findSecret({ db }: SecretsContext, id: string): SecretRow | undefined {
  return db.get<SecretRow>(
    "SELECT * FROM secrets WHERE name = ?1 OR arn = ?1 OR (?1 LIKE 'arn:%' AND substr(arn, 1, length(arn) - 7) = ?1)",
    id,
  );
}

export function requireSecret(context: SecretsContext, id: string): SecretRow {
  const secret = findSecret(context, id);
  if (secret === undefined) throw secretNotFound();
  return secret;
}

/** When the deletion of a secret was asked for; it can be restored until its window ends, which it does not here. */
export function deletedAtOf({ db }: SecretsContext, { name }: SecretRow): number | undefined {
  return db.get<{ deletedAt: number }>('SELECT deletedAt FROM secretDeletions WHERE secret = ?', name)?.deletedAt;
}

/** As `requireSecret`, of one that is not marked for deletion. */
export function requireLiving(context: SecretsContext, id: string): SecretRow {
  const secret = requireSecret(context, id);
  if (deletedAtOf(context, secret) === undefined) return secret;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

export function versionsOf({ db }: SecretsContext, secret: SecretRow): VersionRow[] {
  return db.all<VersionRow>('SELECT * FROM secretVersions WHERE secret = ? ORDER BY createdAt, rowid', secret.name);
}

export const stagesOf = (version: VersionRow): string[] => JSON.parse(version.stages) as string[];

/** JSON 1.1 carries instants as seconds. */
export const secondsOf = (ms: number) => ms / 1000;
