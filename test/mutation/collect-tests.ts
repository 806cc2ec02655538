import { format } from 'node:util';
import { expect as vitestExpect } from 'vitest';

/** The part of Vitest's interface that the unit tests use, collecting instead of running. `expect` is Vitest's own. */
export const expect = vitestExpect;

type Body = (...values: never[]) => unknown;

export interface CollectedTest {
  id: string;
  name: string;
  file: string;
  run: () => unknown;
}

const tests: CollectedTest[] = [];
const titles: string[] = [];
/** The functions given to `beforeEach`: those of the file, then those of each enclosing description. */
let hooks: (() => unknown)[][] = [[]];
let currentFile = '';

const titled = (title: string, values: readonly unknown[]): string => {
  const [first] = values;
  const fields = typeof first === 'object' && first !== null ? Object.entries(first) : [];
  const named = fields.reduce((text, [key, value]) => text.replaceAll(`$${key}`, String(value)), title);
  return named.includes('%') ? format(named, ...values.slice(0, named.split(/%[sdijfoO]/).length - 1)) : named;
};

const collect = (title: string, body: Body, values: readonly unknown[]) => {
  const name = [...titles, titled(title, values)].join(' > ');
  const same = tests.filter(
    (test) => test.file === currentFile && (test.name === name || test.name.startsWith(`${name} #`)),
  );
  const own = same.length === 0 ? name : `${name} #${same.length + 1}`;
  const around = [...hooks];
  const run = async () => {
    for (const hook of around.flat()) await hook();
    return body(...(values as never[]));
  };
  tests.push({ id: `${currentFile}#${own}`, name: own, file: currentFile, run });
};

/** The tests of a file are registered when all of the file is loaded, as Vitest does. */
let later: (() => void)[] | undefined;

const enter = (title: string, body: Body, values: readonly unknown[]) => {
  if (later !== undefined) {
    later.push(() => enter(title, body, values));
    return;
  }
  titles.push(titled(title, values));
  hooks.push([]);
  body(...(values as never[]));
  hooks.pop();
  titles.pop();
};

type Declare = typeof collect;

const declaring = (declare: Declare) =>
  Object.assign((title: string, body: Body) => declare(title, body, []), {
    each: (cases: readonly unknown[]) => (title: string, body: Body) => {
      const rows = cases.every((one) => Array.isArray(one)) ? cases : cases.map((one) => [one]);
      for (const row of rows) declare(title, body, row);
    },
  });

export const it = declaring(collect);
export const describe = declaring(enter);

export const beforeEach = (body: () => unknown): void => void hooks.at(-1)?.push(body);

/** Every test may run again, for the next mutant: what a file leaves behind goes with the process. */
export const afterAll = (body: () => void): void => void process.once('exit', body);

/** Imports the files one by one, which declare their tests. */
export async function collectTests(files: readonly { name: string; url: string }[]): Promise<readonly CollectedTest[]> {
  for (const { name, url } of files) {
    currentFile = name;
    hooks = [[]];
    const described: (() => void)[] = [];
    later = described;
    await import(url);
    later = undefined;
    for (const one of described) one();
  }
  return tests;
}
