import * as z from 'zod';
import { configuredName } from '../../../../shared/domain/change/change.ts';
import { awsRegion, CLOUDS, stackName, zpaId } from '../../../../shared/domain/configuration/configuration.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';

/** The answers that the files are written from; an empty text leaves a field out. */
export type Answers = {
  name: string;
  region: string;
  alarmEmail: string;
  tenant: string;
  customerId: string;
  cloud: string;
  auth: string;
  vanity: string;
  source: string;
  system: string;
  ticketUrl: string;
  groups: string;
};

/** `preset`: taken if nobody answers. `isNeeded`: by the answers before it. */
type Question = {
  flag: string;
  ask: string;
  preset?: string;
  schema: z.ZodType;
  isNeeded?: (before: Answers) => boolean;
};

const empty = z.literal('');
const pattern = z
  .string()
  .regex(/^[^,]{1,255}(,[^,]{1,255})*$/, { error: 'must be names separated by commas; * is all' });
const ticketUrl = z.url().includes('{id}', { error: 'must contain {id}, which stands for the ticket' });

/** The questions in their order. Each is a flag as well. */
const QUESTIONS: Record<keyof Answers, Question> = {
  name: { flag: 'name', ask: 'Name of the stack', preset: 'zpa-changes', schema: stackName },
  region: { flag: 'region', ask: 'AWS region', preset: 'eu-central-1', schema: awsRegion },
  alarmEmail: {
    flag: 'alarm-email',
    ask: 'Email address for alarms (empty: none)',
    preset: '',
    schema: z.union([empty, z.email()], { error: 'must be an email address' }),
  },
  tenant: { flag: 'tenant', ask: 'Name of the first ZPA tenant, as used in tickets', schema: configuredName },
  customerId: { flag: 'customer-id', ask: 'ZPA customer ID of the tenant', schema: zpaId },
  cloud: {
    flag: 'cloud',
    ask: `ZPA cloud of the tenant (${CLOUDS.join(', ')})`,
    preset: 'PRODUCTION',
    schema: z.enum(CLOUDS),
  },
  auth: {
    flag: 'auth',
    ask: 'API clients: ZIdentity (oneapi) or ZPA admin portal (legacy)',
    preset: 'oneapi',
    schema: z.enum(['oneapi', 'legacy']),
  },
  vanity: {
    flag: 'vanity',
    ask: 'Vanity domain: the "acme" in acme.zslogin.net',
    schema: z.string().regex(/^[a-z0-9-]{1,63}$/i, { error: 'must be letters, digits and hyphens' }),
    isNeeded: ({ auth }) => auth === 'oneapi',
  },
  source: {
    flag: 'source',
    ask: 'Name of the first source of changes, used in its webhook URL',
    schema: configuredName.refine((name) => name !== 'ops', { error: 'must not be "ops", which is the command line' }),
  },
  system: {
    flag: 'system',
    ask: 'Name of its ticket system',
    preset: 'ServiceNow',
    schema: z.string().min(1).max(64),
  },
  ticketUrl: {
    flag: 'ticket-url',
    ask: 'URL of a ticket, with {id} for the ticket number (empty: none)',
    preset: '',
    schema: z.union([empty, ticketUrl], { error: 'must be a URL that contains {id}' }),
  },
  groups: {
    flag: 'groups',
    ask: 'Segment groups that it may create and change: names separated by commas (*: all)',
    preset: '*',
    schema: pattern,
  },
};

const NAMES = Object.keys(QUESTIONS) as (keyof Answers)[];

/** The flags of the command, with their help. */
export const FLAGS = NAMES.map((name) => {
  const { flag, ask, preset } = QUESTIONS[name];
  return { flag: `--${flag} <text>`, help: preset === undefined || preset === '' ? ask : `${ask}; default: ${preset}` };
});

/**
 * Takes what the flags say, asks for the rest, and takes presets where nobody can be asked. Throws an `OpsError` that
 * names every flag that is wrong or missing.
 */
export async function askQuestions(terminal: Pick<Terminal, 'ask'>, flags: Partial<Answers>): Promise<Answers> {
  const answers = Object.fromEntries(NAMES.map((name) => [name, ''])) as Answers;
  const faults = NAMES.flatMap((name) => faultOfFlag(name, flags[name]));
  if (faults.length > 0) throw faultsError(faults);
  const missing: string[] = [];
  for (const name of NAMES) {
    const question = QUESTIONS[name];
    if (question.isNeeded?.(answers) === false) continue;
    const answer = flags[name] ?? (await askOne(terminal, question)) ?? question.preset;
    if (answer === undefined) missing.push(`--${question.flag}: is missing. ${question.ask}.`);
    else answers[name] = answer;
  }
  if (missing.length > 0) throw faultsError(missing);
  return answers;
}

function faultOfFlag(name: keyof Answers, value: string | undefined): string[] {
  if (value === undefined) return [];
  const fault = faultOf(QUESTIONS[name].schema, value);
  return fault === undefined ? [] : [`--${QUESTIONS[name].flag}: ${fault}.`];
}

const askOne = (terminal: Pick<Terminal, 'ask'>, { ask, preset, schema }: Question) =>
  terminal.ask({
    message: ask,
    ...(preset === undefined ? {} : { preset }),
    fault: (answer) => faultOf(schema, answer),
  });

const faultOf = (schema: z.ZodType, value: string): string | undefined =>
  schema.safeParse(value).error?.issues.map(({ message }) => message)[0];

const faultsError = (faults: readonly string[]) =>
  new OpsError(
    EXIT.usage,
    'init-faults',
    faults.join('\n'),
    'Correct the flags, or omit them to be asked on a terminal.',
  );
