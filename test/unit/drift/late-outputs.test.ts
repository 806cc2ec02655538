import { expect, it } from 'vitest';
import { createLateOutputs } from '../../../functions/drift/late-outputs.ts';
import { createMemoryCatalogs } from '../../fakes/memory-catalogs.ts';
import { createMemoryReports } from '../../fakes/memory-reports.ts';

const catalog = { schemaVersion: 1 as const, tenant: 'acme-prod', asOf: 1, groups: [], applications: [] };

it('opens bucket and topic with their first use, once, and again after an opening that failed', async () => {
  let opened = 0;
  const [reports, catalogs, subjects] = [createMemoryReports(), createMemoryCatalogs(), [] as string[]];
  const outputs = createLateOutputs(async () => {
    opened += 1;
    if (opened === 1) throw new Error('the file could not be read');
    return {
      ...{ reports, catalogs },
      latest: { read: async (key) => reports.reports.get(key)?.body },
      topic: { publish: async (subject) => void subjects.push(subject) },
    };
  });
  expect(opened).toBe(0);

  await expect(outputs.latest.read('latest.json')).rejects.toThrow('the file could not be read');
  expect(await outputs.latest.read('latest.json')).toBeUndefined();
  await outputs.reports.put('latest.json', '{}', 'application/json');
  await outputs.topic.publish('Drift', 'none', {});
  await outputs.catalogs.put(catalog);
  expect(await outputs.latest.read('latest.json')).toBe('{}');
  expect(await catalogs.read('acme-prod')).toEqual(catalog);
  expect(subjects).toEqual(['Drift']);
  expect(opened).toBe(2);
});
