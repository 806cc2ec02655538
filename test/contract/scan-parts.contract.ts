import { expect, it } from 'vitest';
import type { RuleList } from '../../shared/domain/group/policy-rule.ts';
import type { ScanPartStore } from '../../shared/reading/rules/scan-parts.ts';
import { aRule } from '../fakes/rules.ts';

/** The promises to the reader of rules, of the process and of the table; `open` answers where nothing was written yet. */
export function describeScanParts(name: string, open: () => ScanPartStore): void {
  it(`${name}: none at first, then what was written last for lane, deletion and microtenant`, async () => {
    const parts = open();
    const deletion = { lane: 'BETA:1', id: 'desk#acme#T/1#2 1' };
    const list: RuleList = {
      rules: [aRule({ groupIds: ['1'] }, { ruleName: 'Zürich' })],
      scanned: ['ACCESS_POLICY'],
      skipped: [{ policyType: 'USER_PORTAL', reason: 'not bought' }],
    };
    expect(await parts.read(deletion, '0')).toBeUndefined();
    await parts.write(deletion, { microtenantId: '0', at: 5, readings: 1, list: undefined }, 9);
    expect(await parts.read(deletion, '0')).toEqual({ microtenantId: '0', at: 5, readings: 1, list: undefined });
    const part = { microtenantId: '0', at: 7, readings: 2, list };
    await parts.write(deletion, part, 9);
    expect(await parts.read(deletion, '0')).toEqual(part);
    expect(await parts.read(deletion, '7')).toBeUndefined();
    expect(await parts.read({ ...deletion, lane: 'BETA:2' }, '0')).toBeUndefined();
    expect(await parts.read({ ...deletion, id: 'desk#acme#T/1#2 2' }, '0')).toBeUndefined();
  });
}
