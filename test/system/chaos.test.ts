import { expect, it } from 'vitest';
import { runChaos } from './chaos.ts';

it('killed five times, worker or everything: one outcome each, the tenant as the model, each write once, queues empty', async () => {
  const { breaches, outcomes, writes } = await runChaos({ changes: 100, kills: 5, seed: 7 });
  expect(breaches).toEqual([]);
  expect(outcomes.get('applied')).toBeGreaterThan(20);
  expect(writes).toBeGreaterThan(20);
});
