import { describe, expect, it } from 'vitest';
import { changeFault, prefixFault, showPath } from '../../../../shared/domain/change/change-fault.ts';
import { configurationSchema, secretNames } from '../../../../shared/domain/configuration/configuration.ts';
import { configurationFaults } from '../../../../shared/domain/configuration/lookup.ts';
import { parsed, rawUpdate } from '../sample-changes.ts';

const tenant = { customerId: '72057594037927936', vanity: 'acme' };
const grant = { tenants: ['one'], actions: ['update'], groups: ['*'] };
const raw = {
  name: 'unit',
  tenants: { one: { ...tenant, microtenants: { berlin: '77', paris: '78' } }, plain: tenant, hidden: tenant },
  sources: { desk: { system: 'Desk', grants: [grant, { ...grant, tenants: ['plain'] }] }, bare: { system: 'Bare' } },
};
const configuration = configurationSchema.parse(raw);
const issuesOf = (over: Record<string, unknown>) =>
  (configurationSchema.safeParse({ ...raw, ...over }).error?.issues ?? []).map(({ code, path, message }) => ({
    code,
    path,
    message,
  }));

describe('a configuration', () => {
  it('names the OneAPI domain of a tenant, unless an endpoint is given or the legacy one is used', () => {
    const bare = { customerId: '72057594037927936' };
    const withTenant = (two: Record<string, unknown>) => issuesOf({ tenants: { ...raw.tenants, two } });
    expect(withTenant(bare)).toEqual([
      { code: 'custom', path: ['tenants', 'two', 'vanity'], message: expect.stringContaining('OneAPI') },
    ]);
    expect(withTenant({ ...bare, auth: 'legacy' })).toEqual([]);
    expect(withTenant({ ...bare, endpoint: 'http://127.0.0.1:9' })).toEqual([]);
  });

  it('lets drift open tickets where they can be filed only', () => {
    const url = 'https://a.example';
    const sources = {
      desk: { system: 'Desk' },
      snow: { system: 'ServiceNow', tickets: { kind: 'servicenow', url } },
      jira: { system: 'Jira', tickets: { kind: 'jira', url: 'https://b.example' } },
      any: { system: 'Any', tickets: { kind: 'webhook', url: 'https://c.example' } },
    };
    const faultsOf = (ticket: object) => {
      const drift = { ticket: { closed: { to: 'Done' }, ...ticket } };
      return issuesOf({ sources, tenants: { one: { ...tenant, drift } } }).map(({ path }) => path.slice(3).join('.'));
    };
    expect(faultsOf({ source: 'any' })).toEqual([]);
    expect(faultsOf({ source: 'desk' })).toEqual(['ticket.source']);
    expect(faultsOf({ source: 'gone' })).toEqual(['ticket.source']);
    expect(faultsOf({ source: 'snow' })).toEqual(['ticket.table']);
    expect(faultsOf({ source: 'snow', table: 'incident' })).toEqual(['ticket.table']);
    expect(faultsOf({ source: 'snow', table: 'change_request' })).toEqual([]);
    expect(faultsOf({ source: 'jira', fields: { project: { key: 'OPS' } } })).toEqual(['ticket.fields']);
    const fields = { project: { key: 'OPS' }, issuetype: { name: 'Task' } };
    expect(faultsOf({ source: 'jira', fields })).toEqual([]);
  });

  it('grants what is configured only', () => {
    const grants = [grant, { ...grant, tenants: ['one', 'gone', 'lost'] }];
    expect(issuesOf({ sources: { desk: { system: 'Desk', grants } } })).toEqual([
      {
        code: 'custom',
        path: ['sources', 'desk', 'grants', 1, 'tenants'],
        message: expect.stringContaining('gone, lost'),
      },
    ]);
  });

  it('has reads enough for what guards rules', () => {
    const guards = { rules: [{ rules: ['*'], response: 'refuse' }] };
    const budget = (reads: number) =>
      issuesOf({ tenants: { ...raw.tenants, one: { ...tenant, guards, budget: { reads } } } });
    expect(budget(12)).toEqual([]);
    expect(budget(11)).toMatchObject([{ code: 'custom', path: ['tenants', 'one', 'budget', 'reads'] }]);
  });

  it('writes memberships through v2 unless a tenant is set to v1', () => {
    const withMembership = (membership: string) => ({ ...raw.tenants, plain: { ...tenant, membership } });
    expect(configuration.tenants.plain?.membership).toBe('v2');
    expect(configurationSchema.parse({ ...raw, tenants: withMembership('v1') }).tenants.plain?.membership).toBe('v1');
    expect(issuesOf({ tenants: withMembership('v3') })).toMatchObject([{ path: ['tenants', 'plain', 'membership'] }]);
  });

  it('gives its secrets names of their own', () => {
    expect([
      secretNames.zpa('unit', 'one', 'read'),
      secretNames.source('unit', 'desk'),
      secretNames.status('unit'),
    ]).toEqual(['unit/zpa/one/read', 'unit/source/desk', 'unit/status']);
  });
});

describe('a change that names what is configured', () => {
  const { desk, bare } = configuration.sources;
  const faults = (over: Record<string, unknown>, source = desk) => {
    if (source === undefined) throw new Error('desk is configured');
    return configurationFaults(configuration, source, parsed(rawUpdate({ set: { enabled: true }, ...over })));
  };

  it('has a microtenant where there are several, and none that is not', () => {
    expect(faults({ tenant: 'one', microtenant: 'paris' })).toEqual([]);
    expect(faults({ tenant: 'plain' })).toEqual([]);
    expect(faults({ tenant: 'one' })).toMatchObject([
      {
        code: 'invalid-change',
        path: 'microtenant',
        sentence: expect.stringContaining('is missing; tenant "one"'),
        remedy: 'Use one of: berlin, paris.',
      },
    ]);
    expect(faults({ tenant: 'one', microtenant: 'rome' })).toMatchObject([
      { path: 'microtenant', value: '"rome"', sentence: expect.stringContaining('not a microtenant of tenant "one"') },
    ]);
    expect(faults({ tenant: 'plain', microtenant: 'rome' })).toMatchObject([
      { remedy: expect.stringContaining('this tenant has none') },
    ]);
  });

  it('has a tenant; the source is told of those it has grants for', () => {
    expect(faults({ tenant: 'gone' })).toEqual([
      {
        code: 'invalid-change',
        path: 'tenant',
        value: '"gone"',
        sentence: '"tenant" is not a configured tenant.',
        remedy: 'Use one of: one, plain.',
      },
    ]);
    expect(faults({ tenant: 'gone' }, bare)).toMatchObject([{ remedy: expect.stringContaining('for a grant') }]);
    expect(faults({ tenant: 'hidden', microtenant: 'rome' })).toEqual([]);
    expect(faults({ tenant: 'constructor' })).toMatchObject([{ path: 'tenant' }]);
  });
});

describe('where a fault is', () => {
  const fault = (path: PropertyKey[], value?: unknown) =>
    changeFault('invalid-change', { path, value, says: 'is wrong', remedy: 'Mend it.' });

  it('is written as in code, odd names quoted and cut', () => {
    expect(showPath(['changes', 3, 'group', 'id'])).toBe('changes[3].group.id');
    expect(showPath(['a b', 'c'])).toBe('["a b"].c');
    expect(showPath(['1a', 'a!', 'x'.repeat(64)])).toBe(`["1a"]["a!"].${'x'.repeat(64)}`);
    expect(showPath(['x'.repeat(65)])).toBe(`["${'x'.repeat(65)}"]`);
    expect(showPath([])).toBe('');
  });

  it('is below the delivery that holds the change', () => {
    expect(prefixFault('', fault(['set', 'name']))).toEqual(fault(['set', 'name']));
    expect(prefixFault('changes[1]', fault(['set']))).toMatchObject({
      path: 'changes[1].set',
      sentence: '"changes[1].set" is wrong.',
    });
    expect(prefixFault('changes[1]', fault([]))).toMatchObject({
      path: 'changes[1]',
      sentence: '"changes[1]" is wrong.',
    });
    expect(prefixFault('changes[1]', fault(['a b']))).toMatchObject({ path: 'changes[1]["a b"]' });
    expect(prefixFault('changes[1]', { ...fault(['set']), sentence: 'All is wrong.' })).toMatchObject({
      sentence: '"changes[1].set": All is wrong.',
    });
  });

  it('shows what stands there, of a bounded length', () => {
    const shown = (value: unknown) => fault(['x'], value).value;
    expect([shown('a'), shown([1, 2]), shown({ a: 1 }), shown(null), shown(7), shown(true)]).toEqual([
      '"a"',
      'a list of 2',
      'an object',
      'null',
      '7',
      'true',
    ]);
    expect(shown(10n ** 100n)).toHaveLength(80);
    expect(fault(['x'])).not.toHaveProperty('value');
    expect(fault([], 1).sentence).toBe('The change is wrong.');
  });
});
