import Table from 'cli-table3';
import type { Tally } from '../unit/histories/tally.ts';
import type { Cost } from './soak.ts';

type Run = {
  minutes: number;
  processorMinutes: number;
  firstSeed: number;
  lastSeed: number;
  batch: number;
  findings: number;
  waits: string;
  slowest?: Cost;
  costliest?: Cost;
};

const describeCost = (cost?: Cost): string =>
  cost === undefined
    ? 'none'
    : `${(cost.ms / 1000).toFixed(1)} s, ${cost.calls.toLocaleString('en')} calls (--seed ${cost.seed} --path ${cost.path})`;

/** The content of a soak, and its findings. */
export function printTable(say: (line: string) => void, tally: Tally, run: Run): void {
  const of = (name: string) => tally.get(name) ?? 0;
  const sum = (prefix: string) =>
    [...tally].filter(([name]) => name.startsWith(prefix)).reduce((total, [, count]) => total + count, 0);
  const table = new Table({ head: ['what', 'count'], colAligns: ['left', 'right'], style: { head: [], border: [] } });
  const figure = (count: number) => Math.round(count).toLocaleString('en');
  table.push(
    ['minutes', run.minutes.toFixed(1)],
    ['minutes of processor time', run.processorMinutes.toFixed(1)],
    ['seeds', `${run.firstSeed} to ${run.lastSeed}, ${run.batch} histories each`],
    ['histories', figure(of('histories'))],
    ['days of virtual time', figure(of('virtual ms') / 86_400_000)],
    ['changes settled', figure(of('changes'))],
    ['writes with effect', figure(of('writes with effect'))],
    ['console edits', figure(of('console edits'))],
    ['crashes, stalls and failing calls', figure(sum('process '))],
    ['faults of ZPA', figure(sum('ZPA '))],
    ['beside a lasting fault of another object', run.waits],
    ['slowest history', describeCost(run.slowest)],
    ['history with the most calls', describeCost(run.costliest)],
    ['promises broken', figure(run.findings)],
  );
  say(`\n${table.toString()}\n`);
  const rest = [...tally].filter(([name]) => name !== 'virtual ms').sort(([, a], [, b]) => b - a);
  for (const [name, count] of rest) say(`${figure(count).padStart(12)}  ${name}`);
}
