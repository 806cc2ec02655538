import { z } from 'zod';
import { parseInput } from '../common/input.ts';
import {
  findSecret,
  invalidRequest,
  type SecretRow,
  type SecretsContext,
  secondsOf,
  secretNotFound,
  stagesOf,
  versionsOf,
} from './secret.ts';

const named = z.object({ SecretId: z.string() });
const deletion = z.object({
  SecretId: z.string(),
  ForceDeleteWithoutRecovery: z.boolean().nullish(),
  RecoveryWindowInDays: z.number().int().min(7).max(30).nullish(),
});
const listing = z.object({
  MaxResults: z.number().int().min(1).max(100).nullish(),
  NextToken: z.string().nullish(),
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()) })).nullish(),
});

function describe(context: SecretsContext, secret: SecretRow) {
  const versions = versionsOf(context, secret);
  const tags = JSON.parse(secret.tags) as { Key: string; Value: string }[];
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description !== null && { Description: secret.description }),
    CreatedDate: secondsOf(secret.createdAt),
    LastChangedDate: secondsOf(secret.changedAt),
    ...(secret.deleteAt !== null && { DeletedDate: secondsOf(secret.deleteAt) }),
    Tags: tags,
    stages: Object.fromEntries(versions.map((version) => [version.id, stagesOf(version)])),
  };
}

/** "DescribeSecret": everything but the value. */
export function describeSecret(context: SecretsContext, input: unknown) {
  const secret = findSecret(context, parseInput(named, input).SecretId);
  if (secret === undefined) throw secretNotFound();
  const { stages, ...rest } = describe(context, secret);
  return { ...rest, VersionIdsToStages: stages };
}

/** "ListSecrets": not those scheduled for deletion; of the filters, `name` as a prefix. */
export function listSecrets(context: SecretsContext, input: unknown) {
  const request = parseInput(listing, input);
  const prefixes = (request.Filters ?? []).filter((filter) => filter.Key === 'name').flatMap((filter) => filter.Values);
  const size = request.MaxResults ?? 100;
  const rows = context.db
    .all<SecretRow>('SELECT * FROM secrets WHERE deleteAt IS NULL AND name > ? ORDER BY name', request.NextToken ?? '')
    .filter((row) => prefixes.length === 0 || prefixes.some((prefix) => row.name.startsWith(prefix)));
  const page = rows.slice(0, size);
  return {
    SecretList: page.map((row) => {
      const { stages, ...rest } = describe(context, row);
      return { ...rest, SecretVersionsToStages: stages };
    }),
    ...(rows.length > size && { NextToken: page.at(-1)?.name }),
  };
}

/** "DeleteSecret": after 7 to 30 days (30 unless told), until then unreadable; or at once when forced. */
export function deleteSecret(context: SecretsContext, input: unknown) {
  const request = parseInput(deletion, input);
  const secret = findSecret(context, request.SecretId);
  const now = context.wall.now();
  if (secret === undefined) {
    if (request.ForceDeleteWithoutRecovery) return { Name: request.SecretId, DeletionDate: secondsOf(now) };
    throw secretNotFound();
  }
  if (request.ForceDeleteWithoutRecovery) {
    context.db.run('DELETE FROM secretVersions WHERE secret = ?', secret.name);
    context.db.run('DELETE FROM secrets WHERE name = ?', secret.name);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secondsOf(now) };
  }
  if (secret.deleteAt !== null) throw invalidRequest('The secret is already scheduled for deletion.');
  const deleteAt = now + (request.RecoveryWindowInDays ?? 30) * 86_400_000;
  context.db.run('UPDATE secrets SET deleteAt = ? WHERE name = ?', deleteAt, secret.name);
  return { ARN: secret.arn, Name: secret.name, DeletionDate: secondsOf(deleteAt) };
}

export function restoreSecret(context: SecretsContext, input: unknown) {
  const secret = findSecret(context, parseInput(named, input).SecretId);
  if (secret === undefined) throw secretNotFound();
  context.db.run('UPDATE secrets SET deleteAt = NULL WHERE name = ?', secret.name);
  return { ARN: secret.arn, Name: secret.name };
}

/** What was scheduled for deletion, once its time has come. */
export function forgetDeleted({ db, wall }: SecretsContext): void {
  const due = 'SELECT name FROM secrets WHERE deleteAt <= ?';
  db.run(`DELETE FROM secretVersions WHERE secret IN (${due})`, wall.now());
  db.run('DELETE FROM secrets WHERE deleteAt <= ?', wall.now());
}
