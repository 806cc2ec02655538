import { isDeepStrictEqual } from 'node:util';
import { matchesPattern } from '../../domain/configuration/grants.ts';

/** `looser`: more may happen than before; `tighter`: less; `other`: neither can be told from the settings alone. */
export type Effect = 'looser' | 'tighter' | 'other';

/** One difference between two settings in plain words. */
export type Meaning = { effect: Effect; path: string; sentence: string };

/** The meaning of one field's change; `path` is of a field within it. */
export type Said = Omit<Meaning, 'path'> & { path?: string };
export type Rule<T> = (before: T, after: T) => Said[];
/** One rule for each field, so that a new field cannot be forgotten. */
export type Rules<T extends object> = { [Field in keyof T]-?: Rule<T[Field]> };

/** Applies the rule of each field that differs. Paths begin with the field. */
export function explainFields<T extends object>(rules: Rules<T>, before: T, after: T): Meaning[] {
  return (Object.keys(rules) as (keyof T & string)[]).flatMap((field) => {
    if (isDeepStrictEqual(before[field], after[field])) return [];
    return rules[field](before[field], after[field]).map(({ path, ...said }) => ({
      ...said,
      path: path === undefined ? field : `${field}.${path}`,
    }));
  });
}

export const looser = (sentence: string): Said => ({ effect: 'looser', sentence });
export const tighter = (sentence: string): Said => ({ effect: 'tighter', sentence });
export const other = (sentence: string): Said => ({ effect: 'other', sentence });

/** The rule of a field of which only the author can judge the change. */
export const says =
  (sentence: string): Rule<unknown> =>
  () => [other(sentence)];

/** The rule of a flag; the two sentences are for switching it on and off. */
export const flag =
  (on: Said, off: Said): Rule<boolean | undefined> =>
  (_, after) => [after === true ? on : off];

/** The rule of a number of which more permits more. */
export const bound =
  (what: string): Rule<number> =>
  (before, after) => [(after > before ? looser : tighter)(`${what}: ${after} instead of ${before}`)];

/** The rule of a choice; values are listed from the tightest to the loosest. */
export const choice =
  <T extends string>(what: string, order: readonly T[]): Rule<T> =>
  (before, after) => {
    const effect = order.indexOf(after) > order.indexOf(before) ? looser : tighter;
    return [effect(`${what}: "${after}" instead of "${before}"`)];
  };

/** True if each name that one of `inner` matches is matched by one of `outer`. */
export const coverPatterns = (outer: readonly string[], inner: readonly string[]): boolean =>
  inner.every((one) => outer.some((pattern) => matchesPattern(pattern, one)));

export const includesAll = <T>(outer: readonly T[], inner: readonly T[]): boolean =>
  inner.every((one) => outer.includes(one));

export const quoted = (names: readonly string[]): string => names.map((one) => `"${one}"`).join(', ');
