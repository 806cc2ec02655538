import * as z from 'zod';
import { similarName } from '../text/similar-names.ts';
import { changeShape } from './change.ts';

/** Words a zod issue to follow a field's name: `"enabled" must be true or false.` */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[issue.expected] ?? `of type ${issue.expected}`}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_big':
      return `must ${measure(issue.origin)} at most ${issue.maximum}${unit(issue.origin)}`;
    case 'too_small':
      return issue.origin === 'string'
        ? 'must not be empty'
        : `must ${measure(issue.origin)} at least ${issue.minimum}${unit(issue.origin)}`;
    default:
      return 'does not match the schema';
  }
}

const EXPECTED: Record<string, string> = {
  string: 'text in quotes',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  number: 'a number',
  int: 'a whole number',
};

const measure = (origin: string) => (origin === 'string' || origin === 'array' ? 'have' : 'be');
const unit = (origin: string) => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

/**
 * The remedy for a field that the contract does not know. `place`: the path of the object that holds it (`''`, `set`,
 * `applications.add[]`).
 */
export function remedyForUnknownField(name: string, action: unknown, place: string): string {
  const places = fieldsOf(action);
  const here = places.get(place) ?? [];
  const intended = similarName(name, here);
  if (intended !== undefined) return `Did you mean "${intended}"?`;
  const [elsewhere] = [...places.keys()].filter((p) => places.get(p)?.includes(name)).sort(groupFirst);
  if (elsewhere !== undefined) return `Did you mean "${elsewhere === '' ? name : `${elsewhere}.${name}`}"?`;
  return here.length === 0 ? 'Leave it out.' : `Leave it out, or use one of: ${here.join(', ')}.`;
}

/** `group` identifies the group and `set` changes it, so both come before `expect` as the likely intention. */
const groupFirst = (a: string, b: string) => Number(a.startsWith('expect')) - Number(b.startsWith('expect'));

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Field names of the contract by place, read from the schema itself so that wording and schema cannot diverge. */
function fieldsOf(action: unknown): Map<string, string[]> {
  const option = changeShape.options.find((one) => one.shape.action.value === action);
  const places = new Map<string, string[]>();
  if (option !== undefined) collect(z.toJSONSchema(option, { io: 'input' }), '', places);
  return places;
}

function collect(schema: JsonSchema, place: string, places: Map<string, string[]>): void {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length > 0) {
    places.set(place, [...new Set([...(places.get(place) ?? []), ...fields.map(([name]) => name)])]);
  }
  for (const [name, field] of fields) {
    if (typeof field === 'object') collect(field, place === '' ? name : `${place}.${name}`, places);
  }
  for (const option of schema.anyOf ?? []) collect(option, place, places);
  if (typeof schema.items === 'object' && !Array.isArray(schema.items)) {
    collect(schema.items, `${place}[]`, places);
  }
}
