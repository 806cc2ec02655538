import { Annotations, Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnEIP,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  NatProvider,
  SecurityGroup,
  Subnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { VpcConfiguration } from '../configuration/vpc-schema.ts';
import type { Network } from '../functions/in-vpc.ts';
import { acknowledge } from '../nag/acknowledge.ts';

type NetworkProps = { name: string; logRetentionDays: RetentionDays };

/** Finds the network that a configuration names, or makes it; `addresses` are those by which a network made here is left. */
export function networkOf(
  scope: Construct,
  configured: VpcConfiguration,
  props: NetworkProps,
): { network: Network; addresses?: string[] } {
  const { id, subnetIds = [], securityGroupIds } = configured;
  return id === undefined
    ? createNetwork(scope, configured, props)
    : { network: importNetwork(scope, id, subnetIds, securityGroupIds) };
}

function importNetwork(scope: Construct, vpcId: string, subnetIds: string[], groups: string[] | undefined): Network {
  const subnets = subnetIds.map((one) => {
    const subnet = Subnet.fromSubnetId(scope, one, one);
    // Nothing here asks for the route tables of a subnet.
    Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
    return subnet;
  });
  const securityGroups = groups?.map((one) => SecurityGroup.fromSecurityGroupId(scope, one, one, { mutable: false }));
  return {
    // CDK wants a zone here to divide subnets by, and these are named by themselves.
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: ['any'] }),
    subnets: { subnets },
    ...(securityGroups !== undefined && { securityGroups }),
  };
}

/** Large enough for four subnets; Lambda takes one address of a subnet for all functions with one security group. */
const CIDR = '10.97.0.0/24';

/**
 * Makes a vpc with private subnets that are left by NAT gateways with addresses that stay. The gateway endpoints of
 * DynamoDB and S3 are free; all else that AWS offers is called through the NAT gateway, because an interface endpoint
 * for each service and zone costs more than the little that goes through it.
 */
function createNetwork(
  scope: Construct,
  { cidr = CIDR, zones, addresses: allocated }: VpcConfiguration,
  { name, logRetentionDays }: NetworkProps,
): { network: Network; addresses?: string[] } {
  const made = allocated === undefined ? [new CfnEIP(scope, 'EgressAddress1', { domain: 'vpc' })] : [];
  const eipAllocationIds = allocated ?? made.map((one) => one.attrAllocationId);
  const flows = new LogGroup(scope, 'VpcFlows', {
    logGroupName: `/aws/vendedlogs/${name}/flows`,
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const vpc = new Vpc(scope, 'Vpc', {
    ipAddresses: IpAddresses.cidr(cidr),
    // The zones are named by their place in the region's list, since looking them up would need the account at every
    // synthesis.
    availabilityZones: zones ?? [Fn.select(0, Fn.getAzs()), Fn.select(1, Fn.getAzs())],
    natGateways: eipAllocationIds.length,
    natGatewayProvider: NatProvider.gateway({ eipAllocationIds }),
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    ],
    gatewayEndpoints: {
      DynamoDb: {
        service: GatewayVpcEndpointAwsService.DYNAMODB,
        subnets: [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }],
      },
      S3: { service: GatewayVpcEndpointAwsService.S3, subnets: [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }] },
    },
    flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs(flows) } },
    // CDK would do it by a function of its own with rights on every security group; nothing uses the default one here.
    restrictDefaultSecurityGroup: false,
  });
  for (const subnet of zones === undefined ? [] : [...vpc.publicSubnets, ...vpc.privateSubnets]) {
    acknowledge(
      subnet,
      'CloudFormation-Validate::W3010',
      'The configuration names the zones, of which some may not do.',
    );
  }
  // The cast is needed because CDK's class does not fit its interface under exactOptionalPropertyTypes (`vpnGatewayId`).
  return { network: { vpc: vpc as IVpc }, ...(made.length > 0 && { addresses: made.map((one) => one.attrPublicIp) }) };
}
