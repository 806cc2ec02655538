import type { History } from './history.ts';

/** Nothing goes wrong in it. */
export const quiet: History = {
  ...{ seed: 1, groups: 3, homes: [0, 1, 2, 9, 9, 9, 9, 9], ruled: 8, deaf: false, misset: false, workers: 1 },
  ...{ changes: [], repeats: [], redrives: [], cancels: [], edits: [], faults: [], outages: [], lags: [], freezes: [] },
  mishaps: [],
};
