import { z } from 'zod';
import { AwsError } from '../common/aws-error.ts';
import { parseInput } from '../common/input.ts';
import {
  deletedAtOf,
  requireSecret,
  type SecretRow,
  type SecretsContext,
  secondsOf,
  stagesOf,
  versionsOf,
} from './secret.ts';

const named = z.object({ SecretId: z.string() });
const deletion = z.object({ SecretId: z.string(), RecoveryWindowInDays: z.int().min(7).max(30).default(30) });
const listing = z.object({
  Filters: z.array(z.object({ Key: z.literal('name'), Values: z.array(z.string()).min(1) })).nullish(),
  IncludePlannedDeletion: z.boolean().nullish(),
  MaxResults: z.int().min(1).max(100).nullish(),
  NextToken: z.string().nullish(),
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** "DescribeSecret": everything but the value. */
export function describeSecret(context: SecretsContext, input: unknown) {
  const secret = requireSecret(context, parseInput(named, input).SecretId);
  return { ...entryOf(context, secret), VersionIdsToStages: stagesById(context, secret) };
}

/** "ListSecrets": by the beginnings of names, a page at a time; those marked for deletion only if asked for. */
export function listSecrets(context: SecretsContext, input: unknown) {
  const request = parseInput(listing, input);
  const after = request.NextToken ?? '';
  const rows = context.db.all<SecretRow>('SELECT * FROM secrets WHERE name > ? ORDER BY name', after).filter((row) => {
    const isWanted = (request.Filters ?? []).every(({ Values }) => Values.some((one) => row.name.startsWith(one)));
    return isWanted && (request.IncludePlannedDeletion === true || deletedAtOf(context, row) === undefined);
  });
  const page = rows.slice(0, request.MaxResults ?? 100);
  return {
    SecretList: page.map((row) => ({ ...entryOf(context, row), SecretVersionsToStages: stagesById(context, row) })),
    ...(page.length < rows.length && { NextToken: page.at(-1)?.name }),
  };
}

/** "DeleteSecret": marks it. It is kept for the rest of this world, as nobody waits for days here. */
export function deleteSecret(context: SecretsContext, input: unknown) {
  const request = parseInput(deletion, input);
  const secret = requireSecret(context, request.SecretId);
  const now = context.wall.now();
  if (deletedAtOf(context, secret) !== undefined) {
    throw new AwsError('InvalidRequestException', 'The secret is already scheduled for deletion.');
  }
  context.db.run('INSERT INTO secretDeletions (secret, deletedAt) VALUES (?, ?)', secret.name, now);
  const until = secondsOf(now + request.RecoveryWindowInDays * DAY_MS);
  return { ARN: secret.arn, Name: secret.name, DeletionDate: until };
}

/** "RestoreSecret": takes the mark away. */
export function restoreSecret(context: SecretsContext, input: unknown) {
  const secret = requireSecret(context, parseInput(named, input).SecretId);
  context.db.run('DELETE FROM secretDeletions WHERE secret = ?', secret.name);
  return { ARN: secret.arn, Name: secret.name };
}

function entryOf(context: SecretsContext, secret: SecretRow) {
  const deletedAt = deletedAtOf(context, secret);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secondsOf(secret.createdAt),
    LastChangedDate: secondsOf(secret.changedAt),
    ...(deletedAt !== undefined && { DeletedDate: secondsOf(deletedAt) }),
    Tags: JSON.parse(secret.tags) as { Key: string; Value: string }[],
  };
}

/** Versions without a label are not told ("DescribeSecret", VersionIdsToStages). */
const stagesById = (context: SecretsContext, secret: SecretRow) => {
  const versions = versionsOf(context, secret).map((version) => [version.id, stagesOf(version)] as const);
  return Object.fromEntries(versions.filter(([, stages]) => stages.length > 0));
};
