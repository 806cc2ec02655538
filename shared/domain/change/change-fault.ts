import { visible } from '../text/visible-text.ts';
import type { RejectionCode } from './rejection-codes.ts';

/** One fault of a change, worded so that the author of the ticket can correct it. */
export type ChangeFault = {
  code: Extract<RejectionCode, 'invalid-change' | 'not-permitted'>;
  /** The field as a path expression: `applications.add[0].id`; '' for the change as a whole. */
  path: string;
  /** The field's value, cut to a bounded length, control characters made visible; absent where there is no value. */
  value?: string;
  sentence: string;
  remedy: string;
};

type Parts = { path: readonly PropertyKey[]; value?: unknown; says: string; remedy: string };

/** The field as a sentence's subject; the subject of a change as a whole is "The change". */
function subject(path: string): string {
  return path === '' ? 'The change' : `"${path}"`;
}

/** Builds a fault whose sentence reads `"<path>" <says>.` */
export function changeFault(code: ChangeFault['code'], { path, value, says, remedy }: Parts): ChangeFault {
  const where = showPath(path);
  return {
    code,
    path: where,
    ...(value === undefined ? {} : { value: showValue(value) }),
    sentence: `${subject(where)} ${says}.`,
    remedy,
  };
}

/** `['changes', 3, 'group', 'id']` → `changes[3].group.id`. Names that are not plain identifiers are quoted and cut. */
export function showPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((shown, part) => {
    if (typeof part === 'number') return `${shown}[${part}]`;
    const name = String(part);
    if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(name)) return `${shown}[${showValue(name)}]`;
    return shown === '' ? name : `${shown}.${name}`;
  }, '');
}

/**
 * The same fault with its path below `prefix`: the change is one part of a delivery. An empty prefix leaves it as it
 * is.
 */
export function prefixFault(prefix: string, fault: ChangeFault): ChangeFault {
  if (prefix === '') return fault;
  const rest = fault.path === '' || fault.path.startsWith('[') ? fault.path : `.${fault.path}`;
  const path = `${prefix}${rest}`;
  const before = subject(fault.path);
  const sentence = fault.sentence.startsWith(before)
    ? subject(path) + fault.sentence.slice(before.length)
    : `${subject(path)}: ${fault.sentence}`;
  return { ...fault, path, sentence };
}

const SHOWN_CHARACTERS = 80;

/**
 * Shows any value in at most about a hundred characters. It never walks into the value, so size and depth do not
 * matter.
 */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return `"${visible(value, SHOWN_CHARACTERS)}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') return 'an object';
  return visible(String(value), SHOWN_CHARACTERS);
}
