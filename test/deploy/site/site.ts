import type { Say } from '../report/steps.ts';

export type SiteOptions = {
  /** Folder of this run. */
  home: string;
  signal: AbortSignal;
  say: Say;
  closers: AsyncDisposableStack;
};

/** How a site is opened; it ends with `closers`. `missing`: why it cannot be on this machine. */
export type SiteFinding = { missing: string } | { open(options: SiteOptions): Promise<Site> };

/** The AWS account to which the product is deployed: the emulator's, or a real one. */
export type Site = {
  /** `ministack 1.5.33` */
  label: string;
  /** Name of the deployment. */
  name: string;
  /** True: what is left there costs money, so everything is removed also after a failure; and others work there. */
  lasts: boolean;
  account: string;
  region: string;
  /** Environment of every program that works as the account's administrator. */
  env: Record<string, string>;
  /** Environment of a program that works with these keys instead. */
  envOf(keys: { accessKeyId: string; secretAccessKey: string }): Record<string, string>;
  /** Returns the address at which one of the deployed HTTP API is reached from here. */
  reach(publicUrl: string): string;
  /** The same policy, with what the site wants besides. */
  withBatchActions(policy: string): string;
  /** Makes up for what the site authorises otherwise than AWS. */
  afterDeploy(say: Say): Promise<void>;
};
