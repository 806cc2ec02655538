import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { toStdout } from '../../shared/runtime/standard-streams.ts';
import { anyRequest } from './fuzz-property.ts';
import type { HostileRequest } from './hostile-requests.ts';
import { measureTiming } from './timing.ts';

/** `npm run fuzz`: generated requests over the whole ingest path. A finding is shrunk and printed with the command that repeats it. */
const HELP = `npm run fuzz -- [--requests N] [--seed S] [--path P]
  --requests N  so many requests (100000), in batches of 10000, each with a seed of its own
  --seed S      the first batch's seed; each later batch has the next (1)
  --path P      play one finding again: the path printed beside its seed`;

const BATCH = 10_000;
/** A leak of a hundred bytes per request would be a hundred megabytes in a million. */
const MOST_GROWTH_BYTES = 16 * 1024 * 1024;

const say = (line: string) => toStdout(`${line}\n`);

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/**
 * The heap's size after everything that can be collected was. Requests follow each other without a turn of the event
 * loop, so what waits for one (the virtual clock's sleepers) gets it here.
 */
async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  if (typeof collectGarbage === 'function') collectGarbage();
  return process.memoryUsage().heapUsed;
}

async function fuzz(requests: number, firstSeed: number): Promise<number> {
  const startedAt = performance.now();
  const statuses = new Map<number, number>();
  const findings: string[] = [];
  const heaps: number[] = [];
  let played = 0;
  let seed = firstSeed;
  for (; played < requests && findings.length < 10; seed += 1) {
    const numRuns = Math.min(BATCH, requests - played);
    const found = await fc.check(
      anyRequest((answered) => {
        for (const status of answered) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
      { numRuns, seed },
    );
    played += numRuns;
    heaps.push(await heapInUse());
    if (found.failed) {
      findings.push(report(found));
      say(findings.at(-1) ?? '');
    }
    if (played % (BATCH * 10) === 0)
      say(`${played} requests, seeds ${firstSeed} to ${seed}, ${findings.length} findings`);
  }
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  say(`${played} requests in ${minutes} minutes, seeds ${firstSeed} to ${seed - 1}: ${findings.length} findings`);
  say(
    `answers: ${[...statuses]
      .sort(([one], [other]) => one - other)
      .map(([status, count]) => `${status} × ${count}`)
      .join(', ')}`,
  );
  const grown = growth(heaps);
  say(`memory in use: ${megabytes(heaps.at(0))} after the first batch, ${megabytes(heaps.at(-1))} after the last`);
  if (grown > MOST_GROWTH_BYTES) say(`FINDING: memory grew by ${megabytes(grown)}`);
  say(measureTiming());
  return findings.length === 0 && grown <= MOST_GROWTH_BYTES ? 0 : 1;
}

/** From the lowest of the first tenth to the lowest of the last: what comes and goes is no growth. */
function growth(heaps: readonly number[]): number {
  const tenth = Math.max(1, Math.floor(heaps.length / 10));
  return Math.min(...heaps.slice(-tenth)) - Math.min(...heaps.slice(0, tenth));
}

const megabytes = (bytes = 0) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

function report(found: fc.RunDetails<[HostileRequest]>): string {
  const again = `npm run fuzz -- --seed ${found.seed} --path ${found.counterexamplePath}`;
  const cause = found.errorInstance instanceof Error ? found.errorInstance.message : String(found.errorInstance);
  return `FINDING (${again})\n${cause}\n${fc.stringify(found.counterexample)}`;
}

async function playAgain(seed: number, path: string): Promise<number> {
  const found = await fc.check(anyRequest(), { seed, path, endOnFailure: true });
  say(found.failed ? report(found) : 'nothing found');
  return found.failed ? 1 : 0;
}

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    path: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [requests, seed] = [Number(values.requests), Number(values.seed)];
if (values.help || !(requests > 0) || !Number.isInteger(seed)) {
  say(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = values.path === undefined ? await fuzz(requests, seed) : await playAgain(seed, values.path);
}
