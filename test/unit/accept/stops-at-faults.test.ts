import { expect, it } from 'vitest';
import { readCancellations } from '../../../functions/ingest/read-cancellations.ts';
import { readChanges } from '../../../shared/accept/changes/read-changes.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
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
  let looks = 0;
  const reference = () => ({
    get id() {
      looks += 1;
      return 1;
    },
  });
  const wrong = { applications: { add: Array.from({ length: 900 }, reference) } };
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
    'At least 1800 faults; no change of this delivery was accepted. The first 100 are listed. Not read: 98 more changes.',
  );
  expect([...read]).toEqual([0, 1]);
  // Each reference is looked at for its bounds and for its kind; only those that are told are described.
  expect(looks).toBeLessThan(4000);
});

it('what is left out of a change is counted, and what is right beside it is no fault', () => {
  const add = [...Array.from({ length: 60 }, () => ({})), { id: '1' }, ...Array.from({ length: 7 }, () => 1)];
  const remove = [{ name: 'Wiki' }, 'wrong'];
  const parsed = parseChange({ ...rawUpdate({ applications: { add, remove } }) });
  expect(parsed.ok ? [] : [parsed.faults.length, parsed.left]).toEqual([50, 18]);
  const few = parseChange(rawUpdate({ applications: { add: add.slice(0, 3), remove } }));
  expect(few.ok ? [] : [few.faults.map(({ path }) => path), few.left]).toEqual([
    ['applications.add[0]', 'applications.add[1]', 'applications.add[2]', 'applications.remove[1]'],
    0,
  ]);
});

it('a delivery of cancellations is read only until its answer has as many faults as it lists', () => {
  const unknown = () => Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`field${n}`, 1]));
  const read = readCancellations({ cancel: Array.from({ length: 100 }, unknown) });
  const answer = 'refusal' in read ? JSON.parse(read.refusal.body) : undefined;
  expect(answer.errors).toHaveLength(100);
  expect(answer.detail).toBe('100 or more faults; nothing was cancelled.');
});
