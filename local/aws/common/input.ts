import type { z } from 'zod';
import { AwsError, missingParameter } from './aws-error.ts';

/** A request's input by its schema, or the error AWS answers to what cannot be read. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'invalid_type' && valueAt(input, issue.path) === undefined) throw missingParameter(path);
  throw new AwsError('SerializationException', `${path}: ${issue?.message ?? 'cannot be read'}`);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
