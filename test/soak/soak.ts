import fc from 'fast-check';

/** How one history ended, and what it cost. */
export type Ended = { breaches: string[]; calls: number };
/** The seed and the path that play a history again. */
type Place = { seed: number; path: string };
export type Cost = Place & { ms: number; calls: number };
export type Finding = Place & { breaches: string[] };

export type Player<T> = {
  arbitrary: fc.Arbitrary<T>;
  /** Plays one history, and ends at the signal at the latest. `counted`: not one that only makes a failure smaller. */
  play(history: T, stop: AbortSignal, counted: boolean): Promise<Ended>;
  say(line: string): void;
};
export type Limits = { minutes: number; firstSeed: number; batch: number; shrinkMs: number; progressMs: number };

export type Soaked = { histories: number; lastSeed: number; findings: Finding[]; slowest?: Cost; costliest?: Cost };

/** Plays batches until the time is out. A broken promise is said at once, and then made smaller for a limited time. */
export async function soak<T>(player: Player<T>, limits: Limits): Promise<Soaked> {
  const { say } = player;
  const soaked: Soaked = { histories: 0, lastSeed: limits.firstSeed, findings: [] };
  const startedAt = performance.now();
  const timeIsOut = AbortSignal.timeout(Math.ceil(limits.minutes * 60_000));
  let doing = '';
  const progress = setInterval(() => {
    const spent = `${((performance.now() - startedAt) / 60_000).toFixed(1)} of ${limits.minutes} minutes`;
    const { histories, findings } = soaked;
    say(`${spent}: ${histories} histories from seed ${limits.firstSeed} on, ${findings.length} findings; ${doing}`);
  }, limits.progressMs);
  try {
    for (let seed = limits.firstSeed; !timeIsOut.aborted; seed += 1) {
      soaked.lastSeed = seed;
      const found = await findFirst(player, {
        ...{ seed, runs: limits.batch, stop: timeIsOut, soaked },
        begins: (nth) => {
          doing = `playing seed ${seed}, history ${nth}`;
        },
      });
      if (found === undefined) continue;
      soaked.findings.push(found);
      doing = `shrinking seed ${seed}`;
      sayFound(say, found, limits.shrinkMs);
      await shrink(player, found, limits.shrinkMs);
    }
  } finally {
    clearInterval(progress);
  }
  return soaked;
}

/** Plays one history again, as its path has it. */
export async function playAgain<T>(player: Player<T>, { seed, path }: Place): Promise<number> {
  const property = propertyOf(player, new AbortController().signal);
  const found = await fc.check(property, { seed, path, endOnFailure: true });
  if (!found.failed) player.say('It holds now.');
  else player.say(describe(found));
  return found.failed ? 1 : 0;
}

type Batch = { seed: number; runs: number; stop: AbortSignal; soaked: Soaked; begins(nth: number): void };

/** The first history of a batch that breaks a promise, as it was drawn. */
async function findFirst<T>({ play, arbitrary }: Player<T>, batch: Batch): Promise<Finding | undefined> {
  const { seed, soaked, stop } = batch;
  let nth = -1;
  let found: Finding | undefined;
  const property = fc.asyncProperty(arbitrary, async (history) => {
    if (stop.aborted) return;
    nth += 1;
    batch.begins(nth);
    const startedAt = performance.now();
    const { breaches, calls } = await play(history, stop, true);
    if (stop.aborted) return;
    const cost = { seed, path: `${nth}`, ms: performance.now() - startedAt, calls };
    soaked.histories += 1;
    if (cost.ms > (soaked.slowest?.ms ?? 0)) soaked.slowest = cost;
    if (cost.calls > (soaked.costliest?.calls ?? 0)) soaked.costliest = cost;
    if (breaches.length === 0) return;
    found = { seed, path: `${nth}`, breaches };
    throw new Error(breaches.join('\n'));
  });
  await fc.check(property, { numRuns: batch.runs, seed, endOnFailure: true });
  return found;
}

const commandFor = ({ seed, path }: Place) => `npm run soak -- --seed ${seed} --path ${path}`;

function sayFound(say: Player<unknown>['say'], found: Finding, shrinkMs: number): void {
  say(`\nA promise was broken. Again: ${commandFor(found)}`);
  for (const breach of found.breaches) say(breach);
  say(`It is made smaller, for ${shrinkMs / 1000} s at most.`);
}

/** Says the smallest history that was seen to fail in this time. */
async function shrink<T>(player: Player<T>, { seed, path }: Finding, ms: number): Promise<void> {
  const property = propertyOf(player, AbortSignal.timeout(ms));
  // The signal ends what is being played; this limit ends the search.
  const found = await fc.check(property, { seed, path, interruptAfterTimeLimit: ms });
  if (!found.failed) player.say('The time was out before it was played again.\n');
  else player.say(describe(found));
}

function propertyOf<T>({ play, arbitrary }: Player<T>, stop: AbortSignal) {
  return fc.asyncProperty(arbitrary, async (history) => {
    const { breaches } = await play(history, stop, false);
    if (breaches.length > 0 && !stop.aborted) throw new Error(breaches.join('\n'));
  });
}

function describe<T>(found: fc.RunDetails<[T]>): string {
  const { seed, counterexamplePath, counterexample, errorInstance } = found;
  const steps = `Broken, made smaller ${found.numShrinks} times${found.interrupted ? ' until the time was out' : ''}`;
  const again = commandFor({ seed, path: counterexamplePath ?? '' });
  const broken = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `\n${steps}. Again: ${again}\n${broken}\n${JSON.stringify(counterexample?.[0], null, 2)}\n`;
}
