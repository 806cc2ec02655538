import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Accessible, PERMISSIONS } from '../../shared/deployment/permissions.ts';
import type { FunctionName } from '../../shared/deployment/resources.ts';

/** Functions that call ZPA or ticket systems run here. */
export type Network = {
  vpc: IVpc;
  /** By default the vpc's private subnets with a way out. */
  subnets?: SubnetSelection;
  /** By default one that lets nobody in. */
  securityGroups?: ISecurityGroup[];
};

/** Secrets with which ZPA and ticket systems are called. */
const OF_OTHERS: readonly Accessible[] = ['zpaWriteSecrets', 'zpaReadSecrets', 'ticketSecrets', 'ticketReadSecrets'];

/** True for a function that calls ZPA or ticket systems, as it may read what they are called with. */
export function callsOut(name: FunctionName): boolean {
  return PERMISSIONS[name].some(({ on }) => on.some((one) => OF_OTHERS.includes(one)));
}

const INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lambda makes and removes the interfaces of a function in a vpc with the function's role. The function's own code gets
 * the same role and is denied it (AWS Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export function interfaceStatements(scope: Construct, functionName: string): PolicyStatement[] {
  const own = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const statement = { actions: INTERFACE_ACTIONS, resources: ['*'] };
  const conditions = { ArnEquals: { 'lambda:SourceFunctionArn': own } };
  return [new PolicyStatement(statement), new PolicyStatement({ ...statement, effect: Effect.DENY, conditions })];
}
