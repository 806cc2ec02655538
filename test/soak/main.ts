import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type History, histories } from '../unit/histories/history.ts';
import { judge } from '../unit/histories/judge.ts';
import { playHistory } from '../unit/histories/play-history.ts';
import { addTo, type Tally } from '../unit/histories/tally.ts';

/** `npm run soak`: crash histories for as long as somebody wants. A failure is shrunk and says how to see it again. */
const HELP = `npm run soak -- [--minutes N] [--seed S] [--path P]
  --minutes N  play histories for so long (10)
  --seed S     the first batch's seed; each later batch has the next (1)
  --path P     play one failure again: the path printed beside its seed`;

const BATCH = 100;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function soak(minutes: number, firstSeed: number): Promise<number> {
  const endsAt = performance.now() + minutes * 60_000;
  const tally: Tally = new Map();
  let seed = firstSeed;
  for (; performance.now() < endsAt; seed += 1) {
    const found = await fc.check(property(tally), { numRuns: BATCH, seed });
    if (found.failed) return report(found);
    if ((seed - firstSeed) % 10 === 9) say(`${tally.get('histories')} histories, seeds ${firstSeed} to ${seed}`);
  }
  say(`\nEvery promise held; seeds ${firstSeed} to ${seed - 1}, ${BATCH} histories each.`);
  for (const [name, count] of [...tally].sort(([, a], [, b]) => b - a)) say(`${String(count).padStart(9)}  ${name}`);
  return 0;
}

const property = (tally: Tally) =>
  fc.asyncProperty(histories, async (history) => {
    const played = await playHistory(history);
    addTo(tally, played.scene.chronicle);
    const breaches = judge(played);
    if (breaches.length > 0) throw new Error(breaches.join('\n'));
  });

type Found = Pick<fc.RunDetails<[History]>, 'seed' | 'counterexamplePath' | 'counterexample' | 'errorInstance'>;

function report({ seed, counterexamplePath, counterexample, errorInstance }: Found): number {
  say(`\nA promise was broken. Again: npm run soak -- --seed ${seed} --path ${counterexamplePath}`);
  say(errorInstance instanceof Error ? errorInstance.message : String(errorInstance));
  say(JSON.stringify(counterexample?.[0], null, 2));
  return 1;
}

async function again(seed: number, path: string): Promise<number> {
  const found = await fc.check(property(new Map()), { seed, path, endOnFailure: true });
  if (found.failed) return report(found);
  say('It holds now.');
  return 0;
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
