import * as z from 'zod';
import type { Settings } from '../../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../../shared/domain/configuration/lookup.ts';
import { ticketsSchema } from '../../../../../shared/domain/configuration/tickets-schema.ts';
import type { Question, Questions } from '../../../input/questions.ts';

/** The systems that can be connected. `jira-automation`: a rule of a project's administrator in place of a webhook. */
export const SYSTEMS = ['servicenow', 'jira', 'jira-automation', 'github', 'webhook'] as const;

const NAMES = [
  'system',
  'tenant',
  'microtenant',
  'groups',
  'url',
  'user',
  'email',
  'reader',
  'projects',
  'waitingStatus',
  'approvedStatus',
  'doneStatus',
  'partlyStatus',
  'failedStatus',
  'resolution',
  'repository',
  'label',
  'tool',
  'proof',
  'results',
  'idPattern',
] as const;

type AnswerName = (typeof NAMES)[number];

/** The answers that a source is made of; empty where the system needs none. */
export type ConnectAnswers = Record<AnswerName, string>;

type Before = ConnectAnswers;
/** A question that only these systems need. */
const of = (...systems: (typeof SYSTEMS)[number][]) => ({
  isNeeded: ({ system }: Before) => systems.some((one) => one === system),
  neededBy: systems.join(' or '),
});
const OF_JIRA = of('jira', 'jira-automation');

const empty = z.literal('');
const word = (error: string, pattern: RegExp) => z.string().regex(pattern, { error });
const status = word('must be the name of a status', /^.{1,100}$/);
const names = word('must be names separated by commas; * is all', /^[^,]{1,255}(,[^,]{1,255})*$/);
const person = (what: string) => word(`must be ${what}`, /^[^\s:]{1,320}$/);

/** Says what is wrong with an address as the settings would. */
const address = z.string().superRefine((url, context) => {
  const { error } = ticketsSchema.safeParse({ kind: 'webhook', url });
  if (error !== undefined) context.addIssue({ code: 'custom', message: error.issues[0]?.message ?? 'is no address' });
});

/** The questions in their order; `tenants`: those of the settings, of which one is chosen. */
export function questionsFor(tenants: Settings['tenants']): Questions<AnswerName> {
  const configured = Object.keys(tenants);
  const microtenantsOf = (tenant: string) => Object.keys(lookup(tenants, tenant)?.microtenants ?? {});
  const questions: Record<AnswerName, Omit<Question<AnswerName>, 'flag'>> = {
    system: {
      ask: `Ticket system (${SYSTEMS.join(', ')})`,
      schema: z.enum(SYSTEMS, { error: `must be one of ${SYSTEMS.join(', ')}` }),
    },
    tenant: {
      ask: `ZPA tenant that its tickets change${configured.length === 0 ? '' : ` (${configured.join(', ')})`}`,
      preset: configured.length === 1 ? configured[0] : undefined,
      schema: z.string().refine((one) => configured.length === 0 || configured.includes(one), {
        error: `must be a tenant of the settings: ${configured.join(', ')}`,
      }),
    },
    microtenant: {
      ask: 'Microtenant of this tenant',
      schema: word('must be the name of a microtenant', /^[a-z0-9][a-z0-9_-]*$/i),
      isNeeded: ({ tenant }) => microtenantsOf(tenant).length > 1,
      neededBy: 'a tenant with several microtenants',
    },
    groups: {
      ask: 'Segment groups that tickets may create and change: names separated by commas (*: all)',
      preset: '*',
      schema: names,
    },
    url: {
      ask: 'Address of the ticket system, such as https://acme.service-now.com or https://acme.atlassian.net',
      schema: address,
      ...of('servicenow', 'jira', 'jira-automation'),
    },
    user: {
      ask: 'User ID that zpa-changes gets in ServiceNow',
      preset: 'zpa.changes',
      schema: person('a user ID'),
      ...of('servicenow'),
    },
    email: {
      ask: 'Email address of the Atlassian account of zpa-changes',
      schema: z.email({ error: 'must be an email address' }),
      ...OF_JIRA,
    },
    reader: {
      ask: 'A second account that may only read (empty: one account for both)',
      preset: '',
      schema: z.union([empty, person('a user ID or an email address')], {
        error: 'must be a user ID or email address',
      }),
      ...of('servicenow', 'jira', 'jira-automation'),
    },
    projects: {
      ask: 'Keys of the Jira projects, separated by commas',
      schema: word('must be keys such as ZPA, separated by commas', /^[A-Z][A-Z0-9_]+( *, *[A-Z][A-Z0-9_]+)*$/),
      ...OF_JIRA,
    },
    waitingStatus: {
      ask: 'Status of an issue that waits for approval',
      preset: 'Waiting for approval',
      schema: status,
      ...OF_JIRA,
    },
    approvedStatus: {
      ask: 'Status of an approved issue',
      preset: 'Approved',
      schema: status,
      ...OF_JIRA,
    },
    doneStatus: {
      ask: 'Status once all changes are live',
      preset: 'Done',
      schema: status,
      ...OF_JIRA,
    },
    partlyStatus: {
      ask: 'Status once only some changes are live',
      preset: 'Partly done',
      schema: status,
      ...OF_JIRA,
    },
    failedStatus: {
      ask: 'Status once no change was applied',
      preset: 'Failed',
      schema: status,
      ...OF_JIRA,
    },
    resolution: {
      ask: 'Resolution that the screen of the transition to that first status asks for (none: it asks for none)',
      preset: 'Done',
      schema: status,
      ...OF_JIRA,
    },
    repository: {
      ask: 'Repository of the issues, such as acme/zpa-requests',
      schema: word('must be OWNER/NAME', /^[\w.-]{1,100}\/[\w.-]{1,100}$/),
      ...of('github'),
    },
    label: {
      ask: 'Label that approves an issue',
      preset: 'zpa-approved',
      schema: word('must be the name of a label', /^.{1,50}$/),
      ...of('github'),
    },
    tool: {
      ask: 'Name of the tool',
      preset: 'Request tool',
      schema: word('must be a name of at most 64 characters', /^.{1,64}$/),
      ...of('webhook'),
    },
    proof: {
      ask: 'How the tool proves itself: standard-webhooks (it signs) or bearer (it can only send a header)',
      preset: 'standard-webhooks',
      schema: z.enum(['standard-webhooks', 'bearer'], { error: 'must be standard-webhooks or bearer' }),
      ...of('webhook'),
    },
    results: {
      ask: 'Address that takes the results as signed POSTs (empty: none)',
      preset: '',
      schema: z.union([empty, address], { error: 'must be an https address' }),
      ...of('webhook'),
    },
    idPattern: {
      ask: 'Pattern of its ticket numbers',
      preset: 'REQ-\\d{1,9}',
      schema: word('must be a regular expression', /^.{1,300}$/),
      isNeeded: ({ system, results }) => system === 'webhook' && results !== '',
      neededBy: 'webhook with --results',
    },
  };
  return Object.fromEntries(
    NAMES.map((name) => [name, { flag: flagOf(name), ...questions[name] }]),
  ) as Questions<AnswerName>;
}

const flagOf = (name: AnswerName) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
