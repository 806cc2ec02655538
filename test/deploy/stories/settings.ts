import { equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../../functions/ops/output/exit-codes.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { awaitSettled, type Deployment, type Story } from '../deployment.ts';
import { createCliUser } from '../product/cli-user.ts';
import { openProduct } from '../product/product.ts';
import { settingsText, withGrants } from '../product/settings.ts';
import type { Say } from '../report/steps.ts';
import { until } from '../report/until.ts';

const change = (idempotencyKey: string, name: string) => ({
  changes: [{ schemaVersion: 1, idempotencyKey, tenant: 'acme-prod', action: 'create', group: { name } }],
});

/** A new stack takes nothing; people make the secrets and push the first settings. */
export const pushFirstSettings: Story = async (deployment, say) => {
  const { product } = deployment;
  const early = await product.deliver('ops', change('DEPLOY-0', 'Too Early'));
  equal(early.status, 503, JSON.stringify(early.body));
  match(early.headers.get('retry-after') ?? '', /^\d+$/);
  const secrets = await product.makeSecrets();
  await pushSettings(deployment, say, product.configuration);
  return `503 without settings; ${secrets.length} secrets made; version 1 is pushed`;
};

/** A source gets a grant without a deployment: what was refused is accepted within half a minute. */
export const pushChangedSettings: Story = async (deployment, say) => {
  const { product, signal } = deployment;
  const wanted = change('DEPLOY-GRANT', 'Granted Later');
  const refused = await product.deliver('jira', wanted);
  equal(refused.status, 403, JSON.stringify(refused.body));
  const { grants } = lookup(product.configuration.sources, 'jira') ?? { grants: [] };
  const wider = grants.map((grant) => ({ ...grant, groups: [...grant.groups, 'Granted*'] }));
  const file = join(deployment.home, 'wider-settings.json');
  const next = withGrants(product.configuration, 'jira', wider);
  writeFileSync(file, settingsText(next));
  // It ends with 0 only if the open changes could be read too.
  await runAsPusher(deployment, say, ['diff', file]);
  await pushSettings(deployment, say, next);
  await until('the new grant', { say, signal }, async () => {
    const answer = await deployment.product.deliver('jira', wanted);
    return answer.status === 202 || undefined;
  });
  equal((await awaitSettled(deployment, say, 'DEPLOY-GRANT')).outcome?.kind, 'applied');
  await runAsPusher(deployment, say, ['rollback', '1', '--yes']);
  return 'a refused change is accepted after the push; back to version 1';
};

/** Pushes settings by the command line, as a steward; the deployment goes on with them. */
export async function pushSettings(deployment: Deployment, say: Say, configuration: Configuration): Promise<void> {
  const { clients, home, product, site } = deployment;
  const file = join(home, 'settings.json');
  writeFileSync(file, settingsText(configuration));
  await runAsPusher(deployment, say, ['push', file, '--note', 'test:deploy', '--yes']);
  const { outputs, secrets } = product;
  deployment.product = openProduct({ site, clients, configuration, outputs, secrets });
}

/**
 * Runs a command of the settings with a steward's rights, once they are in force, which takes seconds.
 */
async function runAsPusher(deployment: Deployment, say: Say, args: readonly string[]): Promise<void> {
  const { signal } = deployment;
  const user = await createCliUser(deployment, 'steward');
  try {
    await until(`settings ${args[0]}`, { say, signal }, async () => {
      const { code, stdout, stderr } = await user.run(['settings', ...args]);
      say(`${stdout}${stderr}`.trim());
      if (code !== 0 && code !== EXIT.unreachable) throw new Error(`settings ${args[0]} ended with ${code}.`);
      return code === EXIT.ok || undefined;
    });
  } finally {
    await user.remove();
  }
}
