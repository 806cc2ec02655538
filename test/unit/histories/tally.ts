import { TEST_START } from '../../fakes/fake-clock.ts';
import type { Wait } from './judge-liveness.ts';
import type { Scene } from './scene.ts';

/** Counts of the events in a number of histories, so that empty histories do not count. */
export type Tally = Map<string, number>;

/** The waits of changes beside a fault of one object that never passes, and their bounds, as one line. */
export function describeWaits(waits: readonly Wait[]): string {
  const sorted = waits.toSorted((a, b) => a.waitMs - b.waitMs);
  const bounds = waits.map(({ boundMs }) => boundMs).sort((a, b) => a - b);
  const used = Math.max(0, ...waits.map(({ waitMs, boundMs }) => waitMs / boundMs));
  const seconds = (ms = 0) => `${Math.round(ms / 1000).toLocaleString('en')} s`;
  const longest = sorted.at(-1);
  return [
    `${sorted.length.toLocaleString('en')} changes`,
    `p99 ${seconds(sorted[Math.floor(sorted.length * 0.99)]?.waitMs)}`,
    `longest ${seconds(longest?.waitMs)} where ${seconds(longest?.boundMs)} is the bound`,
    `bounds ${seconds(bounds[0])} to ${seconds(bounds.at(-1))}`,
    `nearest to its bound ${Math.round(100 * used)} %`,
  ].join(', ');
}

export function addTo(tally: Tally, { chronicle, clock, log }: Scene): void {
  const { settles, effects, edits, mishaps, faults, olderReads } = chronicle;
  const add = (name: string, count = 1) => void tally.set(name, (tally.get(name) ?? 0) + count);
  add('histories');
  add('virtual ms', clock.now() - TEST_START);
  add('changes', settles.length);
  add('writes with effect', effects.length);
  add('console edits', edits.length);
  add('older reads', olderReads);
  for (const { outcome } of settles) add(outcome.kind === 'rejected' ? `rejected ${outcome.code}` : outcome.kind);
  for (const { kind } of mishaps) add(`process ${kind}`);
  add('stops for a setting', log.lines.filter(({ fields }) => fields.code === 'membership-ignored').length);
  for (const { kind } of faults) add(`ZPA ${kind}`);
}
