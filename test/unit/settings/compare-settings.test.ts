import { describe, expect, it } from 'vitest';
import { compareSettings } from '../../../shared/settings/compare-settings.ts';

const grant = { tenants: ['acme'], actions: ['create'], groups: ['*'] };
const settings = {
  tenants: { acme: { customerId: '1', budget: { reads: 20 } } },
  sources: { desk: { system: 'Desk', grants: [grant] } },
};

describe('compareSettings', () => {
  it('finds nothing in the same settings, in whatever order they are written', () => {
    const { tenants, sources } = structuredClone(settings);
    const turned = { groups: ['*'], actions: ['create'], tenants: ['acme'] };
    expect(compareSettings(settings, { sources: { desk: { grants: [turned], system: 'Desk' } }, tenants })).toEqual([]);
    expect(compareSettings({ tenants, sources }, settings)).toEqual([]);
  });

  it('names what was added, changed and removed by its path', () => {
    const next = {
      tenants: { acme: { customerId: '1', budget: { reads: 40 }, membership: 'v1' }, globex: { customerId: '2' } },
      sources: {},
    };
    expect(compareSettings(settings, next)).toEqual([
      { path: 'tenants.acme.budget.reads', before: 20, after: 40 },
      { path: 'tenants.acme.membership', after: 'v1' },
      { path: 'tenants.globex', after: { customerId: '2' } },
      { path: 'sources.desk', before: settings.sources.desk },
    ]);
  });

  it('compares a list as a whole', () => {
    const both = { ...grant, actions: ['create', 'delete'] };
    expect(compareSettings({ grants: [grant] }, { grants: [both] })).toEqual([
      { path: 'grants', before: [grant], after: [both] },
    ]);
  });

  it('takes no inherited name for a field', () => {
    const added = { customerId: '1' };
    expect(compareSettings({}, { constructor: added })).toEqual([{ path: 'constructor', after: added }]);
  });
});
