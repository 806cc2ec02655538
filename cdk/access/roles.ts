import { type CfnElement, Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AUDIT_BUCKET, BUCKET } from '../../shared/deployment/resources.ts';
import { ROLE_PERMISSIONS, ROLES, type Role } from '../../shared/deployment/roles.ts';
import { keyUse } from '../encryption/key-use.ts';
import { policyStatements, type ResourceArns } from '../functions/permissions.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import { withPlaceholders } from '../nag/placeholders.ts';

export type RolePolicies = Readonly<Record<Role, ManagedPolicy>>;

type Access = { name: string; resourceArns: ResourceArns; reports: Bucket; audit: Bucket; key: IKey | undefined };

/**
 * The policies of the people who use console and command line (docs/security.md); attached to nobody. Permission sets
 * name a policy by its name.
 */
export function createRolePolicies(scope: Construct, access: Access): RolePolicies {
  const roles = new Construct(scope, 'Roles');
  const policyOf = (role: Role) => {
    const permissions = ROLE_PERMISSIONS[role];
    const policy = new ManagedPolicy(roles, role, {
      managedPolicyName: `${access.name}-${Stack.of(scope).region}-${role}`,
      // A policy of a fixed name cannot be replaced, which another description would do.
      description: `${access.name}: ${role}`,
      statements: policyStatements(permissions, access.resourceArns),
    });
    if (access.key !== undefined) {
      policy.addStatements(
        keyUse(
          scope,
          access.key,
          permissions.flatMap(({ actions }) => actions),
        ),
      );
    }
    acknowledgePatterns(policy, role, access);
    return [role, policy] as const;
  };
  return Object.fromEntries(ROLES.map(policyOf)) as unknown as RolePolicies;
}

const OBJECTS = 'Objects are data, so they are known by the prefix of their kind.';
const SECRETS = 'Tenants are data, so their secrets are known by their folder; these may read ZPA and not write it.';
const SUFFIX = 'Secrets Manager appends six characters to the name of a secret.';

function acknowledgePatterns(policy: ManagedPolicy, role: Role, { resourceArns, reports, audit }: Access): void {
  const idOf = (bucket: Bucket) => Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  const accept = (resource: string, reason: string) =>
    acknowledge(policy, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
  accept(`<${idOf(reports)}.Arn>/${BUCKET.driftPrefix}*`, OBJECTS);
  for (const prefix of [AUDIT_BUCKET.outcomesPrefix, AUDIT_BUCKET.actsPrefix]) {
    accept(`<${idOf(audit)}.Arn>/${prefix}*`, OBJECTS);
  }
  if (role === 'viewer') return;
  for (const arn of resourceArns.zpaReadSecrets) accept(withPlaceholders(policy, arn), SECRETS);
  for (const arn of resourceArns.ownSourceSecret) accept(withPlaceholders(policy, arn), SUFFIX);
}
