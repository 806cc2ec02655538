import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import picocolors from 'picocolors';
import { toStdout } from '../../shared/runtime/standard-streams.ts';
import type { Deployment, Story } from './deployment.ts';
import { openOutside } from './outside/outside.ts';
import { createCdk } from './product/cdk.ts';
import { createClients } from './product/clients.ts';
import { readLogs, troubleIn } from './product/logs.ts';
import { openProduct } from './product/product.ts';
import { createRemoval } from './product/remove-for-good.ts';
import { runtimeConfiguration } from './product/settings.ts';
import { createSteps, type Steps } from './report/steps.ts';
import { findMinistack } from './site/ministack.ts';
import { findRealAccount, isReal, reach } from './site/real-account.ts';
import type { Site, SiteOptions } from './site/site.ts';
import { audit } from './stories/audit.ts';
import { verifyTrail } from './stories/audit-trail.ts';
import { carryTickets } from './stories/carry-tickets.ts';
import { useCommandLine } from './stories/command-line.ts';
import { moveFailureBack, rejectWithCause } from './stories/dead-letters.ts';
import { approveGithubIssue } from './stories/github-issue.ts';
import { destroyAndDeployAgain, removeAll, showNoDifference, update } from './stories/life-cycle.ts';
import { reconcileLostApproval, reportDrift, sweep } from './stories/scheduled.ts';
import { keepSecrets } from './stories/secrets.ts';
import { pushChangedSettings, pushFirstSettings } from './stories/settings.ts';
import { showStatusPage } from './stories/status-page.ts';

/** `npm run test:deploy`: the deployed product in an AWS that nobody here wrote. */
const root = resolve(import.meta.dirname, '../..');
const print = (line: string) => toStdout(`${line}\n`);

const STORIES: [name: string, story: Story][] = [
  ['secrets and settings', pushFirstSettings],
  ['tickets of three systems', carryTickets],
  ['an issue of GitHub', approveGithubIssue],
  ['a rejection with a cause', rejectWithCause],
  ['a failure moved back', moveFailureBack],
  ['a lost approval', reconcileLostApproval],
  ['drift and catalog', reportDrift],
  ['status page', showStatusPage],
  ['the command line', useCommandLine],
  ['a rotated secret', keepSecrets],
  ['settings, no deployment', pushChangedSettings],
  ['sweep', sweep],
  ['the audit trail', verifyTrail],
  ['functions, logs, queues', audit],
  ['cdk diff', showNoDifference],
  ['update', update],
  ['destroy, deploy again', destroyAndDeployAgain],
  ['remove for good', removeAll],
];

type Open = (options: SiteOptions) => Promise<Site>;
type Frame = Omit<SiteOptions, 'say'> & { open: Open };

async function run(open: Open, signal: AbortSignal): Promise<void> {
  await using closers = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'zpa-changes-deploy-'));
  closers.defer(() => rmSync(home, { recursive: true, force: true }));
  const steps = createSteps(signal);
  try {
    const deployment = await deploy(steps, { open, home, signal, closers });
    await tell(steps, deployment);
  } finally {
    print(steps.table());
  }
}

/** Everything up to a deployed product that has no settings yet. */
async function deploy({ step, make }: Steps, { open, home, signal, closers }: Frame): Promise<Deployment> {
  const site = await make(isReal ? 'the AWS account' : 'start an AWS emulator', async (say) => {
    const found = await open({ home, signal, say, closers });
    return [found, found.label];
  });
  const outside = await openOutside({ ...reach, closers });
  const clients = createClients(site);
  const cdk = createCdk({ root, home, site, clients, signal });
  const removeForGood = createRemoval({ cdk, clients, site });
  if (site.lasts) closers.defer(async () => void (await removeForGood()));
  const configuration = runtimeConfiguration(site.name, outside);
  await step('cdk bootstrap', async () => {
    // Others deploy to a real account too, with the toolkit stack that it has.
    if (site.lasts) return 'left to the account';
    await cdk.bootstrap();
    return 'the toolkit stack';
  });
  const product = await make('cdk deploy', async (say) => {
    const outputs = await cdk.deploy('first');
    await site.afterDeploy(say);
    return [openProduct({ site, clients, configuration, outputs }), `${Object.keys(outputs).length} outputs`];
  });
  return { root, home, site, clients, cdk, product, outside, removeForGood, signal };
}

/** All stories in order; after a failure, what the functions' logs say of trouble. */
async function tell({ step }: Steps, deployment: Deployment): Promise<void> {
  try {
    for (const [name, story] of STORIES) await step(name, (say) => story(deployment, say));
  } catch (error) {
    const { clients, signal, site } = deployment;
    if (!signal.aborted) print(troubleIn(await readLogs(clients, site.name)));
    throw error;
  }
}

async function main(): Promise<number> {
  const found = isReal ? findRealAccount() : findMinistack(root, print);
  if ('missing' in found) {
    print(`test:deploy: left out, ${found.missing}`);
    return isReal ? 2 : 0;
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => interruption.abort(new Error(`Interrupted (${name}).`)));
  }
  try {
    await run(found.open, interruption.signal);
    return 0;
  } catch (error) {
    const interrupted = interruption.signal.aborted;
    print(
      picocolors.red(
        error instanceof Error ? ((interrupted ? undefined : error.stack) ?? error.message) : String(error),
      ),
    );
    return interrupted ? 130 : 1;
  }
}

process.exitCode = await main();
