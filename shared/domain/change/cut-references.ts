import { isRecord } from './json-limits.ts';

/** The lists of a change that hold references to applications, by their paths. */
const LISTS = [
  ['applications'],
  ['applications', 'add'],
  ['applications', 'remove'],
  ['applications', 'replace'],
  ['expect', 'members', 'has'],
  ['expect', 'members', 'hasNot'],
  ['expect', 'members', 'exactly'],
  ['state', 'applications', 'has'],
  ['state', 'applications', 'hasNot'],
  ['state', 'applications', 'exactly'],
] as const;

/**
 * Cuts the lists of a change behind the first `most` references that are certainly wrong, so that the schema describes no
 * more of them than are told. `left`: how many wrong ones were cut away; 0: the input is answered as it is.
 */
export function cutWrongReferences(input: unknown, most: number): { value: unknown; left: number } {
  let room = most;
  let left = 0;
  let value = input;
  for (const path of LISTS) {
    const list = at(input, path);
    if (!Array.isArray(list)) continue;
    const end = list.findIndex((one: unknown) => isWrong(one) && room-- <= 0);
    if (end < 0) continue;
    left += list.slice(end).filter(isWrong).length;
    value = replaceAt(value, path, list.slice(0, end));
  }
  return { value, left };
}

/** A reference has an id or a name, each a text. */
const isWrong = (one: unknown) => !isRecord(one) || (typeof one.id !== 'string' && typeof one.name !== 'string');

const at = (input: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    input,
  );

function replaceAt(input: unknown, [name, ...rest]: readonly string[], list: unknown[]): unknown {
  if (name === undefined) return list;
  return isRecord(input) ? { ...input, [name]: replaceAt(input[name], rest, list) } : input;
}
