import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { toStdout } from '../../shared/runtime/standard-streams.ts';
import { type History, histories } from '../unit/histories/history.ts';
import { judge } from '../unit/histories/judge.ts';
import { type Wait, waitsOf } from '../unit/histories/judge-liveness.ts';
import { lastingHistories } from '../unit/histories/lasting-fault.ts';
import { playHistory } from '../unit/histories/play-history.ts';
import { addTo, describeWaits, type Tally } from '../unit/histories/tally.ts';
import { printTable } from './print-table.ts';
import { type Player, playAgain, soak } from './soak.ts';

/** `npm run soak`: crash histories for as long as required. A failure is said at once, then shrunk for a limited time. */
const HELP = `npm run soak -- [--minutes N] [--seed S] [--path P]
  --minutes N  play histories for so long (10); a broken promise is reported, and the next seed is played
  --seed S     the first batch's seed; each later batch has the next (1)
  --path P     play one failure again: the path printed beside its seed`;

/** One history in four has a fault of one object that never passes. */
const soaked = fc.oneof({ weight: 3, arbitrary: histories }, { weight: 1, arbitrary: lastingHistories });

const LIMITS = { batch: 100, shrinkMs: 60_000, progressMs: 60_000 };

const say = (line: string) => toStdout(`${line}\n`);

/** Counts what is played, not what is played again to make a failure smaller. */
function createPlayer(tally: Tally, waits: Wait[]): Player<History> {
  return {
    arbitrary: soaked,
    say,
    async play(history, stop, counted) {
      const played = await playHistory(history, { bounds: { stop } });
      const { calls } = played.scene.bounded;
      if (stop.aborted) return { breaches: [], calls };
      if (counted) {
        addTo(tally, played.scene);
        waits.push(...waitsOf(played.scene));
      }
      return { breaches: judge(played), calls };
    },
  };
}

async function soakFor(minutes: number, firstSeed: number): Promise<number> {
  const startedAt = performance.now();
  const tally: Tally = new Map();
  const waits: Wait[] = [];
  const { findings, ...run } = await soak(createPlayer(tally, waits), { minutes, firstSeed, ...LIMITS });
  const { user, system } = process.cpuUsage();
  printTable(say, tally, {
    ...{ ...run, firstSeed, batch: LIMITS.batch },
    minutes: (performance.now() - startedAt) / 60_000,
    processorMinutes: (user + system) / 60e6,
    findings: findings.length,
    waits: describeWaits(waits),
  });
  for (const { seed, path } of findings) say(`npm run soak -- --seed ${seed} --path ${path}`);
  return findings.length === 0 ? 0 : 1;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    path: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, seed, { path }] = [Number(values.minutes), Number(values.seed), values];
if (values.help || !(minutes > 0) || !Number.isInteger(seed)) {
  say(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode =
    path === undefined ? await soakFor(minutes, seed) : await playAgain(createPlayer(new Map(), []), { seed, path });
}
