import { equal, notEqual, ok, rejects } from 'node:assert/strict';
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { AUDIT, NOTICES } from '../../../shared/deployment/resources.ts';
import { awaitSettled, type Deployment, type Story } from '../deployment.ts';
import { openProduct } from '../product/product.ts';
import { awaitEmpty } from '../product/queues.ts';
import { withGrants } from '../product/settings.ts';
import type { Say } from '../report/steps.ts';
import { showNoRefusal } from './audit.ts';
import { pushSettings } from './settings.ts';

const change = (idempotencyKey: string, name: string) => ({
  changes: [{ schemaVersion: 1, idempotencyKey, tenant: 'acme-prod', action: 'create', group: { name } }],
});

/** A deployment of the same would change nothing. */
export const showNoDifference: Story = async ({ cdk }) => {
  const { code, stdout, stderr } = await cdk.diff();
  equal(code, 0, `${stdout}\n${stderr}`);
  return 'no difference';
};

/** New code, and settings that take all grants away from a source: both are in force. */
export const update: Story = async (deployment, say) => {
  const { product } = deployment;
  const before = await codeOf(deployment);
  await pushSettings(deployment, say, withGrants(product.configuration, 'jira', []));
  await redeploy(deployment, say, 'second');
  notEqual(await codeOf(deployment), before);
  const refused = await deployment.product.deliver('jira', change('DEPLOY-4', 'Staging Four'));
  equal(refused.status, 403, JSON.stringify(refused.body));
  equal((await deployment.product.deliver('ops', change('DEPLOY-5', 'After The Update'))).status, 202);
  equal((await awaitSettled(deployment, say, 'DEPLOY-5')).outcome?.kind, 'applied');
  await showNoRefusal(deployment);
  return 'the source without its grant is refused, another one is served';
};

/**
 * The stack goes and comes again; ledger, settings and secrets stayed, so that what was applied once is not applied
 * again.
 */
export const destroyAndDeployAgain: Story = async (deployment, say) => {
  const { cdk, clients, product, outside, site } = deployment;
  const removal = new DeleteStackCommand({ StackName: site.name });
  await rejects(clients.cloudFormation.send(removal), /TerminationProtection/);
  // A function that still ran would leave a log group behind in the emulator, which the next deployment could not make again.
  for (const { name } of [NOTICES, AUDIT]) await awaitEmpty(deployment, say, name);
  await cdk.destroy();
  say('destroyed');
  const gone = await fetch(`${product.url}/catalog`);
  await gone.arrayBuffer();
  ok(gone.status >= 400, `The API still answers: ${gone.status}`);
  await redeploy(deployment, say, 'third');
  const { store } = outside.simulator;
  store.deleteGroup('After The Update');
  const again = await deployment.product.deliver('ops', change('DEPLOY-5', 'After The Update'));
  equal(again.status, 202, JSON.stringify(again.body));
  equal(JSON.stringify(again.body).includes('settled'), true, JSON.stringify(again.body));
  equal((await deployment.product.deliver('ops', change('DEPLOY-6', 'After The Return'))).status, 202);
  equal((await awaitSettled(deployment, say, 'DEPLOY-6')).outcome?.kind, 'applied');
  equal(store.group('After The Update'), undefined);
  await showNoRefusal(deployment);
  return 'protected until that is taken away; the old key is answered and not applied again; a new one is applied';
};

/** All of it goes, also what a destroyed stack leaves behind on purpose. */
export const removeAll: Story = async ({ removeForGood }) =>
  `the stack, and ${(await removeForGood()).length} things that outlived it`;

async function redeploy(deployment: Deployment, say: Say, version: string): Promise<void> {
  const { cdk, clients, site, product } = deployment;
  const outputs = await cdk.deploy(version);
  await site.afterDeploy(say);
  const { configuration, secrets } = product;
  deployment.product = openProduct({ site, clients, configuration, outputs, secrets });
}

/** Digest of the code of a function that reads no settings. */
async function codeOf({ clients, product }: Deployment): Promise<string> {
  const FunctionName = `${product.configuration.name}-status`;
  return (await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).CodeSha256 ?? '';
}
