import type * as z from 'zod';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import { shellWord } from './shell-word.ts';

/**
 * A question that a flag answers as well. `preset`: taken if nobody answers. `isNeeded`: by the answers before it; the answer to
 * a question that is not needed is empty, and its flag is refused. `neededBy`: says then what takes it.
 */
export type Question<Name extends string> = {
  flag: string;
  ask: string;
  preset?: string | undefined;
  schema: z.ZodType;
  isNeeded?: (before: Record<Name, string>) => boolean;
  neededBy?: string;
};

/** Questions in their order, by the name of the answer, which is the flag in camel case. */
export type Questions<Name extends string> = Record<Name, Question<Name>>;

/** The flags of a command that asks these questions, with their help. */
export function flagsOf<Name extends string>(questions: Questions<Name>): { flag: string; help: string }[] {
  return Object.values<Question<Name>>(questions).map(({ flag, ask, preset }) => ({
    flag: `--${flag} <text>`,
    help: preset === undefined || preset === '' ? ask : `${ask}; default: ${preset}`,
  }));
}

/**
 * Takes what the flags say, asks for the rest, and takes presets where nobody can be asked. Tells `heard` each answer as it comes.
 * Throws an `OpsError` with `code` that names every flag that is wrong or missing.
 */
export async function askQuestions<Name extends string>(
  terminal: Pick<Terminal, 'ask'>,
  questions: Questions<Name>,
  flags: Partial<Record<Name, string>>,
  code: string,
  heard: (name: Name, answer: string) => void = () => undefined,
): Promise<Record<Name, string>> {
  const names = Object.keys(questions) as Name[];
  const answers = Object.fromEntries(names.map((name) => [name, ''])) as Record<Name, string>;
  const faults = names.flatMap((name) => faultOfFlag(questions[name], flags[name]));
  if (faults.length > 0) throw faultsError(faults, code);
  const missing: string[] = [];
  for (const name of names) {
    const question = questions[name];
    if (question.isNeeded?.(answers) === false) {
      faults.push(...faultOfUnneeded(question, flags[name]));
      continue;
    }
    const answer = flags[name] ?? (await askOne(terminal, question)) ?? question.preset;
    if (answer === undefined) missing.push(`--${question.flag}: is missing. ${question.ask}.`);
    else {
      answers[name] = answer;
      heard(name, answer);
    }
  }
  if (faults.length + missing.length > 0) throw faultsError([...faults, ...missing], code);
  return answers;
}

/** The flags that give these answers, for a shell. */
export const flagsFor = <Name extends string>(questions: Questions<Name>, answers: Partial<Record<Name, string>>) =>
  Object.entries<string>(answers as Record<string, string>)
    .map(([name, answer]) => `--${questions[name as Name].flag} ${shellWord(answer)}`)
    .join(' ');

/** Throws an `OpsError` with `code` that names every flag that these answers do not need. */
export function refuseUnneeded<Name extends string>(
  questions: Questions<Name>,
  flags: Partial<Record<Name, string>>,
  answers: Record<Name, string>,
  code: string,
): void {
  const names = Object.keys(questions) as Name[];
  const unneeded = names.filter((name) => questions[name].isNeeded?.(answers) === false);
  const faults = unneeded.flatMap((name) => faultOfUnneeded(questions[name], flags[name]));
  if (faults.length > 0) throw faultsError(faults, code);
}

const faultOfUnneeded = ({ flag, neededBy }: { flag: string; neededBy?: string }, value: string | undefined) =>
  value === undefined || value === '' ? [] : [`--${flag}: only ${neededBy ?? 'other answers'} takes it.`];

function faultOfFlag<Name extends string>({ flag, schema }: Question<Name>, value: string | undefined): string[] {
  if (value === undefined) return [];
  const fault = faultOf(schema, value);
  return fault === undefined ? [] : [`--${flag}: ${fault}.`];
}

const askOne = <Name extends string>(
  terminal: Pick<Terminal, 'ask'>,
  { ask, preset, schema }: Question<Name>,
): Promise<string | undefined> =>
  terminal.ask({
    message: ask,
    ...(preset === undefined ? {} : { preset }),
    fault: (answer) => faultOf(schema, answer),
  });

const faultOf = (schema: z.ZodType, value: string): string | undefined =>
  schema.safeParse(value).error?.issues.map(({ message }) => message)[0];

const faultsError = (faults: readonly string[], code: string) =>
  new OpsError(EXIT.usage, code, faults.join('\n'), 'Correct the flags, or omit them to be asked on a terminal.');
