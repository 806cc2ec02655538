import { expect, it } from 'vitest';
import { createDriftRun } from '../../../../local/page/drift-run.ts';

it('a drift run that ends badly says why, and may begin again', async () => {
  const runs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const waiting = runs.map(({ promise }) => promise);
  const driftRun = createDriftRun({ runDrift: () => waiting.shift() ?? Promise.resolve() });
  expect(driftRun.begin()).toBe(true);
  expect(driftRun.begin()).toBe(false);
  runs[0]?.reject(new Error('round may not start: <its concurrency is 0>'));
  await runs[0]?.promise.catch(() => undefined);
  expect(driftRun.view()?.html).toContain('round may not start: &lt;its concurrency is 0&gt;');
  expect(driftRun.begin()).toBe(true);
  expect(driftRun.view()?.html).toContain('are being made');
  runs[1]?.resolve();
  await runs[1]?.promise;
  expect(driftRun.view()?.html).toContain('has a new drift report');
});
