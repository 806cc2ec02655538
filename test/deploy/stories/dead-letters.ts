import { equal, ok } from 'node:assert/strict';
import { awaitSettled, type Story } from '../deployment.ts';
import { awaitFailures, moveBack } from '../product/queues.ts';

const change = (idempotencyKey: string, group: Record<string, string>, set: Record<string, unknown>) => ({
  schemaVersion: 1,
  idempotencyKey,
  tenant: 'acme-prod',
  action: 'update',
  group,
  set,
});

/** Two changes of one delivery, of which the second fails for want of the first: it says so. */
export const rejectWithCause: Story = async (deployment, say) => {
  const { product } = deployment;
  const changes = [
    change('DEPLOY-1', { name: 'Not Yet There' }, { name: 'Reporting' }),
    change('DEPLOY-2', { name: 'Reporting' }, { description: 'Figures' }),
  ];
  equal((await product.deliver('ops', { changes })).status, 202);
  const [first, second] = [
    await awaitSettled(deployment, say, 'DEPLOY-1'),
    await awaitSettled(deployment, say, 'DEPLOY-2'),
  ];
  for (const { outcome } of [first, second]) equal(outcome?.kind, 'rejected');
  const told = JSON.stringify(second.outcome);
  ok(told.includes('DEPLOY-1'), `The second does not name the first as its cause: ${told}`);
  const letters = await awaitFailures(deployment, say, ['DEPLOY-1', 'DEPLOY-2']);
  return `${letters.length} dead letters; DEPLOY-2 names DEPLOY-1 as its cause`;
};

/** A person makes good what was missing, and moves the dead letter back by hand. */
export const moveFailureBack: Story = async (deployment, say) => {
  const { outside } = deployment;
  outside.simulator.store.createGroup({ name: 'Not Yet There' });
  const letters = await awaitFailures(deployment, say, ['DEPLOY-1']);
  for (const letter of letters.filter(({ failure }) => failure.ref?.idempotencyKey === 'DEPLOY-1')) {
    await moveBack(deployment, letter);
  }
  const { outcome, generation } = await awaitSettled(deployment, say, 'DEPLOY-1', 2);
  equal(`${outcome?.kind} ${generation}`, 'applied 2');
  ok(outside.simulator.store.group('Reporting') !== undefined, 'The group was not renamed.');
  return 'DEPLOY-1 is applied as generation 2';
};
