import { setTimeout as delay } from 'node:timers/promises';
import type { Say } from './steps.ts';

export type Waiting = { say: Say; signal: AbortSignal; limitMs?: number };

const LIMIT_MS = 180_000;
const PAUSE_MS = 250;

/** Looks until there is something; the systems looked at say nothing by themselves. Says what it waits for. */
export async function until<Fact>(
  what: string,
  { say, signal, limitMs = LIMIT_MS }: Waiting,
  look: () => Promise<Fact | undefined>,
): Promise<Fact> {
  const endsAt = performance.now() + limitMs;
  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const fact = await look();
    if (fact !== undefined) return fact;
    if (looks === 0) say(`waits for ${what}`);
    if (performance.now() > endsAt) throw new Error(`Waited ${limitMs / 1000} s in vain for ${what}.`);
    await delay(PAUSE_MS, undefined, { signal });
  }
}
