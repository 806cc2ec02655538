import type { Say } from '../report/steps.ts';

/** The AWS account to which the product is deployed. */
export type Site = {
  /** `ministack 1.5.33` */
  label: string;
  /** Name of the deployment. */
  name: string;
  account: string;
  region: string;
  /** Environment of every program that works as the account's administrator. */
  env: Record<string, string>;
  /** Environment of a program that works with these keys instead. */
  envOf(keys: { accessKeyId: string; secretAccessKey: string }): Record<string, string>;
  /** Where an address of the deployed HTTP API is reached from here. */
  reach(publicUrl: string): string;
  /** The same policy, with what the site wants besides. */
  withBatchActions(policy: string): string;
  /** Makes up for what the site authorises otherwise than AWS. */
  afterDeploy(say: Say): Promise<void>;
};
