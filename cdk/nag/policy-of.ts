import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
/** CDK's name for the policy that a role's statements go to. */
export const POLICY = 'DefaultPolicy';

/** The one policy of a function. */
export function policyOf(lambda: LambdaFunction): IConstruct {
  if (lambda.role === undefined) throw new Error(`${lambda.node.path} has no role`);
  return lambda.role.node.findChild(POLICY);
}
