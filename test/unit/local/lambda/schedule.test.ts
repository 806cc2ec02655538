import { describe, expect, it } from 'vitest';
import { deploymentFaults } from '../../../../cdk/configuration/deployment-faults.ts';
import { stackSchema } from '../../../../cdk/configuration/stack-configuration.ts';
import { startScheduler } from '../../../../local/lambda/schedule.ts';
import type { Clock } from '../../../../shared/ports/ports.ts';

/** A clock that only advances when a test advances it, and wakes its sleepers in order. */
function createHandClock(start: number) {
  let now = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  /** Sleepers may fall asleep again: each wake is followed by a turn of the event loop. */
  const advance = async (ms: number) => {
    const until = now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      sleepers = sleepers.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.wake();
    }
    now = until;
  };
  return { clock, advance };
}

const NOON = Date.parse('2026-11-22T12:00:00Z');

function startWorld(expression: string, handler: () => unknown, timeFactor = 1) {
  const { clock, advance } = createHandClock(NOON);
  const runs: number[] = [];
  const scheduler = startScheduler({
    functions: [{ expression, function: { name: 'sweep', timeoutMs: 600_000, handler } }],
    timeFactor,
    clock,
    onRun: (run) => runs.push((run.startedAt - NOON) / 1000),
  });
  return { advance, runs, scheduler };
}

const NOW = Date.UTC(2026, 10, 28);

describe('the scheduler', () => {
  it('runs a rate again and again, divided by the time factor', async () => {
    const { advance, runs, scheduler } = startWorld('rate(1 minute)', () => ({ sent: 0 }), 2);
    await advance(100_000);
    expect(runs).toEqual([30, 60, 90]);
    await scheduler.close();
  });

  it('runs a cron expression by the wall clock, also days ahead', async () => {
    const { advance, runs, scheduler } = startWorld('cron(0 6 * * ? *)', () => null, 100);
    expect(scheduler.nextAt('sweep')).toBe(Date.parse('2026-11-23T06:00:00Z'));
    await advance(48 * 3_600_000);
    expect(runs).toEqual([18 * 3600, 42 * 3600]);
    await scheduler.close();
  });

  it('goes on after a run that failed', async () => {
    const { advance, runs, scheduler } = startWorld('rate(1 minute)', () => Promise.reject(new Error('broken')));
    await advance(130_000);
    expect(runs).toEqual([60, 120]);
    await scheduler.close();
  });

  it('runs now when asked, one run after the other, and answers result or error', async () => {
    const gate = Promise.withResolvers<void>();
    let open = 0;
    let most = 0;
    let count = 0;
    const { scheduler } = startWorld('rate(1 day)', async () => {
      most = Math.max(most, ++open);
      await gate.promise;
      open -= 1;
      if (++count === 2) throw new Error('second');
      return { count };
    });
    const asked = [scheduler.runNow('sweep'), scheduler.runNow('sweep'), scheduler.runNow('sweep')];
    gate.resolve();
    expect(await Promise.allSettled(asked)).toMatchObject([
      { value: { count: 1 } },
      { reason: { message: 'second' } },
      { value: { count: 3 } },
    ]);
    expect(most).toBe(1);
    await expect(scheduler.runNow('other')).rejects.toThrow('other');
    await scheduler.close();
  });

  it('refuses an expression that cannot be read before anything runs', () => {
    expect(() => startWorld('cron(0 6 * * *)', () => null)).toThrow('cannot be read');
  });

  it.each([
    'cron(0 6 L * ? *)',
    'cron(0 6 15W * ? *)',
    'cron(0 6 ? * 2#1 *)',
    'cron(0 6 ? * 6L *)',
    'cron(0 6 ? * mon-fri *)',
    'rate(5 minute)',
    'rate(1 minutes)',
    'cron(0 20-8 * * ? *)',
    'cron(0  6 * * ? *)',
    'cron(? 6 * * ? *)',
    'cron(0 6 31 FEB ? *)',
    'cron(0 6 ? * MON/2 *)',
  ])('takes %s if and only if it can be deployed, but for pauses that no alarm can watch', async (expression) => {
    const faults = deploymentFaults(stackSchema.parse({ name: 'unit', schedules: { drift: expression } }), NOW);
    const deployed = faults.every(({ path, remedy }) => path !== 'schedules.drift' || remedy.startsWith('pauses'));
    let runs = true;
    try {
      await startWorld(expression, () => null).scheduler.close();
    } catch {
      runs = false;
    }
    expect(runs).toBe(deployed);
  });

  it.each([
    ['cron(0 6 * * ? 2020)', false],
    ['cron(0 6 1 JAN ? 2026)', false],
    ['cron(0 6 31 DEC ? 2026)', true],
    ['cron(0 6 * * ? 2020-2199)', true],
    ['rate(1 day)', true],
  ])('%s has a run to come: %s', (drift, runsAgain) => {
    const faults = deploymentFaults(stackSchema.parse({ name: 'unit', schedules: { drift } }), NOW);
    expect(faults.every(({ path }) => path !== 'schedules.drift')).toBe(runsAgain);
  });
});
