import { describe, expect, it } from 'vitest';
import { parseChangeRecord } from '../../../../shared/aws/ledger/stored-change.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import { aChange, anUpdate } from '../../../fakes/records.ts';

describe('a change stored while the contract had dryRun', () => {
  it('is read as a change of today, which the worker does not refuse', () => {
    const stored = { ...aChange(), version: 1, change: { ...anUpdate(), dryRun: false } };
    expect(parseChangeRecord(stored).change).toEqual(anUpdate());
    expect(parseChange(parseChangeRecord(stored).change)).toMatchObject({ ok: true });
  });
});
