import { deepEqual } from 'node:assert/strict';
import { AUDIT, DRIFT, FUNCTIONS, NOTICES, PLANS } from '../../../shared/deployment/resources.ts';
import type { Deployment, Story } from '../deployment.ts';
import { readLogs, refusedIn, startsOf } from '../product/logs.ts';
import { awaitEmpty } from '../product/queues.ts';
import { until } from '../report/until.ts';

/**
 * Queues that hold something only when something went wrong. `changes.fifo` hides the message of a paused lane for a
 * while.
 */
const EMPTY = ['missed-runs', ...[NOTICES, PLANS, DRIFT, AUDIT].map(({ deadLetterQueue }) => deadLetterQueue)];

/** Every function ran, AWS refused none of their calls, and nothing was given up. */
export const audit: Story = async (deployment, say) => {
  const { clients, product, signal } = deployment;
  const { name } = product.configuration;
  const look = async () => {
    const lines = await readLogs(clients, name);
    const starts = startsOf(lines);
    const isComplete = Object.keys(FUNCTIONS).every((one) => starts.has(`/aws/lambda/${name}-${one}`));
    return isComplete ? { lines, starts } : undefined;
  };
  const { lines, starts } = await until('the log of every function', { say, signal }, look);
  await showNoRefusal(deployment);
  for (const queue of EMPTY) await awaitEmpty(deployment, say, queue);
  const counts = Object.keys(FUNCTIONS).map((one) => `${one} ${starts.get(`/aws/lambda/${name}-${one}`)}`);
  return `${lines.length} log lines, no refusal; runs: ${counts.join(', ')}`;
};

/** No log group of the product tells of a call that AWS refused, or of an error. */
export async function showNoRefusal({ clients, product }: Deployment): Promise<void> {
  const lines = await readLogs(clients, product.configuration.name);
  deepEqual(refusedIn(lines), [], 'AWS refused calls.');
}
