import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The ARN as cdk-nag writes it: what is not known before the deployment is shown by its name in angle brackets. */
export function withPlaceholders(scope: Construct, arn: string): string {
  const { partition, region, account } = Stack.of(scope);
  const named = { '<AWS::Partition>': partition, '<AWS::Region>': region, '<AWS::AccountId>': account };
  return Object.entries(named).reduce((text, [name, value]) => {
    return Token.isUnresolved(value) ? text.replace(value, name) : text;
  }, arn);
}
