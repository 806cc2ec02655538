import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../shared/deployment/resources.ts';
import type { Functions } from './functions.ts';

/** The alias of each function that queues, schedules and the API call. */
export type Releases = Record<FunctionName, Alias>;

/**
 * Creates the alias `live` of each function, which is its version of this deployment. An update that CloudFormation
 * rolls back, or a person who points it to an earlier version, puts code and environment back together (docs/adr/0015).
 */
export function createReleases(functions: Functions): Releases {
  const releases = Object.entries(functions).map(([name, lambda]) => [name, lambda.addAlias('live')] as const);
  return Object.fromEntries(releases) as Releases;
}
