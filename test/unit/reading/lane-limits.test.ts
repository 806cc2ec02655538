import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { laneLimits } from '../../../shared/reading/lane-limits.ts';

const tenant = (customerId: string, budget?: { reads: number; writes: number }) => ({
  ...{ customerId, vanity: 'acme' },
  ...(budget !== undefined && { budget }),
});
const limitsOf = (tenants: Record<string, unknown>) =>
  laneLimits(configurationSchema.parse({ name: 'unit', tenants, sources: {} }), 'PRODUCTION:1', TIMING);

describe('the limits of a lane', () => {
  it('are the smallest of its tenants, less the reads kept back for others', () => {
    const tenants = {
      a: tenant('1'),
      b: tenant('1', { reads: 12, writes: 30 }),
      c: tenant('2', { reads: 5, writes: 1 }),
    };
    expect(limitsOf(tenants)).toEqual({ reads: 8, writes: 10, windowMs: TIMING.budgetWindowMs });
  });

  it('are none where no tenant is configured for it', () => {
    const none = { reads: 0, writes: 0, windowMs: TIMING.budgetWindowMs };
    expect(limitsOf({})).toEqual(none);
    expect(limitsOf({ other: tenant('2') })).toEqual(none);
  });
});
