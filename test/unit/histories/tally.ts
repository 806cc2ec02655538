import type { Chronicle } from './chronicle.ts';

/** What a number of histories held, so that nobody counts histories in which nothing happens. */
export type Tally = Map<string, number>;

export function addTo(tally: Tally, { settles, effects, edits, mishaps, faults }: Chronicle): void {
  const add = (name: string, count = 1) => void tally.set(name, (tally.get(name) ?? 0) + count);
  add('histories');
  add('changes', settles.length);
  add('writes with effect', effects.length);
  add('console edits', edits.length);
  for (const { outcome } of settles) add(outcome.kind === 'rejected' ? `rejected ${outcome.code}` : outcome.kind);
  for (const { kind } of mishaps) add(`process ${kind}`);
  for (const { kind } of faults) add(`ZPA ${kind}`);
}
