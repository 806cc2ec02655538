import { parseArgs } from 'node:util';
import { toStdout } from '../../shared/runtime/standard-streams.ts';
import { runChaos } from './chaos.ts';

/** `npm run chaos`: kills processes of the local world while it works, and looks at what is left. */
const HELP = `npm run chaos -- [--changes N] [--kills N] [--seed S]
  --changes N  changes, from three senders (2000)
  --kills N    SIGKILLs, of a worker or of everything (50)
  --seed S     what is sent and, as far as clocks allow, when is killed (1)`;

const say = (line: string) => toStdout(`${line}\n`);
const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const options = { changes: Number(values.changes), kills: Number(values.kills), seed: Number(values.seed) };

async function main(): Promise<number> {
  if (values.help || !Object.values(options).every((one) => Number.isInteger(one) && one > 0)) {
    say(HELP);
    return values.help ? 0 : 2;
  }
  const startedAt = performance.now();
  const { breaches, outcomes, writes, kills } = await runChaos({ ...options, say });
  for (const [outcome, count] of [...outcomes].sort(([, a], [, b]) => b - a))
    say(`${String(count).padStart(7)}  ${outcome}`);
  say(`${writes} writes took effect; ${kills.worker} workers and ${kills.all} times everything was killed`);
  say(`${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`);
  for (const breach of breaches) say(`BROKEN: ${breach}`);
  if (breaches.length === 0)
    say('One outcome each, the tenant as the model, every write once, queues and outbox empty.');
  return breaches.length === 0 ? 0 : 1;
}

process.exitCode = await main();
