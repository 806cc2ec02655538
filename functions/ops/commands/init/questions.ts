import * as z from 'zod';
import { configuredName } from '../../../../shared/domain/change/change.ts';
import {
  awsRegion,
  CLOUDS,
  customerId,
  stackName,
  tenantName,
} from '../../../../shared/domain/configuration/configuration.ts';
import { askQuestions, flagsOf, type Questions } from '../../input/questions.ts';
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

const empty = z.literal('');
const pattern = z
  .string()
  .regex(/^[^,]{1,255}(,[^,]{1,255})*$/, { error: 'must be names separated by commas; * is all' });
const ticketUrl = z.url().includes('{id}', { error: 'must contain {id}, which stands for the ticket' });

/** The questions in their order. Each is a flag as well. */
const QUESTIONS: Questions<keyof Answers> = {
  name: { flag: 'name', ask: 'Name of the stack', preset: 'zpa-changes', schema: stackName },
  region: { flag: 'region', ask: 'AWS region', preset: 'eu-central-1', schema: awsRegion },
  alarmEmail: {
    flag: 'alarm-email',
    ask: 'Email address for alarms (empty: none)',
    preset: '',
    schema: z.union([empty, z.email()], { error: 'must be an email address' }),
  },
  tenant: { flag: 'tenant', ask: 'Name of the first ZPA tenant, as used in tickets', schema: tenantName },
  customerId: { flag: 'customer-id', ask: 'ZPA customer ID of the tenant', schema: customerId },
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
    neededBy: '--auth oneapi',
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

/** The flags of the command, with their help. */
export const FLAGS = flagsOf(QUESTIONS);

/** Asks for what the flags do not say. */
export const askAnswers = (terminal: Pick<Terminal, 'ask'>, flags: Partial<Answers>): Promise<Answers> =>
  askQuestions(terminal, QUESTIONS, flags, 'init-faults');
