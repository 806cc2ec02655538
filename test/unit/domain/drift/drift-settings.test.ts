import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { laneDriftSettings, patternOf } from '../../../../shared/domain/drift/drift-settings.ts';

const LANE = 'PRODUCTION:1';
const parse = (...tenants: object[]) => {
  const named = tenants.map((one, index) => [`t${index}`, { customerId: '1', auth: 'legacy', ...one }]);
  return settingsSchema.parse({ tenants: Object.fromEntries(named), sources: {} }).tenants;
};
const patternFor = (name: string, microtenantId: string, ...tenants: object[]) =>
  laneDriftSettings(parse(...tenants), LANE).patternOf({ name, microtenantId });

describe('the pattern of a group', () => {
  it.each([
    ['Web Shop', 'owned'],
    ['Test Web', 'watched'],
    ['TF-Web', 'foreign'],
    ['Mail', 'none'],
    ['web shop', 'none'],
    ['R&amp;D', 'owned'],
  ])('of "%s" is %s', (name, pattern) => {
    const drift = { owned: ['Web*', 'R&D'], watched: ['Test*'], foreign: ['TF-*'] };
    expect(patternFor(name, '0', { drift })).toBe(pattern);
  });

  it('is the one that hides least, where several name it', () => {
    const drift = { owned: ['A*'], watched: ['A*', 'B*'], foreign: ['*'] };
    expect(['Ax', 'Bx', 'Cx'].map((name) => patternOf(drift, name))).toEqual(['owned', 'watched', 'foreign']);
  });

  it('is none without settings', () => {
    expect(patternFor('Web', '0', {})).toBe('none');
  });

  it('is of a tenant of its customer that its microtenant is configured for', () => {
    const tenants = [
      { drift: { owned: ['All*'] } },
      { drift: { owned: ['Five*'] }, microtenants: { five: '5' } },
      { drift: { owned: ['Six*'] }, microtenants: { six: '6' } },
      { drift: { owned: ['*'] }, customerId: '2' },
    ];
    const owned = (id: string) => ['All', 'Five', 'Six'].filter((name) => patternFor(name, id, ...tenants) === 'owned');
    expect(['0', '5', '6'].map(owned)).toEqual([['All'], ['All', 'Five'], ['All', 'Six']]);
  });
});

describe('a writer', () => {
  const settings = laneDriftSettings(
    parse(
      { writers: { '21': { name: 'Terraform', kind: 'terraform' } } },
      { writers: { '22': { name: 'Our client', kind: 'own' } }, microtenants: { five: '5' } },
      { writers: { '24': { name: 'Elsewhere', kind: 'console' } }, customerId: '2' },
    ),
    LANE,
  );
  const seen = (id: string) => ({ id, of: 'group' as const, at: '2026-12-01T06:00:00.000Z' });

  it('has the name and kind of the settings of any tenant of the customer', () => {
    expect(settings.nameWriter(seen('21'), false)).toEqual({ ...seen('21'), name: 'Terraform', kind: 'terraform' });
  });

  it('is unknown where the settings do not name it', () => {
    expect(settings.nameWriter(seen('23'), false)).toEqual({ ...seen('23'), kind: 'unknown' });
    expect(settings.nameWriter(seen('24'), false)).toMatchObject({ kind: 'unknown' });
    expect(settings.nameWriter(seen('constructor'), false)).toMatchObject({ kind: 'unknown' });
  });

  it('is this product only if the stamp fits its ledger: another may use its client', () => {
    expect(settings.nameWriter(seen('22'), false)).toEqual({ ...seen('22'), name: 'Our client', kind: 'unknown' });
    expect(settings.nameWriter(seen('22'), true)).toEqual({ ...seen('22'), name: 'Our client', kind: 'own' });
    expect(settings.nameWriter(seen('23'), true)).toEqual({ ...seen('23'), kind: 'own' });
  });
});
