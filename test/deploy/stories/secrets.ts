import { equal, match, notEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { awaitSettled, type Story } from '../deployment.ts';
import { createCliUser } from '../product/cli-user.ts';
import { until } from '../report/until.ts';

const created = (idempotencyKey: string, name: string) => ({
  changes: [{ schemaVersion: 1, idempotencyKey, tenant: 'acme-prod', action: 'create', group: { name } }],
});

/**
 * The keeper of the secrets, with the rights that docs/deploy.md shows, rotates one while deliveries come: the old
 * value is accepted all along, and the new one is taken back. Nothing of ZPA can be read with these rights.
 */
export const keepSecrets: Story = async (deployment, say) => {
  const { signal } = deployment;
  const user = await createCliUser(deployment, 'keeper');
  const succeed = async (shows: RegExp, args: string[], input = '') => {
    say(`zpa-changes ${args.join(' ')}`);
    const { code, stdout, stderr } = await user.run(args, input);
    equal(code, 0, `${stdout}\n${stderr}`);
    match(stdout + stderr, shows);
  };
  const deliver = async (key: string, name: string) => {
    const answer = await deployment.product.deliver('ops', created(key, name));
    equal(answer.status, 202, JSON.stringify(answer.body));
    equal((await awaitSettled(deployment, say, key)).outcome?.kind, 'applied');
  };
  try {
    await until('the rights of the new user', { say, signal }, async () => {
      return (await user.run(['secrets', 'list'])).code === 0 || undefined;
    });
    await succeed(/source\/ops +present/, ['secrets', 'list']);
    await succeed(/Two values/, ['secrets', 'rotate', 'source/ops'], `whsec_${randomBytes(32).toString('base64')}`);
    await deliver('DEPLOY-ROTATING', 'While Two Are Valid');
    await succeed(/source\/ops/, ['secrets', 'rotate', 'source/ops', '--undo', '--yes']);
    await deliver('DEPLOY-ROTATED', 'After The Rotation');
    await succeed(/Two values/, ['secrets', 'rotate', 'status']);
    notEqual((await user.run(['groups', 'list', '--tenant', 'acme-prod'])).code, 0);
    return 'listed; one rotated and taken back while changes were applied; the key of status links has two values';
  } finally {
    await user.remove();
  }
};
