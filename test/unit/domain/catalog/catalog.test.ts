import { describe, expect, it } from 'vitest';
import { catalogKey, microtenantIdsOf, parseCatalog, toCatalog } from '../../../../shared/domain/catalog/catalog.ts';
import { decodePlace, pageAfter } from '../../../../shared/domain/catalog/catalog-page.ts';
import {
  type CatalogEntry,
  grantedTenants,
  visibleEntries,
} from '../../../../shared/domain/catalog/visible-entries.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { aGroup, anApplication } from '../sample-live.ts';

const tenant = { customerId: '72057594037927936', vanity: 'acme' };
const configuration = configurationSchema.parse({
  name: 'unit',
  sources: {},
  tenants: { plain: tenant, parted: { ...tenant, microtenants: { north: '5', south: '6', again: '5' } } },
});

describe('the catalog of a tenant', () => {
  const groups = [
    aGroup('1', { name: 'Web' }),
    aGroup('2', { microtenantId: '5' }),
    aGroup('2', { microtenantId: '5' }),
  ];
  const applications = [anApplication('21', groups[0]), { ...anApplication('22'), microtenantId: '6' }];
  const read = { groups, applications, asOf: 1000 };

  it('lists what is in its microtenants, each once, an application with its group', () => {
    expect(toCatalog(configuration, 'plain', read)).toEqual({
      ...{ schemaVersion: 1, tenant: 'plain', asOf: 1000, lane: 'PRODUCTION:72057594037927936', microtenantIds: ['0'] },
      groups: [{ id: '1', name: 'Web', enabled: false, microtenantId: '0' }],
      applications: [{ id: '21', name: 'app-21', enabled: true, microtenantId: '0', groupId: '1' }],
    });
    const parted = toCatalog(configuration, 'parted', read);
    expect(parted?.groups.map(({ id }) => id)).toEqual(['2']);
    expect(parted?.applications).toEqual([{ id: '22', name: 'app-22', enabled: true, microtenantId: '6' }]);
  });

  it('is stored under the name of its tenant, and read as it was stored', () => {
    const catalog = toCatalog(configuration, 'plain', read);
    expect(parseCatalog(JSON.stringify(catalog))).toEqual(catalog);
    expect(catalogKey('plain')).toBe('catalog/plain.json');
    expect(() => parseCatalog('{}')).toThrow();
  });

  it('is none of a tenant that is not configured', () => {
    expect(toCatalog(configuration, 'gone', read)).toBeUndefined();
  });

  it.each([
    ['plain', ['0']],
    ['parted', ['5', '6']],
  ])('of %s is of the microtenants %j', (name, ids) => {
    const configured = configuration.tenants[name];
    expect(configured && microtenantIdsOf(configured)).toEqual(ids);
  });
});

describe('a page', () => {
  const entry = (over: Partial<CatalogEntry>): CatalogEntry => ({
    ...{ kind: 'group', tenant: 'plain', id: '1', name: 'a', enabled: true },
    ...over,
  });
  const sorted = [
    entry({}),
    entry({ id: '2' }),
    entry({ name: 'b' }),
    entry({ tenant: 'zeta' }),
    entry({ kind: 'application' }),
    entry({ kind: 'application', id: '2' }),
  ];

  it.each([1, 2, 3, 5])('of %i at most continues where the one before ended, and the last has no next', (limit) => {
    const pages: CatalogEntry[][] = [];
    let after: string[] | undefined;
    for (let left = sorted.length; left > 0; left -= limit) {
      const { entries, next } = pageAfter(sorted, after, limit);
      pages.push(entries);
      expect(next === undefined).toBe(left <= limit);
      after = next === undefined ? undefined : decodePlace(next);
    }
    expect(pages.flat()).toEqual(sorted);
  });

  it('is whole where nothing is left, and empty where nothing is', () => {
    expect(pageAfter(sorted, undefined, 6)).toEqual({ entries: sorted });
    expect(pageAfter([], undefined, 6)).toEqual({ entries: [] });
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  it.each([
    ['four texts', encoded(['group', 'plain', 'ä', '1']), true],
    ['three texts', encoded(['group', 'plain', 'a']), false],
    ['five texts', encoded(['group', 'plain', 'a', '1', '2']), false],
    ['a number among them', encoded(['group', 'plain', 'a', 1]), false],
    ['a text', encoded('four'), false],
    ['no JSON', Buffer.from('[').toString('base64url'), false],
    ['other letters at its end', `${encoded(['group', 'plain', 'a', '1'])}=`, false],
    ['other letters at its beginning', ` ${encoded(['group', 'plain', 'a', '1'])}`, false],
    ['nothing', '', false],
    ['more than two thousand letters', encoded(['group', 'plain', 'a'.repeat(1500), '1']), false],
  ])('begins after a place of %s: %s', (_, text, isPlace) => {
    expect(decodePlace(text) !== undefined).toBe(isPlace);
  });
});

describe('a source sees', () => {
  const grant = { tenants: ['parted'], actions: ['update'], groups: ['*'], applications: ['*'] };
  const seen = (grants: object[], microtenantIds = ['5', '6', '7']) => {
    const { sources, ...rest } = configurationSchema.parse({
      ...configuration,
      sources: { desk: { system: 'Desk', grants } },
    });
    const { desk } = sources;
    if (desk === undefined) throw new Error('desk is configured');
    const groups = microtenantIds.map((microtenantId) => aGroup(microtenantId, { microtenantId }));
    const catalog = { schemaVersion: 1 as const, tenant: 'parted', asOf: 0, groups, applications: [] };
    return {
      tenants: grantedTenants(desk, configuration),
      entries: visibleEntries({ ...rest, sources }, desk, catalog).map(({ id, microtenant }) => [id, microtenant]),
      unknown: visibleEntries({ ...rest, sources }, desk, { ...catalog, tenant: 'gone' }),
    };
  };

  it('every microtenant, where its grant names none, and nothing of a tenant or microtenant that is gone', () => {
    const all = seen([grant]);
    expect(all.entries).toEqual([
      ['5', 'again'],
      ['6', 'south'],
    ]);
    expect([all.tenants, all.unknown]).toEqual([['parted'], []]);
  });

  it('only the microtenants that its grant names', () => {
    expect(seen([{ ...grant, microtenants: ['south'] }]).entries).toEqual([['6', 'south']]);
  });

  it('only the tenants that its grants name', () => {
    expect(seen([{ ...grant, tenants: ['plain'] }])).toEqual({ tenants: ['plain'], entries: [], unknown: [] });
  });
});
