import { equal, match, rejects } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { awaitSettled, type Deployment, type Story } from '../deployment.ts';
import { type CliUser, createCliUser } from '../product/cli-user.ts';
import { optionsAs } from '../product/clients.ts';
import { awaitEmpty } from '../product/queues.ts';
import { settingsText, withGrants } from '../product/settings.ts';
import type { Say } from '../report/steps.ts';
import { until } from '../report/until.ts';

const FILE = {
  schemaVersion: 1,
  idempotencyKey: 'DEPLOY-CLI',
  tenant: 'acme-prod',
  action: 'create',
  group: { name: 'By Hand' },
};

/** The command line as a person with only an operator's policy: every command of docs/cli.md. */
export const useCommandLine: Story = async (deployment, say) => {
  const write = (name: string, change: unknown) => {
    const file = join(deployment.home, name);
    writeFileSync(file, JSON.stringify(change));
    return file;
  };
  const user = await createCliUser(deployment, 'operator');
  try {
    await mayReadTheOneSecret(deployment, user, say);
    const file = write('change.json', FILE);
    const unwanted = write('unwanted.json', { ...FILE, idempotencyKey: 'DEPLOY-NOT', group: { name: 'Unwanted' } });
    const { configuration } = deployment.product;
    const settings = join(deployment.home, 'unwanted-settings.json');
    writeFileSync(settings, settingsText(withGrants(configuration, 'jira', [])));
    const commands: [code: number, shows: RegExp, ...args: string[]][] = [
      [0, /Intranet/, 'groups', 'list', '--tenant', 'acme-prod'],
      [0, /Intranet/, 'groups', 'get', 'Intranet', '--tenant', 'acme-prod'],
      [0, /Intranet/, 'groups', 'search', 'Intra', '--tenant', 'acme-prod'],
      [0, /ops/, 'sources', 'list'],
      [0, /DEPLOY-CLI/, 'sources', 'test', 'ops', file],
      [0, /By Hand/, 'plan', file],
      [0, /DEPLOY-CLI/, 'submit', file, '--wait', '120'],
      [0, /applied/i, 'status', 'DEPLOY-CLI'],
      [0, /DEPLOY-CLI/, 'changes', 'list', '--tenant', 'acme-prod'],
      [0, /applied/i, 'status', '--ticket', 'DEPLOY-CLI'],
      [0, /DEPLOY-2/, 'failures', 'list'],
      [0, /DEPLOY-1/, 'failures', 'show', 'DEPLOY-2'],
      [0, /retried/, 'failures', 'retry', 'DEPLOY-2', '--accept-stale', '--yes'],
      [0, /REQ-7/, 'failures', 'discard', '--ticket', 'REQ-7', '--reason', 'a trial', '--yes'],
      [0, /acme-prod/, 'lanes', 'list'],
      [0, /./, 'lanes', 'pause', 'acme-prod', '--reason', 'a look'],
      [0, /DEPLOY-NOT/, 'submit', unwanted],
      [0, /cancelled/i, 'cancel', 'DEPLOY-NOT', '--source', 'ops', '--reason', 'not needed', '--yes'],
      [0, /./, 'lanes', 'resume', 'acme-prod'],
      [3, /./, 'lanes', 'release', 'acme-prod', '--reason', 'nothing is open', '--yes'],
      [0, /DEPLOY-NOT/, 'sources', 'sign', 'ops', unwanted],
      [0, /settings are valid/, 'settings', 'check', settings],
      [0, /tighter/, 'settings', 'diff', settings],
      [0, /test:deploy/, 'settings', 'history'],
      [0, /acme-prod/, 'settings', 'show', '1'],
      [4, /settings/, 'settings', 'push', settings, '--yes'],
      [7, /Edited by hand/, 'drift', '--tenant', 'acme-prod'],
    ];
    for (const [code, shows, ...args] of commands) {
      say(`zpa-changes ${args.join(' ').replaceAll(deployment.home, '…')}`);
      const ended = await user.run(args);
      const printed = `${ended.stdout}\n${ended.stderr}`;
      equal(ended.code, code, printed);
      match(printed, shows);
    }
    const { outcome, generation } = await awaitSettled(deployment, say, 'DEPLOY-2', 2);
    equal(`${outcome?.kind} ${generation}`, 'applied 2');
    await awaitEmpty(deployment, say, 'failures.fifo');
    return `${commands.length} commands; the write secret and a push of settings are refused; no dead letter is left`;
  } finally {
    await user.remove();
  }
};

/**
 * Waits until the user's rights are in force, and asks for what they must not hold: else nothing above proves anything.
 */
async function mayReadTheOneSecret(deployment: Deployment, { keys }: CliUser, say: Say): Promise<void> {
  const { product, signal, site } = deployment;
  const client = new SecretsManagerClient(optionsAs(keys, site));
  const read = (right: 'read' | 'write') => {
    const SecretId = secretNames.zpa(product.configuration.name, 'acme-prod', right);
    return client.send(new GetSecretValueCommand({ SecretId }));
  };
  await until('the rights of the new user', { say, signal }, () => read('read').catch(() => undefined));
  await rejects(read('write'), { name: 'AccessDeniedException' });
  client.destroy();
}
