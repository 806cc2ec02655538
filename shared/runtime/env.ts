import * as z from 'zod';
import type { EnvironmentName, OPTIONAL_ENVIRONMENT } from '../deployment/resources.ts';

/** `process.env`, or the environment that the local world passes to a function. */
export type Environment = Record<string, string | undefined>;

type OptionalName = (typeof OPTIONAL_ENVIRONMENT)[number];

const text = z.string().min(1, { error: 'is empty' });
const url = z.url({ error: 'must be a URL' });

/** Schemas of all environment variables of the functions; the names are those that CDK sets. */
const VARIABLES = {
  STACK_NAME: text,
  SETTINGS_TABLE: text,
  TABLE_NAME: text,
  CHANGES_QUEUE_URL: url,
  FAILURES_QUEUE_URL: url,
  PLANS_QUEUE_URL: url,
  DRIFT_QUEUE_URL: url,
  NOTICES_QUEUE_URL: url,
  OUTCOMES_TOPIC_ARN: text.regex(/^arn:[^:]+:sns:/, { error: 'must be the ARN of an SNS topic' }),
  REPORTS_BUCKET: text,
  AUDIT_BUCKET: text,
  AWS_ENDPOINT_URL: url.optional(),
  PUBLIC_URL: url.optional(),
  SIMULATED_ZPA: z.literal('true', { error: 'must be "true"' }).optional(),
  TIME_FACTOR: z.coerce.number({ error: 'must be a number' }).min(1).max(10_000).optional(),
} as const satisfies Record<EnvironmentName | OptionalName, z.ZodType>;

type Variables = typeof VARIABLES;

/**
 * Creates the schema of the named variables for `readEnvironment`. It always includes the optional ones, those of
 * `OPTIONAL_ENVIRONMENT`.
 */
export function environmentSchema<Name extends EnvironmentName>(...names: readonly Name[]) {
  const shape = Object.fromEntries(names.map((name) => [name, VARIABLES[name]])) as Pick<Variables, Name>;
  const { AWS_ENDPOINT_URL, PUBLIC_URL, SIMULATED_ZPA, TIME_FACTOR } = VARIABLES;
  return z.object({ ...shape, AWS_ENDPOINT_URL, PUBLIC_URL, SIMULATED_ZPA, TIME_FACTOR });
}

/** All faults of an environment. It contains names of variables and never their values. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'bad-environment';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment of this function is not complete: ${faults.join('; ')}. Deploy the stack again.`);
    this.faults = faults;
  }
}

/** Reads an environment by a schema; throws `EnvironmentError` with every fault. */
export function readEnvironment<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.output<Schema> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return env[name] === undefined ? `${name} is missing` : `${name} ${issue.message}`;
  });
  throw new EnvironmentError(faults);
}
