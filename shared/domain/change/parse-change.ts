import type { z } from 'zod';
import { type ChangeRequest, changeSchema } from './change.ts';
import { type ChangeFault, changeFault, showPath } from './change-fault.ts';
import { ruleFaults } from './change-rules.ts';
import { cutWrongReferences } from './cut-references.ts';
import { describeIssue, remedyForUnknownField } from './field-wording.ts';
import { isRecord, jsonLimitFault, sizeFault } from './json-limits.ts';

/** `left`: faults that were counted and are not told; there may be more. */
export type ParsedChange = { ok: true; change: ChangeRequest } | { ok: false; faults: ChangeFault[]; left: number };

/** A change with more faults than this is not corrected one by one. */
const MAX_FAULTS = 50;

/**
 * Parses any value as a change: bounds, shape and the rules that span fields.
 * Returns the change with its defaults filled in, or the faults (at most 50), each with path, value and remedy. Never
 * throws. `checkGrants` decides whether a source may request the change, `configurationFaults` whether tenant and
 * microtenant exist.
 */
export function parseChange(input: unknown): ParsedChange {
  const excess = jsonLimitFault(input);
  if (excess !== undefined) return { ok: false, faults: [excess], left: 0 };
  const { value, left } = cutWrongReferences(input, MAX_FAULTS);
  const parsed = changeSchema.safeParse(value, { error: describeIssue });
  if (!parsed.success) {
    // Each issue becomes one fault or more, so the rest would not be shown.
    const { issues } = parsed.error;
    const shown = issues.slice(0, MAX_FAULTS);
    return refused(
      shown.flatMap((issue) => issueFaults(issue, [], input)),
      left + issues.length - shown.length,
    );
  }
  const oversize = sizeFault(parsed.data);
  const faults = [...(oversize === undefined ? [] : [oversize]), ...ruleFaults(parsed.data)];
  return faults.length === 0 ? { ok: true, change: parsed.data } : refused(faults, 0);
}

function refused(faults: ChangeFault[], left: number): ParsedChange {
  const told = faults.slice(0, MAX_FAULTS);
  return { ok: false, faults: told, left: left + faults.length - told.length };
}

type Issue = z.core.$ZodIssue;
const RESEND = 'Correct it and send the change again.';

/** Turns one issue into faults. `at`: the path of the union whose option this issue comes from. */
function issueFaults(issue: Issue, at: PropertyKey[], input: unknown): ChangeFault[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MAX_FAULTS).map((key) => unknownField([...path, key], input));
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
  if (typeof value !== 'number' || name !== 'id') return RESEND;
  return Number.isSafeInteger(value)
    ? `Write it in quotes: "${value}".`
    : 'Write it in quotes, with the digits ZPA shows; as a number it has been rounded already.';
}

/** The fault does not repeat the value of an unknown field, because it may be anything, a secret too. */
function unknownField(path: PropertyKey[], input: unknown): ChangeFault {
  const place = path.slice(0, -1).reduce<string>((p, part) => {
    return typeof part === 'number' ? `${p}[]` : `${p}${p === '' ? '' : '.'}${String(part)}`;
  }, '');
  const remedy = remedyForUnknownField(String(path.at(-1)), valueAt(input, ['action']), place);
  return changeFault('invalid-change', { path, says: 'is not a field of a change', remedy });
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** zod reports the issues of every option of a union; the value shows which option was intended. */
function unionFaults(issue: UnionIssue, path: PropertyKey[], input: unknown): ChangeFault[] {
  const value = valueAt(input, path);
  if (issue.discriminator !== undefined)
    return [fieldFault(path, 'must be "create", "update", "delete" or "accept"', input)];
  const { intended, fault } = UNIONS[path.length === 1 ? String(path[0]) : ''] ?? REFERENCE;
  const index = intended(value);
  const option = index === undefined ? undefined : issue.errors[index];
  if (option !== undefined) return option.flatMap((nested) => issueFaults(nested, path, input));
  return [fault(path, value)];
}

/** `intended`: index of the option that the value is meant as; undefined where nobody can tell, and then `fault` says so. */
type Union = {
  intended(value: unknown): number | undefined;
  fault(path: PropertyKey[], value: unknown): ChangeFault;
};

const REFERENCE: Union = { intended: intendedReference, fault: referenceFault };
/** The other unions of the contract, by their field. */
const UNIONS: Record<string, Union | undefined> = {
  applications: { intended: intendedMembership, fault: membershipFault },
  state: { intended: (value) => (isRecord(value) ? 1 : undefined), fault: stateFault },
};

/** Index of the union's option: by id, by name; undefined where the value has neither or both. */
function intendedReference(value: unknown): 0 | 1 | undefined {
  if (!isRecord(value) || Object.hasOwn(value, 'id') === Object.hasOwn(value, 'name')) return undefined;
  return Object.hasOwn(value, 'id') ? 0 : 1;
}

/** Index of the union's option: a delta, or the complete list; undefined where the value mixes them. */
function intendedMembership(value: unknown): 0 | 1 | undefined {
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
  const others = isRecord(value) ? Object.keys(value).filter((key) => key !== 'id' && key !== 'name') : [];
  const found = others.length === 0 ? '' : `; it has ${showPath(others.slice(0, 3)).slice(0, 120)}`;
  return changeFault('invalid-change', { path, value, says: says + found, remedy });
}

function stateFault(path: PropertyKey[], value: unknown): ChangeFault {
  const says = 'must be "absent", or an object with name, description, enabled or applications';
  return fieldFault(path, says, { [path[0] ?? '']: value });
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
