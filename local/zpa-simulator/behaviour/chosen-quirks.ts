import { QUIRKS, type QuirkName, type QuirkValue } from './quirks.ts';

export class UnknownQuirk extends Error {
  readonly code = 'unknown-quirk';
}

export type Quirks = {
  get<N extends QuirkName>(name: N): QuirkValue<N>;
  /** Takes effect with the next call. Throws `UnknownQuirk` that lists what is possible. */
  set(name: string, value: string): void;
  all(): Record<QuirkName, string>;
  reset(): void;
};

/** Holds the chosen answer to each quirk, at first that of `initial` or the default. Throws `UnknownQuirk` as `set` does. */
export function createQuirks(initial: Readonly<Record<string, string | undefined>> = {}): Quirks {
  const chosen = new Map<string, string>();
  const set = (name: string, value: string): void => {
    const known = isQuirk(name) ? QUIRKS[name] : undefined;
    if (known === undefined) throw new UnknownQuirk(`no quirk "${name}"; there are: ${Object.keys(QUIRKS).join(', ')}`);
    if (!known.values.some((one) => one === value)) {
      throw new UnknownQuirk(`quirk ${name} cannot be "${value}"; it can be: ${known.values.join(', ')}`);
    }
    chosen.set(name, value);
  };
  const start = (): void => {
    for (const [name, value] of Object.entries(initial)) if (value !== undefined) set(name, value);
  };
  start();
  const get = <N extends QuirkName>(name: N): QuirkValue<N> => {
    const values: readonly QuirkValue<N>[] = QUIRKS[name].values;
    const value = values.find((one) => one === chosen.get(name)) ?? values[0];
    if (value === undefined) throw new UnknownQuirk(name);
    return value;
  };
  const names = Object.keys(QUIRKS).filter(isQuirk);
  return {
    get,
    set,
    all: () => Object.fromEntries(names.map((name) => [name, get(name)])) as Record<QuirkName, string>,
    reset: () => {
      chosen.clear();
      start();
    },
  };
}

function isQuirk(name: string): name is QuirkName {
  return Object.hasOwn(QUIRKS, name);
}
