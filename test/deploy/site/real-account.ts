import { randomBytes } from 'node:crypto';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Site, SiteFinding } from './site.ts';

/** Set to 1: the run is against the AWS account to which the environment's credentials lead, and costs money. */
const REAL = 'ZPA_CHANGES_REAL_AWS';
/** Address from which the account's functions reach the port of this machine. */
const REACHED_AT = 'ZPA_CHANGES_REACHED_AT';

export const isReal = process.env[REAL] === '1';

/** The systems around the product listen and are reached here. */
export const reach = isReal
  ? { port: Number(process.env.ZPA_CHANGES_REACHED_PORT ?? 8790), reachedAt: process.env[REACHED_AT] }
  : { port: 0, reachedAt: undefined };

/** The account that the environment's credentials lead to. */
export function findRealAccount(): SiteFinding {
  if (!/^https:\/\//.test(process.env[REACHED_AT] ?? '')) {
    return { missing: `${REACHED_AT} has to be an https address that leads to port ${reach.port} of this machine` };
  }
  return process.env.AWS_REGION === undefined ? { missing: 'AWS_REGION is not set' } : { open: openRealAccount };
}

/** The account of the caller's own credentials, under a name that no other deployment has. */
async function openRealAccount(): Promise<Site> {
  const region = process.env.AWS_REGION ?? '';
  const client = new STSClient({ region });
  const { Account = '' } = await client.send(new GetCallerIdentityCommand());
  client.destroy();
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...others } = env;
  return {
    label: `account ${Account}, ${region}`,
    name: `zpa-trial-${randomBytes(3).toString('hex')}`,
    lasts: true,
    account: Account,
    region,
    env,
    envOf: (keys) => ({
      ...others,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    }),
    reach: (publicUrl) => publicUrl,
    withBatchActions: (policy) => policy,
    afterDeploy: async () => {},
  };
}
