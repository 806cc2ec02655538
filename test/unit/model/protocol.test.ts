import { afterAll, describe, expect, it } from 'vitest';
import { type Exploration, explore, replay } from '../../model/explore.ts';
import { KNOWN_FAULTS, STANDING } from '../../model/known-faults.ts';
import { MUTATIONS } from '../../model/mutations.ts';
import { SCENARIOS } from '../../model/scenarios.ts';

/**
 * The real functions under every interleaving of a small world (docs/quality.md). `MODEL_SCOPE=full` lifts the bounds of
 * the larger scenarios: minutes, and gigabytes.
 */
const full = process.env.MODEL_SCOPE === 'full';
const TIMEOUT_MS = full ? 3_600_000 : 120_000;

const explored: (Exploration & { seconds: number })[] = [];

const traceOf = ({ violation }: Exploration) =>
  violation === undefined ? '' : `${violation.says}\n  ${violation.trace.join('\n  ')}`;

/** Processor time, which other work on the machine does not lengthen. */
async function timed(search: () => Promise<Exploration>): Promise<Exploration> {
  const before = process.cpuUsage();
  const found = await search();
  const { user, system } = process.cpuUsage(before);
  explored.push({ ...found, seconds: (user + system) / 1_000_000 });
  return found;
}

afterAll(() => {
  const row = ({ states, transitions, places, ends, seconds, scenario }: (typeof explored)[number]) =>
    [states, transitions, places, ends, seconds.toFixed(1)].map((one) => String(one).padStart(9)).join('') +
    `  ${scenario}`;
  const head = '   states    moves   places     ends  seconds  scenario';
  process.stdout.write(`${[head, ...explored.map(row)].join('\n')}\n`);
});

const unlessStanding = (name: string) => (STANDING.has(name) ? it.fails : it);

describe('the protocol holds in every interleaving', () => {
  for (const scenario of SCENARIOS) {
    unlessStanding(scenario.name)(
      scenario.name,
      async () => {
        const { deviations } = scenario;
        const bounds = full || deviations === undefined ? {} : { maxDeviations: deviations };
        const found = await timed(() => explore(scenario, bounds));
        expect(traceOf(found)).toBe('');
        expect(found.complete).toBe(true);
        expect(found.ends).toBeGreaterThan(1);
      },
      TIMEOUT_MS,
    );
  }

  it('in as many states as a small scope has', () => {
    expect(explored.reduce((sum, one) => sum + one.states, 0)).toBeGreaterThan(200_000);
    expect(explored.reduce((sum, one) => sum + one.ends, 0)).toBeGreaterThan(3000);
  });
});

describe('each condition of the protocol, taken away, is missed', () => {
  for (const { scenario, breaks } of MUTATIONS) {
    it(
      scenario.name,
      async () => {
        const { violation } = await explore(scenario, { maxStates: 300_000 });
        expect(breaks).toContain(violation?.law);
        expect(violation?.trace.at(0)).toMatch(/worker-1 gets|starts$/);
      },
      TIMEOUT_MS,
    );
  }
});

describe('what the model found once', () => {
  for (const { scenario, decisions } of KNOWN_FAULTS) {
    unlessStanding(scenario.name)(scenario.name, async () => {
      await replay(scenario, decisions);
    });
  }
});
