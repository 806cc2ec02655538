import { createHash } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { AwsCause, AwsError } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/** A secret as the store describes it, without its value. */
export type SecretEntry = {
  name: string;
  /** Epoch ms. */
  changedAt: number;
  /** `value`: it can be read; `empty`: it was made and never given a value; `deleted`: its deletion is scheduled. */
  state: 'value' | 'empty' | 'deleted';
  /** Its value was put while a rotation lasts: the previous one is valid beside the current. */
  isRotating: boolean;
  /** Id of the current value; absent if it was never given one. */
  version: string | undefined;
};

/** `taken`: somebody else has written it since it was looked at; then nothing is written. */
export type Written = 'written' | 'taken';

export type SecretStore = {
  /** Every secret whose name begins so. What was written within the last minutes may be missing or older. */
  list(prefix: string): Promise<SecretEntry[]>;
  /** One secret as it is now; undefined: there is none. */
  describe(name: string): Promise<SecretEntry | undefined>;
  /** Makes the secret, which must not be there yet. */
  create(name: string, text: string): Promise<Written>;
  /** Replaces the value that the entry tells of; of a secret whose deletion is scheduled, once that is taken back. */
  put(entry: SecretEntry, text: string, rotation?: { isRotating: boolean }): Promise<Written>;
  /** Schedules the deletion. Until then it can be restored, and nobody can read it. */
  scheduleDeletion(name: string): Promise<void>;
};

/** Days in which a deleted secret can be restored: the longest that Secrets Manager has. */
export const RECOVERY_DAYS = 30;

const CURRENT = 'AWSCURRENT';
/** A label on a value that holds two live secrets. It tells that a rotation lasts to whoever may not read the value. */
const ROTATING = 'zpa-changes-rotating';

const stages = z.record(z.string(), z.array(z.string())).default({});
const described = z.object({
  Name: z.string(),
  CreatedDate: z.date(),
  LastChangedDate: z.date().optional(),
  DeletedDate: z.date().optional(),
  VersionIdsToStages: stages.optional(),
  SecretVersionsToStages: stages.optional(),
});
const listed = z.object({ SecretList: z.array(described).default([]), NextToken: z.string().optional() });

/**
 * Lists and writes secrets, for the command line. Errors contain nothing of a secret or of the service's answer, whose
 * messages may quote what was sent.
 */
export function createSecretStore(from: ClientOrEnv<SecretsManagerClient>): SecretStore {
  const client = clientFrom(from, SecretsManagerClient);

  return {
    async list(prefix) {
      const found: SecretEntry[] = [];
      let NextToken: string | undefined;
      do {
        const input = {
          Filters: [{ Key: 'name' as const, Values: [prefix] }],
          IncludePlannedDeletion: true,
          NextToken,
        };
        const page = await call('secret-unavailable', 'Listing the secrets', async () =>
          listed.parse(await client.send(new ListSecretsCommand(input))),
        );
        found.push(...page.SecretList.map(toEntry).filter(({ name }) => name.startsWith(prefix)));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found;
    },
    describe: (name) =>
      call('secret-unavailable', `Looking at the secret ${name}`, async () => {
        try {
          return toEntry(described.parse(await client.send(new DescribeSecretCommand({ SecretId: name }))));
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
          throw error;
        }
      }),
    create: (name, text) => write(name, () => client.send(new CreateSecretCommand({ Name: name, SecretString: text }))),
    put: (entry, text, { isRotating } = { isRotating: false }) =>
      write(entry.name, async () => {
        const SecretId = entry.name;
        if (entry.state === 'deleted') await client.send(new RestoreSecretCommand({ SecretId }));
        const VersionStages = isRotating ? [CURRENT, ROTATING] : [CURRENT];
        const ClientRequestToken = successorOf(entry);
        await client.send(
          new PutSecretValueCommand({ SecretId, SecretString: text, VersionStages, ClientRequestToken }),
        );
      }),
    scheduleDeletion: (name) =>
      call('secret-not-written', `Scheduling the deletion of the secret ${name}`, async () => {
        await client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: RECOVERY_DAYS }));
      }),
  };
}

/**
 * The id of the version that follows an entry. Secrets Manager takes an id once, and refuses another text under it: of
 * two people who replace the same value, one is refused. With the time of the change it stays a new one after a version
 * was made current again by hand.
 */
const successorOf = ({ version = '', changedAt }: SecretEntry): string =>
  createHash('sha256').update(`${version} ${changedAt}`).digest('hex');

const write = (name: string, send: () => Promise<unknown>): Promise<Written> =>
  call('secret-not-written', `Writing the secret ${name}`, async () => {
    try {
      await send();
      return 'written';
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceExistsException') return 'taken';
      throw error;
    }
  });

function toEntry(answer: z.output<typeof described>): SecretEntry {
  const { Name: name, CreatedDate, LastChangedDate = CreatedDate, DeletedDate } = answer;
  const versions = Object.entries(answer.VersionIdsToStages ?? answer.SecretVersionsToStages ?? {});
  const [version, labels = []] = versions.find(([, one]) => one.includes(CURRENT)) ?? [];
  const state = DeletedDate !== undefined ? 'deleted' : version === undefined ? 'empty' : 'value';
  return { name, changedAt: LastChangedDate.getTime(), state, isRotating: labels.includes(ROTATING), version };
}

async function call<T>(code: AwsError['code'], doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = new AwsCause(error, { withMessage: false });
    throw new AwsError(code, `${doing} failed: ${cause.kind}`, cause);
  }
}
