import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeWaits, startProgress } from '../../../../local/demo/progress.ts';
import type { LaneView } from '../../../../local/world/snapshot/snapshot.ts';

const LANE: LaneView = {
  lane: 'PRODUCTION:1',
  tenants: ['acme-prod'],
  state: 'working',
  note: 'Updating Web Apps.',
  open: 7,
  settled: 3,
  budget: { reads: 16, writes: 0, readsAllowed: 16, writesAllowed: 10, windowSeconds: 10 },
};

describe('what npm start says of open changes', () => {
  it('is the rate limit where the lane works, its own note where it does not, and nothing where none is open', () => {
    expect(describeWaits({ lanes: [LANE] })).toEqual([
      "acme-prod: 7 changes open. Waiting for ZPA's rate limit: changes get 16 reads and 10 writes in 10 s.",
    ]);
    const stopped: LaneView = { ...LANE, state: 'stopped', open: 1, note: 'zpa-unavailable: ZPA answers 503.' };
    expect(describeWaits({ lanes: [stopped] })).toEqual([
      'acme-prod: 1 change open. zpa-unavailable: ZPA answers 503.',
    ]);
    expect(describeWaits({ lanes: [{ ...LANE, open: 0 }] })).toEqual([]);
  });
});

describe('the progress of npm start', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says what it waits for once nothing was printed for a few seconds, the same only once, and stops', async () => {
    const printed: string[] = [];
    let waits = ['waits for A'];
    const progress = startProgress(
      (line) => printed.push(line),
      async () => waits,
    );
    for (let second = 0; second < 10; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      progress.report(`line ${second}`);
    }
    expect(printed.filter((line) => line.startsWith('waits'))).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(printed.slice(10)).toEqual(['waits for A']);
    waits = ['waits for B'];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(printed.slice(10)).toEqual(['waits for A', 'waits for B']);
    progress[Symbol.dispose]();
    waits = ['waits for C'];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(printed.slice(10)).toEqual(['waits for A', 'waits for B']);
  });

  it('waits anew after a line that comes while it looks, and leaves no timer when it stops', async () => {
    const answers: (() => void)[] = [];
    const progress = startProgress(
      () => undefined,
      () => new Promise((resolve) => answers.push(() => resolve([]))),
    );
    await vi.advanceTimersByTimeAsync(3000);
    progress.report('line');
    answers.at(-1)?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(1);
    progress[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
  });
});
