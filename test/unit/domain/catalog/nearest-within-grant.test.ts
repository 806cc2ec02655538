import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../../shared/domain/catalog/catalog.ts';
import { nearestWithinGrant } from '../../../../shared/domain/catalog/nearest-within-grant.ts';
import { comparePlaces } from '../../../../shared/domain/catalog/visible-entries.ts';
import { similarNames } from '../../../../shared/domain/text/similar-names.ts';
import { anItem, CONFIGURATION } from '../../catalog/catalog-world.ts';

const catalog: Catalog = {
  ...{ schemaVersion: 1, tenant: 'prod', asOf: 0 },
  groups: [
    anItem('1', 'Web Zürich'),
    anItem('2', 'Web Zurich 2'),
    anItem('3', 'Web Zuri'),
    anItem('4', 'Web Bern'),
    anItem('5', 'Payroll'),
    anItem('6', 'Web Zuerich South', { microtenantId: '1002' }),
  ],
  applications: [anItem('7', 'wiki'), anItem('8', 'web zurich app')],
};
const { desk, all } = CONFIGURATION.sources;
if (desk === undefined || all === undefined) throw new Error('the configuration lost its sources');

describe('names offered for one that leads nowhere', () => {
  it('are at most three, the nearest first, of the kind that was meant', () => {
    const found = nearestWithinGrant(CONFIGURATION, all, catalog, { kind: 'group', name: 'Web Zurich' });
    expect(found).toEqual(['Web Zürich', 'Web Zurich 2', 'Web Zuri']);
    expect(nearestWithinGrant(CONFIGURATION, all, catalog, { kind: 'application', name: 'Wikki' })).toEqual(['wiki']);
  });

  it('are never ones that the source may not see', () => {
    expect(nearestWithinGrant(CONFIGURATION, all, catalog, { kind: 'group', name: 'Payrol' })).toEqual(['Payroll']);
    expect(nearestWithinGrant(CONFIGURATION, desk, catalog, { kind: 'group', name: 'Payrol' })).toEqual([]);
    expect(nearestWithinGrant(CONFIGURATION, desk, catalog, { kind: 'group', name: 'Web Zuerich South' })).toEqual([]);
  });

  it('are of the microtenant that was named', () => {
    const asked = { kind: 'group', name: 'Web Zurich', microtenant: 'south' } as const;
    expect(nearestWithinGrant(CONFIGURATION, all, catalog, asked)).toEqual([]);
    expect(nearestWithinGrant(CONFIGURATION, all, catalog, { ...asked, name: 'Web Zuerich' })).toEqual([
      'Web Zuerich South',
    ]);
  });
});

describe('nearestNames', () => {
  const names = fc.array(fc.string({ maxLength: 30 }), { maxLength: 30 });

  it('offers an existing name first, never more than asked for, and only candidates', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), names, fc.nat(5), (word, candidates, most) => {
        const found = similarNames(word, candidates, most);
        expect(found.length).toBeLessThanOrEqual(most);
        expect(found.every((one) => candidates.includes(one))).toBe(true);
      }),
    );
    expect(similarNames('Remote Acess', ['Remote Access EU', 'Remote Access', 'Printers'], 3)).toEqual([
      'Remote Access',
      'Remote Access EU',
    ]);
    expect(similarNames('x'.repeat(5000), ['x'.repeat(5000)], 3)).toEqual([]);
  });
});

describe('the order of entries', () => {
  it('is one order: total, and the same both ways', () => {
    const place = fc.tuple(fc.constantFrom('group', 'application'), fc.string(), fc.string(), fc.string());
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(Math.sign(comparePlaces(a, b)) + Math.sign(comparePlaces(b, a))).toBe(0);
        expect(comparePlaces(a, b) === 0).toBe(a.join('\0') === b.join('\0'));
      }),
    );
  });
});
