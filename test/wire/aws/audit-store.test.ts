import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditReader, createAuditWriter } from '../../../shared/aws/audit-store.ts';
import { type LocalAws, openLocalAws } from './local.ts';

let local: LocalAws;
beforeAll(async () => {
  local = await openLocalAws();
});
afterAll(() => local.aws.close());

const bucket = () => ({ env: local.env, bucket: local.env.AUDIT_BUCKET });
const put = (key: string, text = key) => createAuditWriter(bucket()).put(key, text);
async function keysOf(prefix: string, from: string, to: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of createAuditReader(bucket()).keys(prefix, { from, to })) keys.push(key);
  return keys;
}

describe('the audit bucket', () => {
  it('takes a line once and never replaces it', async () => {
    expect(await put('outcomes/2026-11-29/a.json', 'first')).toBe('written');
    expect(await put('outcomes/2026-11-29/a.json', 'second')).toBe('present');
    expect(await createAuditReader(bucket()).read('outcomes/2026-11-29/a.json')).toBe('first');
  });

  it('takes one of the lines that are written under a key at the same moment', async () => {
    const writes = await Promise.all(['x', 'y', 'z'].map((text) => put('outcomes/2026-11-29/b.json', text)));
    expect(writes.toSorted()).toEqual(['present', 'present', 'written']);
  });

  it('says that there is none where there is none', async () => {
    expect(await createAuditReader(bucket()).read('outcomes/2026-11-29/none.json')).toBeUndefined();
  });

  it('lists the days of a period, both ends included, over several pages, and nothing else', async () => {
    const days = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01'];
    for (const day of days) await put(`outcomes/${day}/lane/one.json`);
    await put('acts/2026-02-01/one.json');
    const many = Array.from(
      { length: 1001 },
      (_, index) => `outcomes/2026-02-14/${String(index).padStart(4, '0')}.json`,
    );
    for (let start = 0; start < many.length; start += 50)
      await Promise.all(many.slice(start, start + 50).map((key) => put(key)));
    expect(await keysOf('outcomes/', '2026-02-01', '2026-02-28')).toEqual([
      'outcomes/2026-02-01/lane/one.json',
      ...many,
      'outcomes/2026-02-28/lane/one.json',
    ]);
  });

  it('fails with a code of its own where S3 does', async () => {
    await expect(createAuditWriter({ ...bucket(), bucket: 'elsewhere' }).put('outcomes/x', 'y')).rejects.toMatchObject({
      code: 'audit-failed',
    });
  });
});
