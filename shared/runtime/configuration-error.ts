import type * as z from 'zod';
import { describeIssue } from '../domain/change/field-wording.ts';
import { redactText } from './redact.ts';

/** One fault of settings or of a stack's configuration: its path, the faulty value (shortened), and the remedy. */
export type ConfigurationFault = { path: string; value?: string; remedy: string };

/** All faults of settings, or of a stack's configuration. `file` says where they come from. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'bad-configuration';
  readonly file: string;
  readonly faults: readonly ConfigurationFault[];

  constructor(file: string, faults: readonly ConfigurationFault[], cause?: unknown) {
    const lines = faults.map((f) => `  ${f.path}${f.value === undefined ? '' : ` = ${f.value}`}: ${f.remedy}`);
    super([`The configuration ${file} cannot be used:`, ...lines].join('\n'), { cause });
    this.file = file;
    this.faults = faults;
  }
}

/** Parses a value by a schema; throws `ConfigurationError` with every fault, in words for the author of the value. */
export function parseConfiguration<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  file: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value, { reportInput: true, error: wordFormat });
  const faults = parsed.success ? [] : parsed.error.issues.flatMap((issue) => toFaults(issue, value));
  const paths = new Set(faults.map(({ path }) => path));
  faults.push(...lostNames(value).filter(({ path }) => !paths.has(path)));
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new ConfigurationError(file, faults);
}

/** Finds names that the schema would drop without a word, as an object cannot hold them like others. Built objects are left out. */
function lostNames(value: unknown): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  const seen = new Set<unknown>();
  const waiting: { path: string[]; value: unknown }[] = [{ path: [], value }];
  for (const { path, value: one } of waiting) {
    if (!isPlain(one) || seen.has(one)) continue;
    seen.add(one);
    for (const [name, held] of Object.entries(one)) waiting.push({ path: [...path, name], value: held });
    if (!Object.hasOwn(one, '__proto__')) continue;
    faults.push({ path: [...path, '__proto__'].join('.'), remedy: 'cannot be a name; choose another one' });
  }
  return faults;
}

const isPlain = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

function wordFormat(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'custom') return undefined;
  if (issue.code === 'invalid_union' && issue.options !== undefined) {
    return `must be one of ${(issue.options as unknown[]).map(String).join(', ')}`;
  }
  if (issue.code !== 'invalid_format') return describeIssue(issue);
  return issue.pattern === undefined ? `must be a valid ${issue.format}` : `must match ${issue.pattern}`;
}

/**
 * Of the forms that a value may have, the one with the fewest faults is meant. The name of a record's entry has issues of
 * its own.
 */
function toFaults(issue: z.core.$ZodIssue, whole: unknown): ConfigurationFault[] {
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => faultAt(issue, message, whole));
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = issue.errors.toSorted((one, other) => one.length - other.length);
    return closest.flatMap((one) => toFaults({ ...one, path: [...issue.path, ...one.path] }, whole));
  }
  if (issue.code === 'unrecognized_keys') {
    const path = issue.path.map(String).join('.');
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      remedy: 'is not a field of the configuration; remove it or correct its name',
    }));
  }
  const missing = issue.input === undefined && issue.code === 'invalid_type';
  return [faultAt(issue, missing ? `is missing; ${issue.message}` : issue.message, whole)];
}

/** The value is the one at the path: a rule over several fields was given the value that holds them all. */
function faultAt({ path }: z.core.$ZodIssue, remedy: string, whole: unknown): ConfigurationFault {
  const value = path.reduce<unknown>(fieldOf, whole);
  return {
    path: path.length === 0 ? '(file)' : path.map(String).join('.'),
    ...(value !== undefined && { value: shorten(value) }),
    remedy,
  };
}

function fieldOf(value: unknown, name: PropertyKey): unknown {
  const isHolder = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isHolder ? (value as Record<PropertyKey, unknown>)[name] : undefined;
}

function shorten(value: unknown): string {
  const text = redactText(JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
