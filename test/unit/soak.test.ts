import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Ended, type Player, playAgain, soak } from '../soak/soak.ts';

const LIMITS = { firstSeed: 7, batch: 50, shrinkMs: 60_000, progressMs: 60_000 };
const HOLDS: Ended = { breaches: [], calls: 3 };
const BROKEN: Ended = { breaches: ['law one', 'law two'], calls: 9 };

/** A soak of numbers in place of histories, until it has said `last`. */
function soakOf(play: (history: number, stop: AbortSignal, counted: boolean) => Promise<Ended> | Ended) {
  const said: string[] = [];
  const player: Player<number> = {
    arbitrary: fc.nat(1000),
    play: async (...args) => play(...args),
    say: (line) => void said.push(line),
  };
  return { said, player };
}

const stopped = (stop: AbortSignal) =>
  new Promise<Ended>((resolve) => stop.addEventListener('abort', () => resolve(BROKEN)));

/** The first history of the first batch that is large breaks a law; later batches play until the time is out. */
function oneFinding() {
  const drawn: number[] = [];
  const saidBefore: string[][] = [];
  const { said, player } = soakOf((history, stop, counted) => {
    if (!counted) saidBefore.push([...said]);
    if (counted && drawn.some((one) => one > 500)) return stopped(stop);
    if (counted) drawn.push(history);
    return history > 500 ? BROKEN : HOLDS;
  });
  return { drawn, saidBefore, said, player };
}

it('a broken promise is said before anything is played to make it smaller, with the command that plays it again', async () => {
  const { drawn, saidBefore, said, player } = oneFinding();
  const { findings } = await soak(player, { ...LIMITS, minutes: 0.002 });
  const path = `${drawn.length - 1}`;
  expect(findings).toEqual([{ seed: 7, path, breaches: BROKEN.breaches }]);
  expect(saidBefore[0]?.join('\n')).toContain(`npm run soak -- --seed 7 --path ${path}\nlaw one\nlaw two`);
  expect(said.at(-1)).toMatch(/Again: npm run soak -- --seed 7 --path \d+(:\d+)+\nlaw one\nlaw two\n501\n/);

  const again: number[] = [];
  const replayed = soakOf((history) => {
    again.push(history);
    return BROKEN;
  });
  expect(await playAgain(replayed.player, { seed: 7, path })).toBe(1);
  expect(again).toEqual([drawn.at(-1)]);
});

it('shrinking ends when its time is out, with the smallest history seen', async () => {
  const { player, said } = oneFinding();
  let shrunk = 0;
  const slow: Player<number> = {
    ...player,
    async play(history, stop, counted) {
      if (counted || history <= 500 || shrunk++ < 2) return await player.play(history, stop, counted);
      return await stopped(stop);
    },
  };
  const { findings } = await soak(slow, { ...LIMITS, minutes: 0.002, shrinkMs: 50 });
  expect(findings).toHaveLength(1);
  expect(said.at(-1)).toMatch(
    /^\nBroken, made smaller 1 times until the time was out. Again: npm run soak -- --seed 7 --path /,
  );
});

it('progress is said while one history is played, and while a failure is made smaller', async () => {
  const { player, said } = oneFinding();
  /** Answers when two lines say so. */
  const untilSaid = async (what: RegExp) => {
    while (said.filter((line) => what.test(line)).length < 2) await new Promise(setImmediate);
  };
  const slow: Player<number> = {
    ...player,
    async play(history, stop, counted) {
      await untilSaid(counted ? /; playing seed 7, history 0$/ : /1 findings; shrinking seed 7$/);
      return await player.play(history, stop, counted);
    },
  };
  const { findings } = await soak(slow, { ...LIMITS, minutes: 0.01, progressMs: 1 });
  expect(findings).toHaveLength(1);
});

it('the time ends a history that is being played, which is not judged then', async () => {
  const { player } = soakOf((_, stop) => stopped(stop));
  const soaked = await soak(player, { ...LIMITS, minutes: 0.001 });
  expect(soaked).toEqual({ histories: 0, lastSeed: 7, findings: [] });
});

it('the history with the most calls is named', async () => {
  let nth = 0;
  const { player } = soakOf((_, stop) => {
    nth += 1;
    return nth > 10 ? stopped(stop) : { breaches: [], calls: nth === 4 ? 1000 : nth };
  });
  const { costliest, histories } = await soak(player, { ...LIMITS, minutes: 0.002 });
  expect(histories).toBe(10);
  expect(costliest).toMatchObject({ seed: 7, path: '3', calls: 1000 });
});
