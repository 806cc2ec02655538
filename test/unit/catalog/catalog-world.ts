import { showCatalog } from '../../../functions/catalog/show-catalog.ts';
import type { Catalog, CatalogItem } from '../../../shared/domain/catalog/catalog.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { createFakeClock, TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryCatalogs } from '../../fakes/memory-catalogs.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';

const tenant = { vanity: 'acme', customerId: '72057594037927936' };
const actions = ['update'];

/** `desk` sees the web and one microtenant, `all` everything, `deaf` has no catalog, `bare` no grants. */
export const CONFIGURATION = configurationSchema.parse({
  name: 'test',
  tenants: {
    prod: { ...tenant, microtenants: { north: '1001', south: '1002' } },
    lab: { ...tenant, customerId: '72057594037929999' },
  },
  sources: {
    desk: {
      system: 'Desk',
      catalog: true,
      grants: [
        { tenants: ['prod'], microtenants: ['north'], actions, groups: ['Web *'], applications: ['wiki*'] },
        { tenants: ['lab'], actions, groups: ['Lab'], applications: [] },
      ],
    },
    all: {
      system: 'All',
      catalog: true,
      grants: [{ tenants: ['prod', 'lab'], actions, groups: ['*'], applications: ['*'] }],
    },
    bare: { system: 'Bare', catalog: true },
    deaf: { system: 'Deaf', grants: [{ tenants: ['lab'], actions, groups: ['*'] }] },
  },
});

export const SECRET = 'desk-catalog-secret-0123456789abcdef';
export const OLD_SECRET = 'desk-catalog-previous-0123456789abcdef';
const SIGNING = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
export const SIGNED_SOURCE = { name: 'all', secret: SIGNING };

export const anItem = (id: string, name: string, over: Partial<CatalogItem> = {}): CatalogItem => ({
  id,
  name,
  enabled: true,
  microtenantId: '1001',
  ...over,
});

const PROD: Catalog = {
  schemaVersion: 1,
  tenant: 'prod',
  asOf: TEST_START,
  groups: [
    anItem('11', 'Web Zürich'),
    anItem('12', 'Web Bern', { enabled: false }),
    anItem('13', 'Payroll'),
    anItem('14', 'Web South', { microtenantId: '1002' }),
  ],
  applications: [
    anItem('21', 'wiki', { groupId: '11' }),
    anItem('22', 'wiki-old', { groupId: '13' }),
    anItem('23', 'salaries', { groupId: '13' }),
    anItem('24', '=cmd|calc', { groupId: '13' }),
  ],
};

const LAB: Catalog = {
  ...{ schemaVersion: 1, tenant: 'lab', asOf: TEST_START + 1000 },
  groups: [anItem('31', 'Lab', { microtenantId: '0' })],
  applications: [],
};

type Asked = { method?: string; headers?: Record<string, string>; secret?: string; source?: string };

/** The catalog function over the catalogs of two tenants; `get('kind=group')` asks as `desk` by default. */
export function createCatalogWorld(...kept: Catalog[]) {
  const catalogs = createMemoryCatalogs(...(kept.length > 0 ? kept : [PROD, LAB]));
  const secrets = createMemorySecrets({
    'test/catalog/desk': JSON.stringify({ secrets: [SECRET, OLD_SECRET] }),
    'test/catalog/all': JSON.stringify({ secrets: [SIGNING] }),
    'test/catalog/bare': '{"secrets":["short"]}',
    'test/catalog/deaf': JSON.stringify({ secrets: [SECRET] }),
  });
  const [log, meter, clock] = [createRecordingLog(), createRecordingMeter(), createFakeClock()];
  const ports = { configuration: CONFIGURATION, catalogs, secrets, clock, log, meter };
  const get = (query = '', { method = 'GET', headers, secret = SECRET, source = 'desk' }: Asked = {}) => {
    const basic = { authorization: `Basic ${Buffer.from(`${source}:${secret}`).toString('base64')}` };
    return showCatalog(ports, {
      method,
      address: query === '' ? '/catalog' : `/catalog?${query}`,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: headers ?? basic,
      sourceIp: '203.0.113.7',
    });
  };
  return { ports, get, catalogs, secrets, log, meter };
}

export const basicOf = (source: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${source}:${secret}`).toString('base64')}`,
});
