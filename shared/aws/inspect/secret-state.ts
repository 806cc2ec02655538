import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { AwsCause, AwsError } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

/** A secret without its value. `none`: there is none of this name, or it has no value. */
export type SecretState = { kind: 'there'; changedAt: number | undefined } | { kind: 'none' } | { kind: 'deleted' };

const answerSchema = z.object({
  LastChangedDate: z.date().optional(),
  DeletedDate: z.date().optional(),
  VersionIdsToStages: z.record(z.string(), z.array(z.string())).default({}),
});

/** Reads whether a secret is there; its value is not read. */
export async function readSecretState(from: ClientOrEnv<SecretsManagerClient>, name: string): Promise<SecretState> {
  const client = clientFrom(from, (options) => new SecretsManagerClient(options));
  const command = new DescribeSecretCommand({ SecretId: name });
  try {
    const answer = answerSchema.parse(await inspect(`Describing the secret ${name}`, () => client.send(command)));
    if (answer.DeletedDate !== undefined) return { kind: 'deleted' };
    const hasValue = Object.values(answer.VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'));
    return hasValue ? { kind: 'there', changedAt: answer.LastChangedDate?.getTime() } : { kind: 'none' };
  } catch (error) {
    if (isMissing(error)) return { kind: 'none' };
    throw error;
  }
}

const isMissing = (error: unknown) =>
  error instanceof AwsError && error.cause instanceof AwsCause && error.cause.name === 'ResourceNotFoundException';
