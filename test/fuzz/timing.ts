import type { Scheme } from '../../shared/domain/source/scheme.ts';
import { createFakeChance } from '../fakes/fake-chance.ts';
import { SCHEMES, scheme as toScheme } from '../unit/domain/source/sample-schemes.ts';

const WARM_UP = 5000;
const ROUNDS = 40_000;
const NOW = 1_796_112_000_000;

/**
 * The time in which each scheme refuses a proof that is wrong at its beginning, against one that is wrong at its end; both
 * have the right form and length. Welch's t over the rounds, in a mixed order, the slowest tenth of each left out (other
 * work of the machine): beyond ±4.5 a difference would count as one (as in dudect, Reparaz, Balasch, Verbauwhede 2017).
 * Printed, never asserted: a busy machine is no leak.
 */
export function measureTiming(): string {
  const lines = Object.entries(SCHEMES).map(
    ([name, scheme]) => `  ${name}: t = ${compare(toScheme(scheme)).toFixed(1)}`,
  );
  return ['time to refuse: wrong at the beginning against wrong at the end', ...lines].join('\n');
}

function compare(scheme: Scheme): number {
  const secret = scheme.toSecret(new Uint8Array(32).fill(7));
  const headers = scheme.sign(secret, { id: 'msg', at: NOW, body: 'x' });
  const name = Object.keys(headers).at(-1) ?? '';
  const value = headers[name] ?? '';
  const places = [...value.matchAll(/[0-9A-Za-z]/g)].map((match) => match.index);
  // Behind what stands before every proof of the scheme, and before the padding of base64.
  const early = value.length > 40 ? value.length - 40 : 0;
  const late = (places.at(-1) ?? 0) - 1;
  const wrong = [early, late].map((at) => ({ ...headers, [name]: otherAt(value, at) }));
  const times: [number[], number[]] = [[], []];
  const chance = createFakeChance(1);
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const which = chance.random() < 0.5 ? 0 : 1;
    const given = { secrets: [secret], headers: wrong[which] ?? {}, body: 'x', now: NOW, toleranceSeconds: 300 };
    const startedAt = process.hrtime.bigint();
    if (scheme.verify(given).ok) throw new Error('a wrong proof was taken');
    const took = Number(process.hrtime.bigint() - startedAt);
    if (round >= WARM_UP) times[which].push(took);
  }
  return welch(...times);
}

/** Another letter of the same alphabet. */
function otherAt(text: string, at: number): string {
  const other = text[at] === 'a' ? 'b' : 'a';
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
}

function welch(one: number[], other: number[]): number {
  const [a, b] = [summary(one), summary(other)];
  return (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count);
}

function summary(times: number[]) {
  const kept = times.toSorted((x, y) => x - y).slice(0, Math.floor(times.length * 0.9));
  const mean = kept.reduce((sum, time) => sum + time, 0) / kept.length;
  const variance = kept.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (kept.length - 1);
  return { count: kept.length, mean, variance };
}
