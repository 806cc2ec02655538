import { describe, expect, it } from 'vitest';
import { judgeSecrets } from '../../../functions/ops/commands/secrets/judge-secrets.ts';
import type { SecretEntry } from '../../../shared/aws/secret-store.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { neededSecrets } from '../../../shared/domain/configuration/needed-secrets.ts';

const NOW = Date.UTC(2026, 10, 29);
const DAY_MS = 24 * 60 * 60 * 1000;
const AGE = { now: NOW, maxAgeMs: 90 * DAY_MS };

const tickets = { kind: 'servicenow', url: 'https://acme.service-now.com' };
const needed = neededSecrets(
  configurationSchema.parse({
    name: 'here',
    tenants: { acme: { customerId: '1', vanity: 'acme' } },
    sources: {
      desk: { system: 'Desk', tickets, catalog: true },
      hook: { system: 'Hook', tickets: { kind: 'webhook', url: 'https://hook.example' } },
    },
  }),
);

const entry = (name: string, over: Partial<SecretEntry> = {}): SecretEntry => ({
  ...{ name, changedAt: NOW - DAY_MS, state: 'value', isRotating: false, version: 'v' },
  ...over,
});

describe('the secrets that settings need', () => {
  it('are those of the documented names, and of webhooks none to read with', () => {
    expect(needed.map(({ name }) => name)).toEqual([
      'here/zpa/acme/write',
      'here/zpa/acme/read',
      'here/source/desk',
      'here/tickets/desk',
      'here/tickets-read/desk',
      'here/catalog/desk',
      'here/source/hook',
      'here/tickets/hook',
      'here/status',
    ]);
  });
});

describe('a secret', () => {
  const [write] = needed;
  const judged = (over?: Partial<SecretEntry>) => {
    const one = needed.slice(0, 1);
    return judgeSecrets(one, over === undefined ? [] : [entry(write?.name ?? '', over)], AGE)[0];
  };

  it.each([
    ['is there', {}, 'present', false],
    ['is as old as permitted', { changedAt: NOW - 90 * DAY_MS }, 'present', false],
    ['is older', { changedAt: NOW - 90 * DAY_MS - 1 }, 'stale', true],
    ['has two live values', { isRotating: true }, 'rotating', false],
    ['has had two live values for too long', { isRotating: true, changedAt: 0 }, 'stale', true],
    ['never got a value', { state: 'empty' }, 'empty', true],
    ['is to be deleted', { state: 'deleted' }, 'to-be-deleted', true],
    ['is not there', undefined, 'missing', true],
  ] as const)('that is needed: %s', (_, over, state, isProblem) => {
    expect(judged(over)).toMatchObject({ state, isProblem, neededBy: 'tenant acme' });
  });

  it.each([
    ['is unused', {}, 'unused', true],
    ['is unused, however old', { changedAt: 0 }, 'unused', true],
    ['is on its way out', { state: 'deleted' }, 'to-be-deleted', false],
  ] as const)('that nothing needs %s', (_, over, state, isProblem) => {
    expect(judgeSecrets([], [entry('here/zpa/gone/read', over)], AGE)).toMatchObject([{ state, isProblem }]);
  });
});
