import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mappingSchema } from '../../../shared/domain/mapping/mapping-schema.ts';
import { PRESETS } from '../../../shared/domain/mapping/presets/presets.ts';
import { PRESET_NAMES } from '../../../shared/domain/mapping/table/preset-names.ts';
import { TARGETS } from '../../../shared/domain/mapping/table/targets.ts';
import { changesOf } from '../domain/mapping/mapping-samples.ts';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/mapping.md', root), 'utf8');
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((match): unknown => JSON.parse(match[1] ?? ''));
const mappingOf = (block: unknown) => mappingSchema.parse(Object(block).mapping);

describe('docs/mapping.md', () => {
  it('every block can be pasted into a configuration', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    for (const block of blocks) expect(() => mappingOf(block)).not.toThrow();
  });

  it('names every preset, target and transform', () => {
    const transforms = [
      '"trim"',
      '"lines"',
      '"json"',
      '"rows"',
      '"yesNo"',
      '"jiraText"',
      '{"split"',
      '{"utc"',
      '{"lookup"',
      '{"columns"',
    ];
    const names = [...PRESET_NAMES, ...TARGETS].map((name) => `\`${name}\``);
    for (const name of [...names, ...transforms]) expect(page).toContain(name);
  });

  it('names every field that a preset reads of a form', () => {
    const shown = (path: string) =>
      page.includes(`\`${path.replace(/^(record\.variables\.|issue\.fields\.customfield_)/, '')}\``);
    const rows = (['servicenow-change', 'jira-issue'] as const).flatMap((name) =>
      Object.values(PRESETS[name].rows ?? {}),
    );
    const paths = rows.flatMap((row) => [row?.from ?? []].flat());
    const form = paths.filter((path) => /^(record\.variables\.|issue\.fields\.customfield_)/.test(path));
    expect(form.length).toBeGreaterThan(20);
    expect(form.filter((path) => !shown(path))).toEqual([]);
  });

  it('the business rule to paste sends what the ServiceNow presets read', () => {
    const rule = readFileSync(new URL('docs/servicenow/business-rule.js', root), 'utf8');
    // Of the form both, the variable and the column `u_…`, are made from one name.
    const named = (column: string) => rule.includes(`'${column.replace(/^u_/, '')}'`) || rule.includes(`.${column}'`);
    const sent = (path: string) =>
      path
        .split('.')
        .slice(1)
        .every((one) => one === 'variables' || named(one));
    const tables = PRESET_NAMES.filter((name) => name.startsWith('servicenow')).map((name) => PRESETS[name]);
    const rows = tables.flatMap(({ rows: all, each }) => [...Object.values(all ?? {}), each]);
    const read = rows.map((row) => [row?.from ?? []].flat().filter((path) => path.startsWith('record.')));
    expect(read.flat()).toEqual(expect.arrayContaining(['record.variables.zpa_changes', 'record.planned_end_date']));
    expect(read.filter((paths) => paths.length > 0 && !paths.some(sent))).toEqual([]);
    expect(read.flat().filter((path) => path.includes('zpa_') && !sent(path))).toEqual([]);
  });

  it('its example of lines is read as it says', async () => {
    const [lines = ''] = /```\n(Add applications;[\s\S]*?)```/.exec(page)?.slice(1) ?? [];
    const record = { number: 'CHG0031499', variables: { zpa_tenant: 'acme-prod', zpa_changes: lines } };
    expect(await changesOf({ preset: 'servicenow-change' }, { record })).toMatchObject([
      { group: { name: 'Web Apps' }, applications: { add: [{ name: 'Wiki' }, { name: 'Intranet' }] } },
      { group: { name: 'Staging Apps' }, set: { name: 'Acceptance Apps' } },
      { action: 'delete', group: { name: 'Old Apps' }, moveApplicationsTo: { name: 'Web Apps' } },
    ]);
  });

  it('its payloads to begin with are there', () => {
    expect(readdirSync(new URL('local/samples/payloads', root)).length).toBeGreaterThanOrEqual(6);
  });
});
