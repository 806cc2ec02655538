import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';

describe('two sources of tickets', () => {
  const jira = (tickets: object = {}, over: object = {}) => ({
    system: 'Jira',
    mapping: { preset: 'jira-issue' },
    approval: { gate: { preset: 'jira-issue' } },
    tickets: { kind: 'jira', url: 'https://acme.atlassian.net', ...tickets },
    ...over,
  });
  const servicenow = (tickets: object = {}) => ({
    system: 'ServiceNow',
    mapping: { preset: 'servicenow-change' },
    approval: { gate: { preset: 'servicenow-change' } },
    tickets: { kind: 'servicenow', url: 'https://acme.service-now.com', ...tickets },
  });
  const PATH = 'https://acme.service-now.com/it/sub';
  const DOTTED = 'HTTPS://Acme.Service-Now.com.';
  const both = { CHG: { table: 'change_request' }, RITM: { table: 'sc_req_item' } };
  const changes = { CHG: { table: 'change_request' } };
  const tool = (system: string, trustPayload = true) => ({
    system,
    mapping: { preset: 'flat-json' },
    approval: {
      gate: { ticket: 'id', approved: [{ field: 'ok', oneOf: ['true'] }] },
      ...(trustPayload ? { trustPayload, granted: { ref: 'a', by: 'b' } } : {}),
    },
  });
  const told = (system: string) => ({ ...tool(system), tickets: { kind: 'webhook', url: 'https://tool.example' } });
  const faults = (first: object, second: object) =>
    (configurationSchema.safeParse({ name: 'unit', tenants: {}, sources: { first, second } }).error?.issues ?? []).map(
      ({ code, path, message }) => ({ code, path, message }),
    );

  it.each([
    ['one Jira', jira(), jira(), 'tickets'],
    ['one Jira by two spellings', jira(), jira({ url: 'https://ACME.atlassian.net:443/' }), 'tickets'],
    ['one Jira under its full name with dots', jira(), jira({ url: 'https://acme.atlassian.net..' }), 'tickets'],
    ['one Jira under its full name with a dot', jira(), jira({ url: 'https://acme.atlassian.net.:443' }), 'tickets'],
    ['one path by two spellings', servicenow({ url: PATH }), servicenow({ url: `${DOTTED}//it///sub//` }), 'tickets'],
    ['one project', jira({ projects: ['ZPA', 'OPS'] }), jira({ projects: ['OPS'] }), 'tickets'],
    ['one project of all', jira(), jira({ projects: ['OPS'] }), 'tickets'],
    ['one table', servicenow(), servicenow({ tables: changes }), 'tickets'],
    ['one of two tables', servicenow({ tables: both }), servicenow({ tables: changes }), 'tickets'],
    [
      'a table and the one that it extends',
      servicenow(),
      servicenow({ tables: { CHG: { table: 'task' } } }),
      'tickets',
    ],
    ['one tool whose word counts', tool('Tool'), tool(' tool'), 'system'],
    ['one tool of two spellings', tool('tool '), tool('Tool'), 'system'],
    ['one tool that is only written to', told('Tool'), tool('Tool'), 'system'],
    ['a system that is read back and trusted', jira(), tool('Jira'), 'system'],
  ])('of %s are refused, naming both', (_, first, second, field) => {
    expect(faults(first, second)).toEqual([
      { code: 'custom', path: ['sources', 'second', field], message: expect.stringContaining('source "first"') },
    ]);
  });

  it.each([
    ['two addresses', jira(), jira({ url: 'https://beta.atlassian.net' })],
    ['projects of their own', jira({ projects: ['ZPA'] }), jira({ projects: ['OPS'] })],
    [
      'tables of their own',
      servicenow({ tables: { RITM: { table: 'sc_req_item' } } }),
      servicenow({ tables: changes }),
    ],
    [
      'letters of their own in the table of all tasks',
      servicenow({ tables: { RITM: { table: 'task' } } }),
      servicenow({ tables: { CHG: { table: 'task' } } }),
    ],
    ['ServiceNow and Jira at one address', jira(), servicenow({ url: 'https://acme.atlassian.net' })],
    ['two paths', servicenow({ url: PATH }), servicenow({ url: `${PATH}/two` })],
    ['a tool that is written to, and a system that is read back', told('Tool'), jira()],
    ['tools of their own', tool('One'), tool('Two')],
    ['one that only gets plans', jira(), tool('Jira', false)],
    ['one that sends changes', jira(), { system: 'Jira' }],
  ])('are accepted with %s', (_, first, second) => {
    expect(faults(first, second)).toEqual([]);
  });
});
