import { type App, PermissionsBoundary, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { StackConfiguration } from './configuration/stack-configuration.ts';
import { encryptWith } from './encryption/own-key.ts';
import { networkOf } from './network/network.ts';
import { createOutputs } from './outputs/outputs.ts';
import { SegmentGroupChanges } from './segment-group-changes.ts';

export type ZpaChangesProps = {
  configuration: StackConfiguration;
  /** Folder with one bundled function per subfolder (`npm run bundle` creates it). */
  bundles: string;
};

/** Greater than that of the construct's own tag, so that somebody may say `application` differently. */
const OVER_THE_CONSTRUCT = 200;

/** Names no zones, for which CDK would ask the account at a synthesis; the vpc names its own. */
class OwnStack extends Stack {
  override get availabilityZones(): string[] {
    return [];
  }
}

/** The key is kept when the stack is removed, as tables and reports are, which nobody could read without it. */
function keyOf(stack: Stack, name: string, named: string): IKey {
  if (named !== 'create') return Key.fromKeyArn(stack, 'Key', named);
  const description = `${name}: everything at rest`;
  const removalPolicy = RemovalPolicy.RETAIN;
  return new Key(stack, 'Key', { description, alias: `alias/${name}`, enableKeyRotation: true, removalPolicy });
}

/** Creates the stack of a configuration, with its name: the construct, and what belongs to a stack alone. */
export function createStack(app: App, { configuration, bundles }: ZpaChangesProps): Stack {
  const {
    name,
    region,
    account,
    tags = {},
    permissionsBoundary,
    vpc,
    alarmEmail,
    domain,
    key: named,
    ...ours
  } = configuration;
  const env = account === undefined ? { region } : { region, account };
  const description = 'Approved tickets to Zscaler Private Access segment groups';
  const stack = new OwnStack(app, name, {
    stackName: name,
    description,
    env,
    tags,
    terminationProtection: true,
    ...(permissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary.fromArn(permissionsBoundary) }),
  });
  for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value, { priority: OVER_THE_CONSTRUCT });
  const key = named === undefined ? undefined : keyOf(stack, name, named);
  const { network, addresses } = vpc === undefined ? {} : networkOf(stack, vpc, { name, ...ours });
  // CDK leaves the id `Default` out of logical ids, so the resources are named as if they stood in the stack itself.
  const changes = new SegmentGroupChanges(stack, 'Default', {
    name,
    bundles,
    ...ours,
    ...(network !== undefined && { network }),
    ...(key !== undefined && { key }),
    ...(domain !== undefined && { domain }),
    ...(alarmEmail !== undefined && { alarmEmail }),
  });
  if (key !== undefined) encryptWith(stack, key);
  createOutputs(stack, changes, addresses);
  return stack;
}
