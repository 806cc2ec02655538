import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { toTarget } from '../../../cdk/outputs/target.ts';
import type { Deployment } from '../deployment.ts';
import { type Ended, runProcess } from '../site/run-process.ts';

/** A user of the command line: an operator of the ledger, somebody who pushes settings or keeps secrets, or an auditor. */
export type CliRole = 'operator' | 'settings' | 'keeper' | 'auditor';

/** Where the policy of a role is shown: the page, and which of its policies. */
const SHOWN: Record<CliRole, [page: string, index: number]> = {
  operator: ['docs/deploy.md', 0],
  settings: ['docs/deploy.md', 1],
  keeper: ['docs/deploy.md', 2],
  auditor: ['docs/audit.md', 0],
};

/** A person with exactly the rights that the documentation lists for the role, at the command line. */
export type CliUser = {
  keys: { accessKeyId: string; secretAccessKey: string };
  /** Runs the CLI; code and output are the caller's to judge. `input`: what it reads from stdin. */
  run(args: readonly string[], input?: string): Promise<Ended>;
  remove(): Promise<void>;
};

const POLICIES = /```json\n(\{\s*"Version"[\s\S]*?)\n```/g;

/** The role's policy as the documentation shows it, for this account and region. */
function documentedPolicy(role: CliRole, { root, site, product }: Deployment): string {
  const [page, index] = SHOWN[role];
  const text = [...readFileSync(join(root, page), 'utf8').matchAll(POLICIES)][index]?.[1];
  if (text === undefined) throw new Error(`${page} shows no policy of the role ${role}.`);
  const of = {
    REGION: site.region,
    ACCOUNT: site.account,
    NAME: product.configuration.name,
    BUCKET: product.outputs.ReportsBucket ?? '',
    AUDIT_BUCKET: product.outputs.AuditBucket ?? '',
  };
  return text.replaceAll(/\b(REGION|ACCOUNT|NAME|AUDIT_BUCKET|BUCKET)\b/g, (word) => of[word as keyof typeof of]);
}

export async function createCliUser(deployment: Deployment, role: CliRole): Promise<CliUser> {
  const { clients, home, product, root, signal, site } = deployment;
  const { configuration, outputs, url } = product;
  const { name } = configuration;
  const UserName = `${name}-${role}`;
  const PolicyName = 'cli';
  await clients.iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = site.withBatchActions(documentedPolicy(role, deployment));
  await clients.iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName }));
  const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  const target = join(home, 'target.json');
  const { env: names, ...address } = toTarget(
    { ...outputs, PublicUrl: url },
    { name, region: site.region, simulatedZpa: site.lasts },
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
