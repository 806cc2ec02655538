import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges one exception from a cdk-nag rule with its reason for exactly one resource, and not for its children. A
 * test lists all exceptions, so that a new one is noticed.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is not one resource`);
  Validations.of(resource).acknowledge({ id, reason });
}
