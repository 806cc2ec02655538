import { resolve } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ConfigurationError } from '../shared/runtime/configuration-error.ts';
import { toStderr } from '../shared/runtime/standard-streams.ts';
import { ExampleDeploymentError, readDeployment } from './configuration/load-configuration.ts';
import { createStack } from './stack.ts';

/** An account id that does not exist, so that a stack synthesised from the example cannot be deployed. */
const UNUSED_ACCOUNT = '000000000000';

/** Entry of the CDK app (`cdk.json`). The context `deploy=true` (`npm run deploy`) announces a deployment. */
async function main(): Promise<void> {
  const { stacks, isExample } = await readDeployment(process.env);
  const app = new App();
  if (isExample && app.node.tryGetContext('deploy') !== undefined) throw new ExampleDeploymentError();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const bundles = resolve(import.meta.dirname, '../dist/functions');
  for (const configuration of stacks) {
    const own = isExample ? { ...configuration, account: UNUSED_ACCOUNT } : configuration;
    createStack(app, { configuration: own, bundles });
  }
  app.synth();
}

try {
  await main();
} catch (error) {
  const expected = error instanceof ConfigurationError || error instanceof ExampleDeploymentError;
  if (!expected) throw error;
  toStderr(`${error.message}\n`);
  process.exitCode = 1;
}
