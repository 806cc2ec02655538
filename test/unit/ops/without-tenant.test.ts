import { describe, expect, it } from 'vitest';
import { withoutGrants, withoutTenant } from '../../../functions/ops/commands/tenants/without-tenant.ts';

const SETTINGS = {
  tenants: { acme: { customerId: '1', vanity: 'acme' }, globex: { customerId: '2', vanity: 'globex', mode: 'paused' } },
  sources: {
    both: { system: 'Both', grants: [{ tenants: ['acme', 'globex'], actions: ['update'], groups: ['*'] }] },
    one: {
      system: 'One',
      grants: [
        { tenants: ['globex'], actions: ['update'], groups: ['*'] },
        { tenants: ['acme'], actions: ['delete'], groups: ['Web*'] },
      ],
    },
    none: { system: 'None', mapping: { preset: 'flat-json' } },
  },
};

const EDITED = {
  both: { system: 'Both', grants: [{ tenants: ['acme'], actions: ['update'], groups: ['*'] }] },
  one: { system: 'One', grants: [{ tenants: ['acme'], actions: ['delete'], groups: ['Web*'] }] },
  none: SETTINGS.sources.none,
};

describe('settings without a tenant', () => {
  const text = JSON.stringify(SETTINGS);

  it('grant nothing in it, and leave all else as it was written', () => {
    expect(JSON.parse(withoutGrants(text, 'globex'))).toEqual({ tenants: SETTINGS.tenants, sources: EDITED });
  });

  it('do not have it', () => {
    expect(JSON.parse(withoutTenant(text, 'globex'))).toEqual({
      tenants: { acme: SETTINGS.tenants.acme },
      sources: EDITED,
    });
  });

  it('stay as they were written where the tenant was never named', () => {
    expect(JSON.parse(withoutTenant(text, 'umbrella'))).toEqual(SETTINGS);
  });
});
