import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance, Clock } from '../ports/ports.ts';

/** The system's clock. `sleep` rejects with the signal's reason; zero and negative waits resolve at once. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    if (ms <= 0) return;
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause;
    }
  },
};

/** Random UUIDs (version 4, 122 random bits) and `Math.random`: for ids and jitter, not for secrets. */
export const systemChance: Chance = { id: () => randomUUID(), random: () => Math.random() };
