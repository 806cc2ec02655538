import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PERMISSIONS } from '../../shared/deployment/permissions.ts';
import { ENVIRONMENT, type EnvironmentName, FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';
import { callsOf, keyUse } from '../encryption/key-use.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import { withPlaceholders } from '../nag/placeholders.ts';
import { POLICY } from '../nag/policy-of.ts';
import { callsOut, interfaceStatements, type Network } from './in-vpc.ts';
import { policyStatements, type ResourceArns, secretPatterns } from './permissions.ts';

export type Functions = Record<FunctionName, LambdaFunction>;

export type FunctionsProps = {
  /** Prefix of the functions' names. */
  name: string;
  /** Folder with one bundled function per subfolder. */
  bundles: string;
  environment: Record<EnvironmentName, string>;
  /** Lets settings name the address of a simulated ZPA. */
  simulatedZpa: boolean;
  resourceArns: ResourceArns;
  logRetentionDays: RetentionDays;
  network?: Network;
  key: IKey | undefined;
};

/**
 * Creates all functions with the same runtime, one policy each, and a log group that exists before the first log line.
 */
export function createFunctions(stack: Construct, props: FunctionsProps): Functions {
  const { network } = props;
  const inVpc = network && {
    vpc: network.vpc,
    vpcSubnets: network.subnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: network.securityGroups ?? [createSecurityGroup(stack, props.name, network.vpc)],
  };
  const create = (name: FunctionName) => createFunction(stack, name, props, callsOut(name) ? inVpc : undefined);
  return {
    ingest: create('ingest'),
    status: create('status'),
    catalog: create('catalog'),
    apply: create('apply'),
    sweep: create('sweep'),
    reconcile: create('reconcile'),
    round: create('round'),
    drift: create('drift'),
    notify: create('notify'),
    plan: create('plan'),
    audit: create('audit'),
  };
}

/** Nothing calls a function through its interface, and what it calls is decided by the settings. */
function createSecurityGroup(scope: Construct, name: string, vpc: IVpc): ISecurityGroup {
  const description = `${name}: functions that call ZPA and ticket systems`;
  return new SecurityGroup(scope, 'FunctionsSecurityGroup', { vpc, description, allowAllOutbound: true });
}

function createFunction(
  stack: Construct,
  name: FunctionName,
  props: FunctionsProps,
  inVpc: Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> | undefined,
): LambdaFunction {
  const scope = new Construct(stack, name);
  const functionName = `${props.name}-${name}`;
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: props.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const { timeoutSeconds, memoryMb } = FUNCTIONS[name];
  const lambda = new LambdaFunction(scope, 'Function', {
    functionName,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(join(props.bundles, name)),
    timeout: Duration.seconds(timeoutSeconds),
    memorySize: memoryMb,
    environment: environmentOf(name, props),
    role: createRole(scope, name, logGroup, props, inVpc !== undefined),
    ...inVpc,
    logGroup,
    tracing: Tracing.ACTIVE,
    // A version outlives the deployment after it, so that the alias can be pointed back to it.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  acknowledge(lambda, 'Serverless-LambdaDLQ', WITHOUT_DEAD_LETTERS[name]);
  return lambda;
}

function createRole(
  scope: Construct,
  name: FunctionName,
  logGroup: LogGroup,
  { name: stackName, resourceArns: arns, key }: FunctionsProps,
  isInVpc: boolean,
): Role {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  for (const statement of policyStatements(PERMISSIONS[name], arns)) role.addToPolicy(statement);
  if (key !== undefined) role.addToPolicy(keyUse(scope, key, callsOf(name)));
  if (isInVpc) for (const statement of interfaceStatements(scope, `${stackName}-${name}`)) role.addToPolicy(statement);
  logGroup.grantWrite(role);
  const policy = role.node.findChild(POLICY);
  acknowledge(policy, 'AwsSolutions-IAM5[Resource::*]', isInVpc ? `${TRACES} ${INTERFACES}` : TRACES);
  for (const { arn, reason } of secretPatterns(name, arns)) {
    acknowledge(policy, `AwsSolutions-IAM5[Resource::${withPlaceholders(scope, arn)}]`, reason);
  }
  return role;
}

const TRACES =
  'xray:PutTraceSegments and xray:PutTelemetryRecords, which have no resources to name (IAM service reference, X-Ray).';
const INTERFACES =
  'Lambda makes the interfaces of a function in a VPC with its role, and they have no name before; its code may not.';

/** Environment of one function. Source maps are enabled, because they make minified stack traces readable. */
function environmentOf(name: FunctionName, { environment, simulatedZpa }: FunctionsProps): Record<string, string> {
  const named = ENVIRONMENT[name].map((variable) => [variable, environment[variable]] as const);
  const trial = simulatedZpa ? { SIMULATED_ZPA: 'true' } : {};
  return { ...Object.fromEntries(named), ...trial, NODE_OPTIONS: '--enable-source-maps' };
}

const SYNCHRONOUS =
  'API Gateway waits for its answer: a failure is the caller’s 5xx, and the ticket system sends again.';
const SCHEDULED = 'A failed run goes to missed-runs as an on-failure destination, which carries the error too.';

/** Reasons why no function has Lambda's own dead-letter target, which only receives asynchronous calls. */
const WITHOUT_DEAD_LETTERS: Record<FunctionName, string> = {
  ingest: SYNCHRONOUS,
  status: SYNCHRONOUS,
  catalog: SYNCHRONOUS,
  apply: 'It is called with batches of changes.fifo, whose own dead-letter queue is failures.fifo.',
  sweep: SCHEDULED,
  reconcile: SCHEDULED,
  round: SCHEDULED,
  drift: 'It is called with messages of drift.fifo, whose own dead-letter queue is drift-missed.fifo.',
  notify: 'It is called with batches of notices, whose own dead-letter queue is notices-failed.',
  plan: 'It is called with batches of plans.fifo, whose own dead-letter queue is plans-missed.fifo.',
  audit: 'It is called with batches of audit, whose own dead-letter queue is audit-failed.',
};
