import type { Clock } from '../../../shared/ports/ports.ts';
import type { Bounded } from './bounds.ts';
import type { Chronicle } from './chronicle.ts';
import type { History, MishapKind } from './history.ts';

/** A process of ours that may end at any call. Once it has ended nothing it called answers, and nothing it does counts. */
export type Life = {
  readonly name: string;
  /** The lead of its clock. */
  readonly skewMs: number;
  readonly over: boolean;
  readonly ended: Promise<void>;
  end(): void;
  /** Ends as soon as the request it is making has left. */
  endWhenSent: boolean;
};

export function startLife(name: string, skewMs = 0): Life {
  const { promise, resolve } = Promise.withResolvers<void>();
  let over = false;
  return {
    name,
    skewMs,
    ended: promise,
    get over() {
      return over;
    },
    end() {
      over = true;
      resolve();
    },
    endWhenSent: false,
  };
}

/** The answer to a call of a process that has ended. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A port could not be reached; of platform scope, as the adapters say it. */
class UnavailableError extends Error {
  readonly code = 'unavailable';
  readonly scope = 'platform';
}

/** Longer than an invocation and a lease. */
const STALL_MS = 90_000;

/** Deals out the mishaps of a history over the calls of all lives. */
export type Mishaps = { next(): MishapKind | undefined };

export function dealMishaps(plan: History['mishaps']): Mishaps {
  const left = [...plan];
  let wait = left[0]?.gap ?? Number.POSITIVE_INFINITY;
  return {
    next() {
      wait -= 1;
      if (wait >= 0) return undefined;
      const mishap = left.shift();
      wait = left[0]?.gap ?? Number.POSITIVE_INFINITY;
      return mishap?.kind;
    },
  };
}

type Surroundings = {
  life: Life;
  mishaps: Mishaps;
  bounded: Bounded;
  clock: Clock;
  chronicle: Chronicle;
  latencyMs: () => number;
  /** True if this call fails for its object for ever. */
  lasts: (call: string, args: readonly unknown[], life: string) => boolean;
};

/**
 * A port as one life sees it: each call takes a while, may meet a mishap, and is the last one if the life ends. Calls to
 * ZPA take their time and their end "during" in `hostile-zpa.ts`, which knows when a request has left.
 */
export function lived<Port extends object>(port: Port, name: string, around: Surroundings): Port {
  return new Proxy(port, {
    get(target, method, receiver) {
      const original: unknown = Reflect.get(target, method, receiver);
      // `clientKey` is no call: it answers at once, from memory.
      if (typeof original !== 'function' || method === 'clientKey') return original;
      const call = `${name}.${String(method)}`;
      if (ITERATED.has(method)) {
        return (...args: unknown[]) =>
          iterate(around, call, () => original.apply(target, args) as AsyncIterable<unknown>);
      }
      return (...args: unknown[]) => once(around, call, args, async () => original.apply(target, args));
    },
  });
}

const ITERATED = new Set<PropertyKey>(['failedChanges', 'listDesired', 'listGroups', 'listApplications']);

async function once<T>(
  around: Surroundings,
  call: string,
  args: readonly unknown[],
  act: () => Promise<T>,
): Promise<T> {
  const { life, clock } = around;
  const isZpa = call.startsWith('zpa.');
  const mishap = await begin(around, call);
  if (!isZpa) await clock.sleep(around.latencyMs());
  if (life.over) return never();
  if (!isZpa && around.lasts(call, args, life.name)) throw new UnavailableError(call);
  const running = act();
  if (mishap === 'end-during' && !isZpa) life.end();
  const result = await running.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (mishap === 'end-after') life.end();
  if (life.over) return never();
  if (mishap === 'fail-after' && !isZpa) throw new UnavailableError(call);
  if ('error' in result) throw result.error;
  return result.value;
}

/** Answers the mishap that is still to come, if any. */
async function begin({ life, mishaps, bounded, clock, chronicle }: Surroundings, call: string) {
  if (!bounded.mayCall() || life.over) return never<undefined>();
  const mishap = mishaps.next();
  if (mishap !== undefined) chronicle.mishaps.push({ kind: mishap, at: clock.now(), life: life.name, call });
  if (mishap === 'end-before') life.end();
  if (mishap === 'stall') await clock.sleep(STALL_MS);
  if (life.over) return never<undefined>();
  if (mishap === 'fail' && !call.startsWith('zpa.')) throw new UnavailableError(call);
  if (mishap === 'end-during' && call.startsWith('zpa.')) life.endWhenSent = true;
  return mishap;
}

async function* iterate(around: Surroundings, call: string, act: () => AsyncIterable<unknown>): AsyncIterable<unknown> {
  await begin(around, call);
  for await (const item of act()) {
    if (!around.bounded.mayCall() || around.life.over) await never();
    yield item;
  }
  if (around.life.over) await never();
}

/** Sleeping in one life: no sleeper wakes up after the end. */
export function livedClock(clock: Clock, life: Life, bounded: Bounded): Clock {
  return {
    now() {
      // A process that only looks at the clock again and again never lets the bound end it, so it fails.
      if (!bounded.mayCall()) throw new Error('the history is over');
      return clock.now() + life.skewMs;
    },
    async sleep(ms, signal) {
      await clock.sleep(ms, signal);
      if (life.over) await never();
    },
  };
}
