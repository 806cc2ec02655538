import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * One exception from a cdk-nag rule with its reason, on exactly one resource: nothing that lives below or beside it is
 * excused too. The list of all of them stands in a test, so that none comes in unseen.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is not one resource`);
  Validations.of(resource).acknowledge({ id, reason });
}
