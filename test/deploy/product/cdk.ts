import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import type { StackConfigurationInput } from '../../../cdk/configuration/stack-configuration.ts';
import { type Ended, runProcess, runToSuccess } from '../site/run-process.ts';
import type { Site } from '../site/site.ts';
import type { Clients } from './clients.ts';

/** The CDK command line as docs/deploy.md uses it, with files of its own. */
export type Cdk = {
  bootstrap(): Promise<Ended>;
  /** Deploys the stack with code of this version; returns its outputs. */
  deploy(version: string): Promise<Record<string, string>>;
  /** The difference that a deployment of the same would make; code 0: none. */
  diff(): Promise<Ended>;
  /** Removes the stack, whose protection against deletion it takes away first. */
  destroy(): Promise<Ended>;
};

/** In half a day: a schedule that fires in the middle of a step would make the outcome depend on the hour. */
const NOT_NOW = `cron(0 ${(new Date().getUTCHours() + 12) % 24} * * ? *)`;

/** A removal that has begun is finished, also after an interruption. */
const NEVER = new AbortController().signal;

type Options = { root: string; home: string; site: Site; clients: Clients; signal: AbortSignal };

export function createCdk({ root, home, site, clients, signal }: Options): Cdk {
  const folder = join(home, 'cdk');
  mkdirSync(folder);
  const file = (name: string) => join(folder, name);
  const cdk = join(root, 'node_modules/.bin/cdk');
  const env = { ...site.env, ZPA_CHANGES_CONFIG: file('stack.mjs'), CI: 'true' };
  const trust = site.env.NODE_EXTRA_CA_CERTS;
  const always = ['--ci', ...(trust === undefined ? [] : ['--ca-bundle-path', trust])];
  const common = ['--output', file('out'), ...always];
  // The last synthesis serves, since a removal needs nothing newer.
  const asDeployed = ['--app', file('out'), '--build', 'true', ...always];
  const options = { cwd: root, env, signal };
  const { name, region, account } = site;
  const schedules = { drift: NOT_NOW, sweep: NOT_NOW, reconcile: NOT_NOW };
  const stack: StackConfigurationInput = { name, region, account, schedules, simulatedZpa: site.lasts };
  writeFileSync(file('stack.mjs'), `export default ${JSON.stringify(stack)};`);
  const buildOf = (version: string) => ['--build', `"${process.execPath}" test/deploy/bundle.ts ${version}`];
  let build = buildOf('bootstrap');
  return {
    bootstrap() {
      return runToSuccess(cdk, ['bootstrap', `aws://${account}/${region}`, ...build, ...common], options);
    },
    async deploy(version) {
      build = buildOf(version);
      const outputs = file('outputs.json');
      const flags = ['-c', 'deploy=true', '--import-existing-resources', '--require-approval', 'never'];
      const args = ['deploy', '--all', ...flags, '--outputs-file', outputs, ...build, ...common];
      await runToSuccess(cdk, args, options);
      const all = JSON.parse(readFileSync(outputs, 'utf8')) as Record<string, Record<string, string>>;
      return all[name] ?? {};
    },
    diff: () => runProcess(cdk, ['diff', '--fail', ...build, ...common], options),
    async destroy() {
      await unprotect(clients, name);
      return runToSuccess(cdk, ['destroy', '--all', '--force', ...asDeployed], { ...options, signal: NEVER });
    },
  };
}

/** A stack that is not there, after a failure, needs nothing. */
async function unprotect({ cloudFormation }: Clients, StackName: string): Promise<void> {
  const command = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false });
  await cloudFormation.send(command).catch((error: unknown) => {
    if (!(error instanceof Error && /does not exist/.test(error.message))) throw error;
  });
}
