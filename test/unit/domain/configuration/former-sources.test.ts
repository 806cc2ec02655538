import { describe, expect, it } from 'vitest';
import { formerSources } from '../../../../shared/domain/configuration/former-sources.ts';
import type { TicketSettings } from '../../../../shared/domain/configuration/shared-ticket-systems.ts';
import { ticketsSchema } from '../../../../shared/domain/configuration/tickets-schema.ts';

const URL = 'https://acme.example';
const jira = (...projects: string[]): TicketSettings => ({
  system: 'Jira',
  tickets: ticketsSchema.parse({ kind: 'jira', url: URL, projects }),
});
const servicenow = (...letters: string[]): TicketSettings => ({
  system: 'ServiceNow',
  tickets: ticketsSchema.parse({
    ...{ kind: 'servicenow', url: URL },
    tables: Object.fromEntries(letters.map((one) => [one, { table: one.toLowerCase() }])),
  }),
});
const tool: TicketSettings = { system: 'Tool', tickets: ticketsSchema.parse({ kind: 'webhook', url: URL }) };
const elsewhere = (one: TicketSettings): TicketSettings => ({
  ...one,
  ...(one.tickets && { tickets: { ...one.tickets, url: 'https://other.example' } }),
});

/** Names of the source `desk` and of one before it, which was of `system`. */
const knownAs = (system: string) => [
  { source: 'desk', system },
  { source: 'before', system: 'Something else' },
  { source: 'before', system },
];

describe('a ticket may have been taken before by', () => {
  it.each<[string, Record<string, TicketSettings>, string, string]>([
    ['a source that had another name', { desk: jira() }, ' jira', 'OPS-1'],
    ['a source of changes that had another name', { desk: { system: 'Tool' } }, 'Tool', 'any'],
    ['a source that is told only', { desk: tool }, 'TOOL', '7'],
    ['one that is told only beside one that is read back', { desk: jira(), before: tool }, 'Jira', 'OPS-1'],
    ['one that is read back beside one that is told only', { desk: tool, before: jira() }, 'Tool', 'OPS-1'],
    ['the source that has other projects now', { desk: jira('OPS'), before: jira('ZPA') }, 'Other', 'OPS-11'],
    [
      'the source that has other tables now',
      { desk: servicenow('CHG'), before: servicenow('RITM') },
      'X',
      'CHG0031337',
    ],
  ])('%s', (_, sources, system, ticketId) => {
    expect(formerSources(sources, knownAs(system), { source: 'desk', ticketId })).toEqual(['before']);
  });
});

describe('a ticket was taken before by no', () => {
  it.each<[string, Record<string, TicketSettings>, string, string]>([
    ['other system', { desk: jira() }, 'ServiceNow', 'OPS-1'],
    ['source at another address', { desk: jira('OPS'), before: elsewhere(jira('ZPA')) }, 'Jira', 'OPS-1'],
    ['source that takes it now', { desk: jira('OPS'), before: jira('OPS', 'ZPA') }, 'Jira', 'OPS-1'],
    ['source that takes all now', { desk: jira('OPS'), before: jira() }, 'Jira', 'OPS-1'],
    ['source, where the project is not its own', { desk: jira('ZPA') }, 'Jira', 'OPS-1'],
    ['source, where the table is not its own', { desk: servicenow('CHG') }, 'ServiceNow', 'CHGX0031337'],
    ['source, where its number has no letters first', { desk: servicenow('CHG') }, 'ServiceNow', '1CHG'],
    ['source, where it is not configured', {}, 'Jira', 'OPS-1'],
  ])('%s', (_, sources, system, ticketId) => {
    expect(formerSources(sources, knownAs(system), { source: 'desk', ticketId })).toEqual([]);
  });
});
