import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { ConfigurationError, readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { deploymentFaults } from './deployment-faults.ts';

/** Names the file to deploy, when it is not `cdk/configuration.json`. */
export const CONFIGURATION_VARIABLE = 'ZPA_CHANGES_CONFIG';

const OWN = resolve(import.meta.dirname, '../configuration.json');
const EXAMPLE = resolve(import.meta.dirname, '../configuration.example.json');

export type Deployment = {
  /** Absolute. */
  path: string;
  /** The checked-in example: good for synthesis and tests, never deployed. */
  isExample: boolean;
  configuration: Configuration;
};

/**
 * The configuration to deploy: the file `ZPA_CHANGES_CONFIG` names (relative to the working directory), else
 * `cdk/configuration.json`, else the example. Throws `ConfigurationError` with every fault, also with those that only
 * a deployment has.
 */
export function readDeployment(env: Record<string, string | undefined>): Deployment {
  const path = configurationPath(env[CONFIGURATION_VARIABLE]);
  const configuration = readConfiguration(path);
  const faults = deploymentFaults(configuration);
  if (faults.length > 0) throw new ConfigurationError(path, faults);
  return { path, isExample: path === EXAMPLE, configuration };
}

function configurationPath(named: string | undefined): string {
  if (named !== undefined && named !== '') return resolve(named);
  return existsSync(OWN) ? OWN : EXAMPLE;
}

/** The example names tenants that nobody owns: its stack would be deployed, paid for and of no use. */
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
