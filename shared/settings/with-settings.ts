import type { Configuration } from '../domain/configuration/configuration.ts';
import type { Clock, Log } from '../ports/ports.ts';
import type { SettingsReader } from '../ports/settings-store.ts';
import type { FlushingMeter } from '../runtime/meter.ts';
import { allowsEndpoints, type LoadingStack, loadNewest, SettingsError } from './load-settings.ts';

/** A function composed by one version of the settings; `close` gives up what only this composition holds. */
export type Composition<Args extends unknown[], Answer> = {
  handle: (...args: Args) => Promise<Answer>;
  close?: () => Promise<void>;
};

export type WithSettings<Args extends unknown[], Answer> = {
  store: SettingsReader;
  stack: {
    STACK_NAME: string;
    AWS_ENDPOINT_URL?: string | undefined;
    SIMULATED_ZPA?: string | undefined;
    TIME_FACTOR?: number | undefined;
  };
  clock: Pick<Clock, 'now'>;
  log: Log;
  meter: FlushingMeter;
  /**
   * By default 30 s. 0: at each invocation, for a function that works on what another one accepted, perhaps by newer
   * settings than it knows.
   */
  lookEveryMs?: number;
  /** Composes the function; it makes no calls. Clients that do not depend on the settings are made once, outside of it. */
  compose: (configuration: Configuration) => Composition<Args, Answer>;
  /** The answer to a caller who waits for one, if no settings can be loaded; without it the invocation fails. */
  unavailable?: () => Answer;
};

/** A newer version is in use everywhere after this time. */
const LOOK_EVERY_MS = 30_000;

type Running<Args extends unknown[], Answer> = Composition<Args, Answer> & {
  version: number;
  invocations: number;
  isReplaced: boolean;
};

/**
 * Makes a handler that works by the newest settings that can be used. They are loaded at the first invocation, and
 * looked for again by an invocation, at most every 30 s unless told: one query, which reads nothing if there is no
 * newer version. An invocation keeps the version that it began with. A version that cannot be used is never loaded: the
 * last good one goes on, with an error in the log and the metric `SettingsRefused` at each look. If the store cannot be
 * read, the loaded version goes on as well.
 */
export function withSettings<Args extends unknown[], Answer>(
  options: WithSettings<Args, Answer>,
): (...args: Args) => Promise<Answer> {
  const { log, meter, unavailable } = options;
  const current = createCurrent(options);
  async function run(args: Args): Promise<Answer> {
    let running: Running<Args, Answer>;
    try {
      running = await current();
    } catch (error) {
      log.error('no settings can be loaded', { error });
      if (unavailable === undefined) throw error;
      return unavailable();
    }
    return invoke(running, args, log);
  }
  return (...args) => run(args).finally(() => meter.flush());
}

async function invoke<Args extends unknown[], Answer>(
  running: Running<Args, Answer>,
  args: Args,
  log: Log,
): Promise<Answer> {
  running.invocations += 1;
  try {
    return await running.handle(...args);
  } finally {
    running.invocations -= 1;
    if (running.isReplaced) closeIfIdle(running, log);
  }
}

/** Not awaited: nobody waits for old connections. */
function closeIfIdle<Args extends unknown[], Answer>(running: Running<Args, Answer>, log: Log): void {
  if (running.invocations > 0) return;
  void running.close?.().catch((error: unknown) => log.warn('old connections were not closed', { error }));
}

/** The composition of the newest usable version. Invocations at the same time share one look. */
function createCurrent<Args extends unknown[], Answer>(options: WithSettings<Args, Answer>) {
  const { store, clock, log, meter, compose, lookEveryMs = LOOK_EVERY_MS } = options;
  const { STACK_NAME: name, TIME_FACTOR: factor = 1 } = options.stack;
  const stack: LoadingStack = { name, allowsEndpoints: allowsEndpoints(options.stack) };
  let running: Running<Args, Answer> | undefined;
  let looking: Promise<Running<Args, Answer>> | undefined;
  let lookedAt = 0;
  /** The newest version that was looked at, usable or not. */
  let seen = 0;

  async function look(): Promise<Running<Args, Answer>> {
    lookedAt = clock.now();
    const found = await loadNewest(store, {
      stack,
      after: running === undefined ? 0 : seen,
      use: (configuration) => ({ ...compose(configuration), version: configuration.settingsVersion ?? 0 }),
      onRefused: (version, error) => log.error('settings are refused', { code: 'settings-refused', version, error }),
    });
    seen = found?.newest ?? seen;
    if (found?.used !== undefined) {
      const former = running;
      running = { ...found.used, invocations: 0, isReplaced: false };
      log.info('settings are loaded', { version: running.version });
      if (former !== undefined) {
        former.isReplaced = true;
        closeIfIdle(former, log);
      }
    }
    if (seen > (running?.version ?? 0)) meter.count('SettingsRefused', 1);
    if (running === undefined) throw new SettingsError(found === undefined ? 'no-settings' : 'settings-refused');
    return running;
  }

  return async (): Promise<Running<Args, Answer>> => {
    if (running !== undefined && clock.now() - lookedAt < lookEveryMs / factor) return running;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    const last = running;
    return last === undefined ? looking : looking.catch((error: unknown) => keep(last, error, log));
  };
}

function keep<T>(last: T, error: unknown, log: Log): T {
  log.error('settings could not be looked for; the loaded version goes on', { error });
  return last;
}
