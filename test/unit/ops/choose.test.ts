import { expect, it } from 'vitest';
import { chooseTenant } from '../../../functions/ops/session/choose.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';

it('no tenant is chosen where the settings have none, and none of several', () => {
  const configured = (...names: string[]) =>
    ({ tenants: Object.fromEntries(names.map((name) => [name, {}])) }) as unknown as Configuration;
  expect(() => chooseTenant(configured(), undefined)).toThrow('The settings have no tenant.');
  expect(() => chooseTenant(configured(), 'acme')).toThrow('The settings have no tenant.');
  expect(() => chooseTenant(configured('acme', 'globex'), undefined)).toThrow('Several tenants are configured.');
  expect(chooseTenant(configured('acme'), undefined)).toBe('acme');
});
