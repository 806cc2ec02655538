import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { driftSettingsOf, nameWriter, patternOf } from '../../../../shared/domain/drift/drift-settings.ts';

const parse = (...tenants: object[]) => {
  const named = tenants.map((one, index) => [`t${index}`, { customerId: '1', auth: 'legacy', ...one }]);
  return Object.values(settingsSchema.parse({ tenants: Object.fromEntries(named), sources: {} }).tenants);
};
const settingsOf = (drift: object) => driftSettingsOf(parse({ drift }), '0');

describe('the pattern of a group', () => {
  it.each([
    ['Web Shop', 'owned'],
    ['Test Web', 'watched'],
    ['TF-Web', 'foreign'],
    ['Mail', 'none'],
    ['web shop', 'none'],
    ['R&amp;D', 'owned'],
  ])('of "%s" is %s', (name, pattern) => {
    const settings = settingsOf({ owned: ['Web*', 'R&D'], watched: ['Test*'], foreign: ['TF-*'] });
    expect(patternOf(settings, name)).toBe(pattern);
  });

  it('is the one that hides least, where several name it', () => {
    const all = { owned: ['A*'], watched: ['A*', 'B*'], foreign: ['*'] };
    expect(['Ax', 'Bx', 'Cx'].map((name) => patternOf(settingsOf(all), name))).toEqual(['owned', 'watched', 'foreign']);
  });

  it('is none without settings', () => {
    expect(patternOf(settingsOf({}), 'Web')).toBe('none');
  });
});

it('the settings of a group are those of all tenants that its microtenant is configured for', () => {
  const of = parse(
    { drift: { owned: ['All*'] } },
    { drift: { owned: ['Five*'] }, microtenants: { five: '5' } },
    { drift: { owned: ['Six*'] }, microtenants: { six: '6' } },
  );
  const owned = (microtenantId: string) =>
    ['All', 'Five', 'Six'].filter((name) => patternOf(driftSettingsOf(of, microtenantId), name) === 'owned');
  expect(['0', '5', '6'].map(owned)).toEqual([['All'], ['All', 'Five'], ['All', 'Six']]);
});

describe('a writer', () => {
  const { writers } = driftSettingsOf(
    parse(
      { writers: { '21': { name: 'Terraform', kind: 'terraform' } } },
      { writers: { '22': { name: 'Our client', kind: 'own' } }, microtenants: { five: '5' } },
    ),
    '0',
  );
  const seen = (id: string) => ({ id, of: 'group' as const, at: '2026-12-01T06:00:00.000Z' });

  it('has the name and kind of the settings of any tenant of the customer', () => {
    expect(nameWriter(writers, seen('21'), false)).toEqual({ ...seen('21'), name: 'Terraform', kind: 'terraform' });
  });

  it('is unknown where the settings do not name it', () => {
    expect(nameWriter(writers, seen('23'), false)).toEqual({ ...seen('23'), kind: 'unknown' });
    expect(nameWriter(writers, seen('constructor'), false)).toMatchObject({ kind: 'unknown' });
  });

  it('is this product only if the stamp fits its ledger: another may use its client', () => {
    expect(nameWriter(writers, seen('22'), false)).toEqual({ ...seen('22'), name: 'Our client', kind: 'unknown' });
    expect(nameWriter(writers, seen('22'), true)).toEqual({ ...seen('22'), name: 'Our client', kind: 'own' });
    expect(nameWriter(writers, seen('23'), true)).toEqual({ ...seen('23'), kind: 'own' });
  });
});
