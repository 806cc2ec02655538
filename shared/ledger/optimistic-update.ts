import type { Versioned } from '../domain/records/versioned.ts';
import { ABSENT, type Written } from '../ports/ports.ts';

/**
 * Conflicts in a row after which an update gives up: so many mean that somebody writes the record all the time, and the
 * caller's own retry comes later and better than a loop without end.
 */
export const UPDATE_ATTEMPTS = 20;

/** Others wrote the record before each attempt. `cause`: the version expected last, and the one found instead. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
  readonly code: string;

  constructor(code: string, message: string, cause?: { expected: number; found: number }) {
    super(message, cause && { cause });
    this.code = code;
  }
}

export type OptimisticUpdate<T extends Versioned, S extends T | undefined> = {
  /** The record to write over `stored`; undefined, or `stored` itself, leaves it as it is. Called once per attempt. */
  change(stored: S): T | undefined | Promise<T | undefined>;
  /** Writes on the condition that the stored version is `expected`. */
  write(next: T, expected: number): Promise<Written<T>>;
  /** The state that a conflict stands for which finds no record; it may throw. */
  absent(): S;
  /** The record in the error's sentence, for example `change CHG1/1`. */
  subject: string;
  /** The error's stable code. */
  code?: string;
};

/**
 * Writes `change(stored)` under the version of `stored`, and again over the record that somebody else wrote meanwhile.
 * Answers the record as it then stands. Rejects with `ContentionError` after `UPDATE_ATTEMPTS` conflicts, and as `change`
 * and `write` do.
 */
export async function optimisticUpdate<T extends Versioned, S extends T | undefined>(
  stored: S,
  { change, write, absent, subject, code = 'ledger-contention' }: OptimisticUpdate<T, S>,
): Promise<{ record: S | T; changed: boolean }> {
  let current = stored;
  let cause: { expected: number; found: number } | undefined;
  for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
    const next = await change(current);
    if (next === undefined || next === current) return { record: current, changed: false };
    const expected = current?.version ?? ABSENT;
    const result = await write(next, expected);
    if (result.written) return { record: { ...next, version: expected + 1 }, changed: true };
    cause = { expected, found: result.found?.version ?? ABSENT };
    // T is S without undefined: a record found is a state of S.
    current = result.found === undefined ? absent() : (result.found as T & S);
  }
  throw new ContentionError(code, `${subject} changed ${UPDATE_ATTEMPTS} times while it was written`, cause);
}
