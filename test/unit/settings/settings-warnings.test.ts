import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../shared/domain/configuration/configuration.ts';
import { settingsWarnings } from '../../../shared/settings/settings-warnings.ts';

const warningsOf = (one: object, other: object) => {
  const tenant = { customerId: '1', vanity: 'acme' };
  return settingsWarnings(
    settingsSchema.parse({ tenants: { a: { ...tenant, ...one }, b: { ...tenant, ...other } }, sources: {} }),
  );
};
const guards = { protectedGroups: [{ groups: ['PCI *'] }] };
const freezes = [{ from: '2026-12-20T00:00:00Z', until: '2027-01-02T00:00:00Z' }];

describe('two tenants of one ZPA customer', () => {
  it('are warned of where what one forbids is permitted through the other', () => {
    expect(warningsOf({ guards, freezes }, {})).toEqual([
      'Tenants "a" and "b" write to the same microtenant of one ZPA customer and differ in guards and freezes: what one forbids, a change for the other may do. State the same for both.',
    ]);
    expect(warningsOf({ mode: 'paused' }, {})).toEqual([expect.stringContaining('customer and differ in mode: ')]);
  });

  it.each([
    ['say the same', { guards, freezes }, { guards, freezes }],
    ['have microtenants of their own', { guards, microtenants: { berlin: '5' } }, { microtenants: { paris: '6' } }],
    ['are of two customers', { guards }, { customerId: '2' }],
    ['are of two clouds', { guards }, { cloud: 'BETA' }],
  ])('are not where they %s', (_, one, other) => expect(warningsOf(one, other)).toEqual([]));

  it('share the Default microtenant where one of them names none', () => {
    expect(warningsOf({ guards, microtenants: { default: '0' } }, {})).toHaveLength(1);
  });
});
