import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type History, histories } from '../unit/histories/history.ts';
import { judge } from '../unit/histories/judge.ts';
import { waitsOf } from '../unit/histories/judge-liveness.ts';
import { lastingHistories } from '../unit/histories/lasting-fault.ts';
import { playHistory } from '../unit/histories/play-history.ts';
import { addTo, describeWaits, type Tally } from '../unit/histories/tally.ts';
import { printTable } from './print-table.ts';

/** `npm run soak`: crash histories for as long as required. A failure is shrunk and printed with the command that repeats it. */
const HELP = `npm run soak -- [--minutes N] [--seed S] [--path P]
  --minutes N  play histories for so long (10); a broken promise is reported, and the next seed is played
  --seed S     the first batch's seed; each later batch has the next (1)
  --path P     play one failure again: the path printed beside its seed`;

/** One history in four has a fault of one object that never passes. */
const soaked = fc.oneof({ weight: 3, arbitrary: histories }, { weight: 1, arbitrary: lastingHistories });

const BATCH = 100;
/** A batch takes seconds; to shrink a history that does not end would take hours. */
const BATCH_MS = 300_000;
const PROGRESS_MS = 60_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function soak(minutes: number, firstSeed: number): Promise<number> {
  const startedAt = performance.now();
  const tally: Tally = new Map();
  const waits: number[] = [];
  const findings: string[] = [];
  let saidAt = startedAt;
  let seed = firstSeed;
  for (; performance.now() < startedAt + minutes * 60_000; seed += 1) {
    const found = await fc.check(property(tally, waits), { numRuns: BATCH, seed, interruptAfterTimeLimit: BATCH_MS });
    if (found.failed) findings.push(report(found));
    if (performance.now() < saidAt + PROGRESS_MS) continue;
    saidAt = performance.now();
    const spent = `${Math.round((saidAt - startedAt) / 60_000)} of ${minutes} minutes`;
    say(`${spent}: ${tally.get('histories')} histories, seeds ${firstSeed} to ${seed}, ${findings.length} findings`);
  }
  const minutesTaken = (performance.now() - startedAt) / 60_000;
  const { user, system } = process.cpuUsage();
  const processorMinutes = (user + system) / 60e6;
  printTable(say, tally, {
    minutes: minutesTaken,
    processorMinutes,
    firstSeed,
    lastSeed: seed - 1,
    batch: BATCH,
    findings: findings.length,
    waits: describeWaits(waits),
  });
  for (const finding of findings) say(finding);
  return findings.length === 0 ? 0 : 1;
}

/** Counts what is played, not what is played again to make a failure smaller. */
function property(tally: Tally, waits: number[]) {
  let broken = false;
  return fc.asyncProperty(soaked, async (history) => {
    const played = await playHistory(history);
    if (!broken) {
      addTo(tally, played.scene);
      for (const { waitMs } of waitsOf(played.scene)) waits.push(waitMs);
    }
    const breaches = judge(played);
    broken ||= breaches.length > 0;
    if (breaches.length > 0) throw new Error(breaches.join('\n'));
  });
}

type Found = Pick<fc.RunDetails<[History]>, 'seed' | 'counterexamplePath' | 'counterexample' | 'errorInstance'>;

/** Answers the command that shows it again. */
function report({ seed, counterexamplePath, counterexample, errorInstance }: Found): string {
  const again = `npm run soak -- --seed ${seed} --path ${counterexamplePath}`;
  say(`\nA promise was broken. Again: ${again}`);
  say(errorInstance instanceof Error ? errorInstance.message : String(errorInstance));
  say(`${JSON.stringify(counterexample?.[0], null, 2)}\n`);
  return again;
}

async function again(seed: number, path: string): Promise<number> {
  const found = await fc.check(property(new Map(), []), { seed, path, endOnFailure: true });
  if (!found.failed) say('It holds now.');
  else report(found);
  return found.failed ? 1 : 0;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    path: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (values.help || !(minutes > 0) || !Number.isInteger(seed)) {
  say(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = values.path === undefined ? await soak(minutes, seed) : await again(seed, values.path);
}
