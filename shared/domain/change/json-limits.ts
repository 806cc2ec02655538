import { jsonBytes } from '../text/truncate-text.ts';
import { type ChangeRequest, MAX_APPLICATIONS, MAX_CHANGE_BYTES } from './change.ts';
import { type ChangeFault, changeFault } from './change-fault.ts';

/** The contract nests five deep; anything near this bound is not a change. */
const MAX_DEPTH = 12;
/** The largest valid change has about 3,000 values. */
const MAX_VALUES = 10_000;

/**
 * Checks any value, including one with cycles or a million entries, against bounds that every valid change keeps. It
 * runs before the schema, so that every later check is cheap. Returns the first fault only; undefined: within the
 * bounds.
 */
export function jsonLimitFault(input: unknown): ChangeFault | undefined {
  const open: { value: unknown; path: PropertyKey[] }[] = [{ value: input, path: [] }];
  let count = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (value === null || typeof value !== 'object') continue;
    if (path.length >= MAX_DEPTH) return invalid(path.slice(0, 4), `is nested more than ${MAX_DEPTH} levels deep`);
    if (Array.isArray(value) && value.length > MAX_APPLICATIONS) {
      return invalid(path, `has ${value.length} entries, more than the ${MAX_APPLICATIONS} a change may name`);
    }
    const names = Object.keys(value);
    count += names.length;
    if (count > MAX_VALUES) return tooLarge(`holds more than ${MAX_VALUES} values`);
    for (const key of names) {
      const child: unknown = Reflect.get(value, key);
      // zod measures the length of anything that has one before it reports a wrong type; an object as length may not be
      // comparable.
      if (key === 'length' && child !== null && typeof child === 'object')
        return invalid(path, 'must not have a length');
      open.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return undefined;
}

/** The fault of a parsed change, its defaults filled in, that exceeds 64 KiB of UTF-8 JSON; undefined: it does not. */
export function sizeFault(change: ChangeRequest): ChangeFault | undefined {
  const bytes = jsonBytes(change);
  return bytes > MAX_CHANGE_BYTES ? tooLarge(`is ${bytes} bytes of JSON`) : undefined;
}

function tooLarge(says: string): ChangeFault {
  return invalid([], `${says}; the most is ${MAX_CHANGE_BYTES} bytes`, 'Split it into several changes.');
}

function invalid(path: PropertyKey[], says: string, remedy = 'Send a change as docs/change.schema.json describes it.') {
  return changeFault('invalid-change', { path, says, remedy });
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
