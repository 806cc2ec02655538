import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { microtenantIdOf, permitFor } from '../../../../shared/domain/decide/permit.ts';
import { parsed, rawUpdate } from '../sample-changes.ts';

const tenant = { customerId: '72057594037927936', vanity: 'acme' };
const configuration = configurationSchema.parse({
  name: 'unit',
  tenants: {
    plain: tenant,
    one: { ...tenant, microtenants: { berlin: '77' } },
    two: { ...tenant, microtenants: { berlin: '77', paris: '78' } },
  },
  sources: { desk: { system: 'Desk', grants: [{ tenants: ['plain'], actions: ['update'], groups: ['Web*'] }] } },
});
const change = (over: Record<string, unknown> = {}) =>
  parsed(rawUpdate({ tenant: 'plain', group: { id: '7' }, set: { enabled: true }, ...over }));

describe('what the worker asks before it decides', () => {
  const permit = (source: string, groupName: string) =>
    permitFor(
      configuration,
      source,
      change(),
    )({ groupNames: [groupName], applicationNames: [], unnamedApplications: [] });

  it('is whether the grants of the source cover what the names led to', () => {
    expect(permit('desk', 'Web Apps')).toBeUndefined();
    expect(permit('desk', 'Finance')).toMatchObject({
      kind: 'rejected',
      code: 'not-permitted',
      sentence: 'This source may not touch a segment group outside its grants.',
      remedy: expect.stringContaining('grant'),
      withheld: [{ group: 'Finance' }],
    });
  });

  it('is told with the name of a group that the change itself names, and with no other', () => {
    const named = change({ group: { name: 'Finance' } });
    const resolved = { groupNames: ['Finance'], applicationNames: [], unnamedApplications: [] };
    const refused = permitFor(configuration, 'desk', named)(resolved);
    expect(refused?.sentence).toBe('This source may not touch segment group "Finance".');
    expect(refused).not.toHaveProperty('withheld');
  });

  it('is refused for a source that is not configured any more', () => {
    expect(permit('gone', 'Web Apps')).toMatchObject({
      code: 'not-permitted',
      sentence: expect.stringContaining('"gone"'),
    });
  });
});

describe('the microtenant of a change', () => {
  const idOf = (name: string, microtenant?: string) =>
    microtenantIdOf(configuration, change({ tenant: name, ...(microtenant && { microtenant }) }));

  it('is the one it names, else the only one, else the default one', () => {
    expect([idOf('two', 'paris'), idOf('one'), idOf('plain')]).toEqual(['78', '77', '0']);
  });

  it('is not known where the configuration does not know tenant or microtenant, or the change names none of two', () => {
    expect([idOf('gone'), idOf('two', 'rome'), idOf('two')]).toEqual([undefined, undefined, undefined]);
  });
});
