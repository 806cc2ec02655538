import { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { StackConfigurationInput } from '../../cdk/configuration/stack-configuration.ts';
import { stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { createStack } from '../../cdk/stack.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import {
  CONFIGURATION,
  listOf,
  permissionLines,
  readable,
  type Synthesised,
  synthesise,
  withBundles,
} from './synthesise.ts';

const withVpc = (vpc: StackConfigurationInput['vpc'], account?: string) =>
  synthesise(stackSchema.parse({ ...CONFIGURATION, vpc, account }));

/** The functions that call ZPA or ticket systems. */
const CALLERS = ['ingest', 'apply', 'reconcile', 'drift', 'notify', 'plan'];
const vpcOf = ({ propertiesOf }: Synthesised, name: string) =>
  propertiesOf('AWS::Lambda::Function', `${name}Function`).VpcConfig as
    | { SubnetIds: unknown[]; SecurityGroupIds: unknown[] }
    | undefined;
const inside = (stack: Synthesised) => Object.keys(FUNCTIONS).filter((name) => vpcOf(stack, name) !== undefined);

describe('without vpc', () => {
  it('there is no network, and no right to one', () => {
    const { resources, template } = synthesise();
    expect(Object.keys(resources('AWS::EC2::VPC'))).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain('ec2:');
  });
});

describe('a vpc of the stack', () => {
  const made = withVpc({});
  const { resources, template, outputs } = made;

  it('holds the functions that call ZPA or ticket systems, and no other', () => {
    expect(inside(made).sort()).toEqual([...CALLERS].sort());
    for (const name of CALLERS) {
      expect(vpcOf(made, name)?.SubnetIds.map(readable)).toEqual([
        'VpcPrivateSubnet1Subnet',
        'VpcPrivateSubnet2Subnet',
      ]);
      expect(vpcOf(made, name)?.SecurityGroupIds.map(readable)).toEqual(['FunctionsSecurityGroup.GroupId']);
    }
  });

  it('leaves by one address that stays, and tells it', () => {
    const gateways = Object.values(resources('AWS::EC2::NatGateway'));
    expect(gateways.map(({ Properties }) => readable(Properties.AllocationId))).toEqual([
      'EgressAddress1.AllocationId',
    ]);
    expect(readable(outputs.EgressAddresses?.Value)).toBe('EgressAddress1.PublicIp');
    for (const subnet of ['1', '2']) {
      const route = resources('AWS::EC2::Route')[`VpcPrivateSubnet${subnet}DefaultRoute`];
      expect(readable(route?.Properties.NatGatewayId)).toMatch(/^VpcPublicSubnet1NATGateway/);
    }
  });

  it('reaches DynamoDB and S3 by gateway endpoints, which are free, and has none that cost', () => {
    const endpoints = Object.values(resources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => [
      Properties.VpcEndpointType,
      readable(Properties.ServiceName),
      listOf(Properties.RouteTableIds as unknown[]).length,
    ]);
    expect(endpoints.sort()).toEqual([
      ['Gateway', 'com.amazonaws.AWS::Region.dynamodb', 2],
      ['Gateway', 'com.amazonaws.AWS::Region.s3', 2],
    ]);
  });

  it('lets nobody in, gives nothing a public address, and logs its flows', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  it('lets Lambda make the interfaces of a function, and not the function’s own code', () => {
    const interfaces = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    for (const name of Object.keys(FUNCTIONS)) {
      const lines = permissionLines(resources('AWS::IAM::Policy')[`${name}RoleDefaultPolicy`]);
      const own = `arn:aws:lambda:eu-west-1:AWS::AccountId:function:harbour-${name}`;
      const found = lines.filter((line) => line.includes('ec2:'));
      const denied = found.filter((line) => line.startsWith('deny')).map((line) => line.replace(/ if .*/, ''));
      const expected = CALLERS.includes(name) ? interfaces : [];
      expect(
        found.filter((line) => !line.startsWith('deny')),
        name,
      ).toEqual(expected.map((one) => `${one} on *`));
      expect(denied, name).toEqual(expected.map((one) => `deny ${one} on *`));
      for (const line of found.filter((one) => one.startsWith('deny'))) {
        const condition = JSON.parse(line.replace(/^.* if /, '')) as { ArnEquals: Record<string, unknown> };
        expect(readable(condition.ArnEquals['lambda:SourceFunctionArn'])).toBe(own);
      }
    }
  });

  it.each([undefined, '123456789012'])('needs no look at the account before the deployment (account %s)', (account) => {
    const { stack, template: known } = withVpc({}, account);
    expect(JSON.stringify(known.toJSON())).not.toContain('dummy1');
    const missing = withBundles((bundles, outdir) => {
      const app = new App({ outdir });
      createStack(app, { configuration: stackSchema.parse({ ...CONFIGURATION, vpc: {}, account }), bundles });
      return app.synth().manifest.missing;
    });
    expect(missing).toBeUndefined();
    for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
      expect(pack.validateScope(stack).violations, pack.name).toEqual([]);
    }
  });

  it('may have zones, a range and addresses of somebody’s own, which outlive it', () => {
    const own = withVpc({
      cidr: '172.20.8.0/24',
      zones: ['eu-west-1b', 'eu-west-1c'],
      addresses: ['eipalloc-0a1b2c3d', 'eipalloc-4e5f6a7b'],
    });
    own.template.resourceCountIs('AWS::EC2::EIP', 0);
    own.template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '172.20.8.0/24' });
    const gateways = Object.values(own.resources('AWS::EC2::NatGateway'));
    expect(gateways.map(({ Properties }) => Properties.AllocationId)).toEqual([
      'eipalloc-0a1b2c3d',
      'eipalloc-4e5f6a7b',
    ]);
    const zones = Object.values(own.resources('AWS::EC2::Subnet')).map(({ Properties }) => Properties.AvailabilityZone);
    expect([...new Set(zones)]).toEqual(['eu-west-1b', 'eu-west-1c']);
    expect(own.outputs).not.toHaveProperty('EgressAddresses');
  });
});

describe('a vpc that is there already', () => {
  const id = 'vpc-0123456789abcdef0';
  const subnetIds = ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'];

  it('gets the same functions, in its subnets and security groups', () => {
    const used = withVpc({ id, subnetIds, securityGroupIds: ['sg-0cccccccccccccccc'] });
    expect(inside(used).sort()).toEqual([...CALLERS].sort());
    expect(vpcOf(used, 'apply')).toMatchObject({ SubnetIds: subnetIds, SecurityGroupIds: ['sg-0cccccccccccccccc'] });
    const types = Object.values((used.template.toJSON() as { Resources: Record<string, { Type: string }> }).Resources);
    expect(types.filter(({ Type }) => Type.startsWith('AWS::EC2::'))).toEqual([]);
    expect(used.outputs).not.toHaveProperty('EgressAddresses');
  });

  it('gets a security group that lets nobody in if none is named', () => {
    const used = withVpc({ id, subnetIds });
    used.template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: id, SecurityGroupIngress: Match.absent() });
    expect(vpcOf(used, 'plan')?.SecurityGroupIds.map(readable)).toEqual(['FunctionsSecurityGroup.GroupId']);
  });
});
