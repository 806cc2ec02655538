import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * One exception from a cdk-nag rule, on one resource, with its reason. The list of all of them stands in a test, so
 * that none comes in by the way.
 */
export function acknowledge(resource: IConstruct, id: string, reason: string): void {
  Validations.of(resource).acknowledge({ id, reason });
}
