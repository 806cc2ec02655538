import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { ConfigurationError, readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { deploymentFaults } from './deployment-faults.ts';

/** Environment variable with the path of the configuration, if it is not `cdk/configuration.json`. */
export const CONFIGURATION_VARIABLE = 'ZPA_CHANGES_CONFIG';

const OWN_CONFIGURATION = resolve(import.meta.dirname, '../configuration.json');
const EXAMPLE_CONFIGURATION = resolve(import.meta.dirname, '../configuration.example.json');

export type Deployment = {
  /** Absolute path of the configuration. */
  path: string;
  /** True for the checked-in example, which is used for synthesis and tests and never deployed. */
  isExample: boolean;
  configuration: Configuration;
};

/**
 * Reads the configuration to deploy: the file that `ZPA_CHANGES_CONFIG` names (relative to the working directory), else
 * `cdk/configuration.json`, else the example. Throws `ConfigurationError` with every fault, including those that only
 * prevent a deployment.
 */
export function readDeployment(env: Record<string, string | undefined>): Deployment {
  const path = configurationPath(env[CONFIGURATION_VARIABLE]);
  const configuration = readConfiguration(path);
  const faults = deploymentFaults(configuration, Date.now());
  if (faults.length > 0) throw new ConfigurationError(path, faults);
  return { path, isExample: path === EXAMPLE_CONFIGURATION, configuration };
}

function configurationPath(named: string | undefined): string {
  if (named !== undefined && named !== '') return resolve(named);
  return existsSync(OWN_CONFIGURATION) ? OWN_CONFIGURATION : EXAMPLE_CONFIGURATION;
}

/** Thrown instead of deploying the example, whose tenants do not exist: its stack would cost money and be of no use. */
export class ExampleDeploymentError extends Error {
  override readonly name = 'ExampleDeploymentError';
  readonly code = 'example-configuration';
  constructor() {
    super(
      'This would deploy the example configuration. Copy cdk/configuration.example.json to cdk/configuration.json, ' +
        `write your tenants and sources into it, and deploy again (or name another file in ${CONFIGURATION_VARIABLE}).`,
    );
  }
}
