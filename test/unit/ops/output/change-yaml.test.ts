import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { changeYaml } from '../../../../functions/ops/output/change-yaml.ts';
import type { GeneratedChange } from '../../../../shared/domain/drift/resolve/number-changes.ts';

const CHANGE: GeneratedChange = {
  schemaVersion: 1,
  idempotencyKey: 'CHG7/accept-0a1b',
  tenant: 'acme-prod',
  action: 'accept',
  group: { id: '216196257331370001' },
  state: {
    description: 'two\nlines: "quoted" # no comment',
    applications: { has: [{ id: '216196257331380017' }, { id: '2' }] },
  },
};

it('spells out what a terminal would obey, and reads back as the same text', () => {
  const description =
    'tab\t, \u202Ebidi, \u{E0001}tag, \u001B[2J, a line\nand another one that is quite long, longer than the rest';
  const change = { ...CHANGE, state: { name: 'plain', description } };
  const text = changeYaml(change, new Map());
  expect(parse(text)).toEqual(change);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('name: plain\n');
});

it('reads back a text of blanks and line breaks alone', () => {
  const change = { ...CHANGE, state: { name: ' ', description: ' \n' } };
  expect(parse(changeYaml(change, new Map()))).toEqual(change);
});

it('states a list that stands twice in it twice', () => {
  const hasNot = [{ id: '3' }];
  const text = changeYaml({ ...CHANGE, state: { applications: { has: hasNot, hasNot } } }, new Map());
  expect(text.match(/- { id: "3" }/g)).toHaveLength(2);
  expect(text).not.toContain('*');
});

it('writes a change as YAML that reads back as the same change, with names as comments', () => {
  const names = new Map([
    ['216196257331380017', 'wiki\n- id: "666" # \u202Enow'],
    ['216196257331370001', 'Finance'],
  ]);
  const text = changeYaml(CHANGE, names);
  expect(parse(text)).toEqual(CHANGE);
  expect(text.split('\n').filter((line) => line.includes('{ id:'))).toEqual([
    'group: { id: "216196257331370001" } # Finance',
    '      - { id: "216196257331380017" } # wiki\\u{A}- id: "666" # \\u{202E}now',
    '      - { id: "2" }',
  ]);
});
