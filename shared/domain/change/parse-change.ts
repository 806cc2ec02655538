import type { z } from 'zod';
import { type ChangeRequest, changeSchema } from './change.ts';
import { type ChangeFault, changeFault, showPath } from './change-fault.ts';
import { ruleFaults } from './change-rules.ts';
import { remedyForUnknownField, wordIssue } from './field-wording.ts';
import { jsonLimitFault, sizeFault } from './json-limits.ts';
import { unsupportedFields } from './unsupported-fields.ts';

export type ParsedChange = { ok: true; change: ChangeRequest } | { ok: false; faults: ChangeFault[] };

/** A change with more faults than this is not corrected one by one. */
const MAX_FAULTS = 50;

/**
 * Reads anything as a change: shape, bounds, the rules that span fields, and what this version carries out. Answers
 * the change with its defaults filled in, or every fault found (at most 50), each with path, value and remedy. Never
 * throws. Whether somebody may ask for it is `permits`; whether tenant and microtenant exist, `configurationFaults`.
 */
export function parseChange(input: unknown): ParsedChange {
  const unbounded = jsonLimitFault(input);
  if (unbounded !== undefined) return { ok: false, faults: [unbounded] };
  const parsed = changeSchema.safeParse(input, { error: wordIssue });
  if (!parsed.success) return refused(parsed.error.issues.flatMap((issue) => issueFaults(issue, [], input)));
  const large = sizeFault(parsed.data);
  const faults = [
    ...(large === undefined ? [] : [large]),
    ...ruleFaults(parsed.data),
    ...unsupportedFields(parsed.data),
  ];
  return faults.length === 0 ? { ok: true, change: parsed.data } : refused(faults);
}

function refused(faults: ChangeFault[]): ParsedChange {
  return { ok: false, faults: faults.slice(0, MAX_FAULTS) };
}

type Issue = z.core.$ZodIssue;
const AGAIN = 'Correct it and send the change again.';

/** One issue as faults. `at`: where the union stands whose option this issue comes from. */
function issueFaults(issue: Issue, at: PropertyKey[], input: unknown): ChangeFault[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...path, key], input));
  if (issue.code === 'invalid_union') return unionFaults(issue, path, input);
  return [fieldFault(path, issue.message, input)];
}

function fieldFault(path: PropertyKey[], message: string, input: unknown): ChangeFault {
  const value = valueAt(input, path);
  const name = String(path.at(-1) ?? 'the field');
  if (value === undefined) {
    const says = `is missing; it ${message}`;
    return changeFault('invalid-change', { path, says, remedy: `Add "${name}" and send the change again.` });
  }
  return changeFault('invalid-change', { path, value, says: message, remedy: remedyFor(name, value) });
}

function remedyFor(name: string, value: unknown): string {
  if (value === null) return 'Leave it out, or give it a value.';
  if (typeof value !== 'number' || name !== 'id') return AGAIN;
  return Number.isSafeInteger(value)
    ? `Write it in quotes: "${value}".`
    : 'Write it in quotes, with the digits ZPA shows; as a number it has been rounded already.';
}

/** The value of an unknown field is not repeated: it may be anything, a secret too. */
function unknownField(path: PropertyKey[], input: unknown): ChangeFault {
  const place = path.slice(0, -1).reduce<string>((p, part) => {
    return typeof part === 'number' ? `${p}[]` : `${p}${p === '' ? '' : '.'}${String(part)}`;
  }, '');
  const remedy = remedyForUnknownField(String(path.at(-1)), valueAt(input, ['action']), place);
  return changeFault('invalid-change', { path, says: 'is not a field of the contract', remedy });
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** zod reports every option of a union; the value shows which one was meant. */
function unionFaults(issue: UnionIssue, path: PropertyKey[], input: unknown): ChangeFault[] {
  const value = valueAt(input, path);
  if (issue.discriminator !== undefined) return [fieldFault(path, 'must be "create", "update" or "delete"', input)];
  const membership = path.length === 1 && path[0] === 'applications';
  const meant = membership ? meantMembership(value) : meantReference(value);
  const option = meant === undefined ? undefined : issue.errors[meant];
  if (option !== undefined) return option.flatMap((nested) => issueFaults(nested, path, input));
  return [membership ? membershipFault(path, value) : referenceFault(path, value)];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Index of the union's option: by id, by name; undefined where the value names neither or both. */
function meantReference(value: unknown): 0 | 1 | undefined {
  if (!isRecord(value) || Object.hasOwn(value, 'id') === Object.hasOwn(value, 'name')) return undefined;
  return Object.hasOwn(value, 'id') ? 0 : 1;
}

/** Index of the union's option: a delta, or a whole list. */
function meantMembership(value: unknown): 0 | 1 | undefined {
  if (!isRecord(value)) return undefined;
  if (!Object.hasOwn(value, 'replace')) return 0;
  return Object.hasOwn(value, 'add') || Object.hasOwn(value, 'remove') ? undefined : 1;
}

function referenceFault(path: PropertyKey[], value: unknown): ChangeFault {
  if (value === undefined) return fieldFault(path, 'must have exactly one of "id" and "name"', undefined);
  const both = isRecord(value) && Object.hasOwn(value, 'id');
  const says = `must have exactly one of "id" and "name"${both ? ', not both' : ''}`;
  const remedy = both
    ? 'Keep the "id"; it stays the same when the name changes.'
    : 'Write {"id": "216196257331404691"} or {"name": "Remote Access"}.';
  const typo = isRecord(value) ? Object.keys(value).filter((key) => key !== 'id' && key !== 'name') : [];
  const seen = typo.length === 0 ? '' : `; it has ${showPath(typo.slice(0, 3)).slice(0, 120)}`;
  return changeFault('invalid-change', { path, value, says: says + seen, remedy });
}

function membershipFault(path: PropertyKey[], value: unknown): ChangeFault {
  return changeFault('invalid-change', {
    path,
    value,
    says: 'must be {"add": […], "remove": […]} or {"replace": […]}, not both',
    remedy: 'Use "add" and "remove" to change single memberships, "replace" to state the whole list.',
  });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    return Reflect.get(value, part);
  }, input);
}
