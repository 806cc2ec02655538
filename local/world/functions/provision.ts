import { z } from 'zod';
import { createSecretReader } from '../../../shared/aws/secret-reader.ts';
import {
  type Configuration,
  configurationSchema,
  secretNames,
} from '../../../shared/domain/configuration/configuration.ts';
import { rotatingKeys } from '../../../shared/domain/source/rotating-secret.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { answersTickets, createResources } from '../../aws/create-resources.ts';
import type { AwsEndpoint } from '../../aws/endpoint.ts';
import type { LocalTicketSystems } from '../../ticket-systems/open.ts';
import type { Simulator } from '../../zpa-simulator/simulator.ts';
import { localConfiguration } from '../configuration/local-configuration.ts';
import { makeSecrets } from '../configuration/secrets.ts';
import type { FunctionEnvironment } from './functions.ts';
import type { WorldOptions } from './world-options.ts';

/** Makes the resources that a deployment makes before the first function runs. */
export type Provisioned = {
  configuration: Configuration;
  /** Plans and outcomes are told on tickets; settings that are pushed later may add the first source that has some. */
  isAnswering: boolean;
  /** `PUBLIC_URL` is added when the HTTP front is up. */
  environment: FunctionEnvironment;
  /** The current signing secret of a source. */
  sourceSecret(source: string): Promise<string>;
  /** The key from which status addresses are derived. */
  statusSecret(): Promise<string>;
};

type Site = {
  endpoint: AwsEndpoint;
  simulator: Simulator;
  ticketSystems: LocalTicketSystems | undefined;
  timeFactor: number;
  options: WorldOptions;
};

const sourceSecret = z.object({ secrets: z.tuple([z.string()]).rest(z.string()) });

/** Makes the AWS resources, settings and secrets; what a reopened data folder has is kept. */
export async function provision(site: Site): Promise<Provisioned> {
  const { endpoint, simulator, ticketSystems, timeFactor, options } = site;
  const base = localConfiguration(simulator.url, ticketSystems?.addresses);
  const plain = ticketSystems?.answered(base) ?? base;
  const configuration = configurationSchema.parse(options.configure?.(plain, ticketSystems?.addresses) ?? plain);
  const made = makeSecrets(configuration);
  const isAnswering = ticketSystems !== undefined || answersTickets(configuration);
  const secretsHere = options.secrets?.(made) ?? made;
  const resources = await createResources(endpoint, configuration, secretsHere, isAnswering);
  const environment = {
    ...resources,
    TIME_FACTOR: String(timeFactor),
    POWERTOOLS_LOG_LEVEL: options.logLevel ?? 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  const secrets = createSecretReader({ env: environment, clock: systemClock });
  const { name } = configuration;
  return {
    configuration,
    isAnswering,
    environment,
    statusSecret: async () => rotatingKeys(await secrets.read(secretNames.status(name)))[0],
    async sourceSecret(source) {
      const text = await secrets.read(secretNames.source(name, source));
      return sourceSecret.parse(JSON.parse(text)).secrets[0];
    },
  };
}
