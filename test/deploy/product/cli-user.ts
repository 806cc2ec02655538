import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { toTarget } from '../../../cdk/outputs/target.ts';
import { SCHEDULES } from '../../../shared/deployment/resources.ts';
import type { Role } from '../../../shared/deployment/roles.ts';
import type { Deployment } from '../deployment.ts';
import { type Ended, runProcess } from '../site/run-process.ts';

/**
 * The pages that show the policy of people who have none of the stack's roles: whoever stores secrets, and an auditor.
 */
const SHOWN = { keeper: 'docs/deploy.md', auditor: 'docs/audit.md' } as const;

/** A user of the command line: a role of the stack, or somebody with a documented policy. */
export type CliRole = Exclude<Role, 'viewer'> | keyof typeof SHOWN;

/**
 * A person with exactly the rights of the stack's policy for the role, or of the documented one, at the command line.
 */
export type CliUser = {
  keys: { accessKeyId: string; secretAccessKey: string };
  /** Runs the CLI; code and output are the caller's to judge. `input`: what it reads from stdin. */
  run(args: readonly string[], input?: string): Promise<Ended>;
  remove(): Promise<void>;
};

const POLICY = /```json\n(\{\s*"Version"[\s\S]*?)\n```/;

/** The policy that a page of the documentation shows, for this account and region. */
function shownPolicy(page: string, { root, site, product }: Deployment): string {
  const [, text] = POLICY.exec(readFileSync(join(root, page), 'utf8')) ?? [];
  if (text === undefined) throw new Error(`${page} shows no policy.`);
  const of = {
    REGION: site.region,
    ACCOUNT: site.account,
    NAME: product.configuration.name,
    AUDIT_BUCKET: product.outputs.AuditBucket ?? '',
  };
  return text.replaceAll(/\b(REGION|ACCOUNT|NAME|AUDIT_BUCKET)\b/g, (word) => of[word as keyof typeof of]);
}

const POLICY_OUTPUTS = { operator: 'OperatorPolicyArn', steward: 'StewardPolicyArn' } as const;

/** The policy that the stack has for a role, as AWS holds it. */
async function deployedPolicy(
  role: Exclude<CliRole, keyof typeof SHOWN>,
  { clients, product }: Deployment,
): Promise<string> {
  const PolicyArn = product.outputs[POLICY_OUTPUTS[role]] ?? '';
  const { Policy } = await clients.iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId ?? '';
  const { PolicyVersion } = await clients.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}

export async function createCliUser(deployment: Deployment, role: CliRole): Promise<CliUser> {
  const { clients, home, product, root, signal, site } = deployment;
  const { configuration, outputs, url } = product;
  const { name } = configuration;
  const UserName = `${name}-${role}`;
  const PolicyName = 'cli';
  await clients.iam.send(new CreateUserCommand({ UserName }));
  const policy =
    role === 'keeper' || role === 'auditor'
      ? shownPolicy(SHOWN[role], deployment)
      : await deployedPolicy(role, deployment);
  const PolicyDocument = site.withBatchActions(policy);
  await clients.iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName }));
  const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  const target = join(home, 'target.json');
  const { env: names, ...address } = toTarget(
    { ...outputs, PublicUrl: url },
    { name, region: site.region, simulatedZpa: site.lasts, schedules: SCHEDULES },
  );
  const { AWS_ENDPOINT_URL } = site.env;
  writeFileSync(target, JSON.stringify({ ...address, env: { ...names, AWS_ENDPOINT_URL } }));
  const program = join(root, 'functions/ops/index.ts');
  const env = { ...site.envOf(keys), ZPA_CHANGES_TARGET: target };
  return {
    keys,
    run: (args, input = '') => runProcess(process.execPath, [program, ...args], { cwd: home, env, signal, input }),
    async remove() {
      await clients.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: keys.accessKeyId }));
      await clients.iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
      await clients.iam.send(new DeleteUserCommand({ UserName }));
    },
  };
}
