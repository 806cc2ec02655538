import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** CDK's name of the policy to which it adds a role's statements. */
export const POLICY = 'DefaultPolicy';

/** Finds the only policy of a function. */
export function policyOf(lambda: LambdaFunction): IConstruct {
  if (lambda.role === undefined) throw new Error(`${lambda.node.path} has no role`);
  return lambda.role.node.findChild(POLICY);
}
