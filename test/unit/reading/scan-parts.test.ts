import { expect, it } from 'vitest';
import { createProcessScanParts } from '../../../shared/reading/rules/scan-parts.ts';
import { describeScanParts } from '../../contract/scan-parts.contract.ts';

describeScanParts('parts of scans in a process', createProcessScanParts);

it('a process forgets parts that nobody needs any more', async () => {
  const parts = createProcessScanParts();
  const write = (id: string, at: number) =>
    parts.write({ lane: 'A:1', id }, { microtenantId: '0', at, readings: 1, list: undefined }, at + 10);
  await write('old', 0);
  await write('new', 11);
  expect(await parts.read({ lane: 'A:1', id: 'old' }, '0')).toBeUndefined();
  expect(await parts.read({ lane: 'A:1', id: 'new' }, '0')).toMatchObject({ at: 11 });
});
