import { expect, it } from 'vitest';
import { readChanges } from '../../../shared/accept/changes/read-changes.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { rawUpdate } from '../domain/sample-changes.ts';

const configuration = configurationSchema.parse({
  name: 'test',
  tenants: { 'acme-prod': { customerId: '216196257331281920', vanity: 'acme' } },
  sources: { hooks: { system: 'hooks' } },
});
const { hooks } = configuration.sources;
if (hooks === undefined) throw new Error('it is configured above');

it('a delivery is read only until its answer has as many faults as it lists', () => {
  const read = new Set<number>();
  const wrong = { applications: { add: Array.from({ length: 900 }, () => ({ wrong: 1 })) } };
  const changes = Array.from({ length: 100 }, (_, index) => {
    const get = () => {
      read.add(index);
      return 1;
    };
    return Object.defineProperty({ ...rawUpdate(wrong) }, 'schemaVersion', { enumerable: true, get });
  });
  const result = readChanges(configuration, 'hooks', hooks, { changes });
  const answer = 'refusal' in result ? JSON.parse(result.refusal.body) : undefined;
  expect(answer.errors).toHaveLength(100);
  expect(answer.detail).toBe(
    'More than 100 faults; no change of this delivery was accepted. The first 100 are listed.',
  );
  expect([...read]).toEqual([0, 1, 2]);
});
