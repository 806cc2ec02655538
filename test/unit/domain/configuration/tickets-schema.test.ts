import { describe, expect, it } from 'vitest';
import { configurationSchema, secretNames } from '../../../../shared/domain/configuration/configuration.ts';
import { ticketAccess, ticketsSchema } from '../../../../shared/domain/configuration/tickets-schema.ts';

const MAPPING = { preset: 'jira-issue' };
const APPROVAL = { gate: { preset: 'jira-issue' } };
const JIRA = { kind: 'jira', url: 'https://acme.atlassian.net' };

/** Paths of what is wrong with the source `desk`. */
const faultsOf = (desk: object) =>
  (configurationSchema.safeParse({ name: 'unit', tenants: {}, sources: { desk } }).error?.issues ?? []).map(
    ({ path }) => path.join('.'),
  );

describe('the address of a ticket system', () => {
  it.each([
    ['https://acme.atlassian.net', true],
    ['https://acme.example:8443/it', true],
    ['http://127.0.0.1:9000', true],
    ['http://[::1]:9000', true],
    ['http://localhost:9000', true],
    ['http://acme.atlassian.net', false],
    ['https://desk@acme.example', false],
    ['https://:secret@acme.example', false],
    ['https://acme.example?a=1', false],
    ['https://acme.example#top', false],
    ['ftp://acme.example', false],
    ['acme.example', false],
  ])('%s: accepted is %s', (url, isAccepted) => {
    const { error } = ticketsSchema.safeParse({ ...JIRA, url });
    const said = error?.issues.map(({ message }) => message) ?? [];
    expect(said).toEqual(isAccepted ? [] : [expect.stringContaining('such as https://acme.service-now.com')]);
  });
});

it.each([
  ['[A-Z]+-\\d+', true],
  ['OPS-1|OPS-2', true],
  ['[A-Z', false],
  // Only with the flag that the pattern is used with.
  ['\\_', false],
])('the pattern %s for ids: accepted is %s', (idPattern, isAccepted) => {
  expect(ticketsSchema.safeParse({ ...JIRA, idPattern }).success).toBe(isAccepted);
});

it.each([
  [{ ...JIRA, readSecret: true }, 'read-secret'],
  [JIRA, 'one-secret'],
  [{ kind: 'webhook', url: 'https://tool.example' }, 'none'],
])('what only reads tickets of %o has %s', (tickets, access) => {
  expect(ticketAccess(ticketsSchema.parse(tickets))).toBe(access);
});

it('every secret of a source has a name of its own', () => {
  expect([
    secretNames.tickets('unit', 'desk'),
    secretNames.ticketsRead('unit', 'desk'),
    secretNames.catalog('unit', 'desk'),
  ]).toEqual(['unit/tickets/desk', 'unit/tickets-read/desk', 'unit/catalog/desk']);
});

describe('a source of tickets', () => {
  it.each<[string, object, string[]]>([
    ['mapping and approval', { mapping: MAPPING, approval: APPROVAL }, []],
    ['neither: it sends changes', {}, []],
    ['a mapping alone', { mapping: MAPPING }, ['sources.desk.approval']],
    ['an approval alone', { approval: APPROVAL }, ['sources.desk.mapping']],
    ['a gate that says nothing', { mapping: MAPPING, approval: { gate: {} } }, ['sources.desk.approval.gate']],
    [
      'a gate that does not say where the ticket is',
      { mapping: MAPPING, approval: { gate: { approved: [{ field: 'ok', oneOf: ['true'] }] } } },
      ['sources.desk.approval.gate'],
    ],
    [
      'a gate that does not say what is approved',
      { mapping: MAPPING, approval: { gate: { ticket: 'id' } } },
      ['sources.desk.approval.gate'],
    ],
  ])('with %s', (_, desk, paths) => {
    expect(faultsOf({ system: 'Desk', tickets: JIRA, ...desk })).toEqual(paths);
  });
});
