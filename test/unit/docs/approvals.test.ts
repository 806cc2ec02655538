import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GATE_NAMES } from '../../../shared/domain/approval/gate-presets.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/approvals.md'), 'utf8');
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((match): unknown => JSON.parse(match[1] ?? ''));

const reading = (source: object) => () =>
  configurationSchema.parse({ name: 'docs', tenants: {}, sources: { here: { system: 'here', ...source } } });

describe('docs/approvals.md', () => {
  it('holds a source that can be configured as it stands, and an approval of one that is not read back', () => {
    const [source, approval] = blocks;
    expect(blocks).toHaveLength(2);
    expect(reading({ ...(source as object) })).not.toThrow();
    expect(reading({ mapping: { preset: 'flat-json' }, approval })).not.toThrow();
  });

  it('describes every preset and every reason', () => {
    const reasons = ['no-approval', 'requester-unknown', 'self-approved', 'history-unknown', 'approval-stale'];
    for (const name of [
      ...GATE_NAMES,
      ...reasons,
      'approval-in-future',
      'not-planned',
      'approval-spent',
      'newer-approval',
      'plan-requested',
    ]) {
      expect(page).toContain(`\`${name}\``);
    }
  });

  it('names tests that exist, in the file before them', () => {
    const [, table = ''] = page.split('## Ways without');
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| way '));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      let file = 'test/unit/ingest/without-approval.test.ts';
      const named = [...(row.split(' | ')[2] ?? '').matchAll(/`(test\/[\w/.-]+)`|\*([^*]+)\*/g)];
      expect(named).not.toEqual([]);
      for (const [, path, title] of named) {
        if (path !== undefined) file = path;
        else expect(readFileSync(join(root, file), 'utf8')).toContain(`'${title}'`);
      }
    }
  });
});
