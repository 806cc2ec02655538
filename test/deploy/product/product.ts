import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { makeSecrets, type Secrets } from '../../../local/world/configuration/secrets.ts';
import { type DeliveryAnswer, deliver } from '../../../local/world/deliver.ts';
import { createChangeLister } from '../../../local/world/list-changes.ts';
import { createAnsweredCheck } from '../../../local/world/waiting/await-answered.ts';
import { createKnownLanes } from '../../../shared/aws/ledger/known-lanes.ts';
import type { FunctionName } from '../../../shared/deployment/resources.ts';
import { type Configuration, secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { tenantLanes } from '../../../shared/ledger/tenant-lanes.ts';
import type { Site } from '../site/site.ts';
import type { Clients } from './clients.ts';

export type Outputs = Record<string, string>;

/** The deployed product, as ticket systems and the account's administrator see it. */
export type Product = {
  configuration: Configuration;
  outputs: Outputs;
  /** Address of webhooks and status links here. */
  url: string;
  /** Environment of adapters that read the deployed ledger and queues. */
  environment: Record<string, string>;
  /** Makes every secret that the settings ask for, as a person does; their names. */
  makeSecrets(): Promise<string[]>;
  secret(name: string): string;
  /** All of them, for a deployment of the same product that comes after. */
  secrets: Secrets;
  /** One signed delivery, as the source's ticket system makes it. */
  deliver(source: string, body: unknown, id?: string): Promise<DeliveryAnswer>;
  changes(): Promise<ChangeRecord[]>;
  isAnswered(): Promise<true | undefined>;
  /** Runs a scheduled function once, now; throws with its error. */
  invoke(name: FunctionName): Promise<unknown>;
};

type Options = { site: Site; clients: Clients; configuration: Configuration; outputs: Outputs; secrets?: Secrets };

export function openProduct({ site, clients, configuration, outputs, secrets = makeSecrets(configuration) }: Options) {
  const { name } = configuration;
  const url = site.reach(outputs.PublicUrl ?? '');
  const environment = { ...site.env, AWS_REGION: site.region, TABLE_NAME: outputs.TableName ?? '' };
  const lister = createChangeLister(environment);
  const knownLanes = createKnownLanes({ env: environment, tableName: environment.TABLE_NAME });
  const changes = async () =>
    lister.list(new Set((await tenantLanes({ configuration, knownLanes })).map(({ lane }) => lane)));
  const answered = createAnsweredCheck(configuration, environment);
  const secret = (id: string) => secrets[id] ?? '';
  const product: Product = {
    configuration,
    outputs,
    url,
    environment,
    secret,
    secrets,
    async makeSecrets() {
      const names = Object.keys(secrets).filter((id) => id !== secretNames.status(name));
      for (const Name of names) {
        await clients.secrets.send(new CreateSecretCommand({ Name, SecretString: secret(Name) }));
      }
      return names;
    },
    deliver(source, body, id) {
      const { secrets: live } = JSON.parse(secret(secretNames.source(name, source))) as { secrets: [string] };
      const how = { source: lookup(configuration.sources, source), ...(id === undefined ? {} : { id }) };
      return deliver(`${url}/webhooks/${source}`, live[0], body, how);
    },
    changes,
    isAnswered: async () => answered(await changes()),
    async invoke(lambda) {
      const answer = await clients.lambda.send(new InvokeCommand({ FunctionName: `${name}-${lambda}`, Payload: '{}' }));
      const text = Buffer.from(answer.Payload ?? []).toString();
      if (answer.FunctionError !== undefined) throw new Error(`${lambda} failed: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
  return product;
}
