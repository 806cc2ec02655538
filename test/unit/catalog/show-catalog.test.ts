import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { signWebhook } from '../../../shared/domain/source/webhook-signature.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { anItem, basicOf, createCatalogWorld, OLD_SECRET, SECRET, SIGNED_SOURCE } from './catalog-world.ts';

const bodySchema = z.object({
  asOf: z.record(z.string(), z.string()),
  entries: z.array(z.looseObject({ kind: z.string(), id: z.string(), name: z.string() })),
  next: z.string().optional(),
});
const bodyOf = (answer: { body: string }) => bodySchema.parse(JSON.parse(answer.body));
const idsOf = (answer: { body: string }) => bodyOf(answer).entries.map(({ id }) => id);

describe('what a source sees', () => {
  it('is what its grants cover, by tenant, microtenant and name, with the time of the read', async () => {
    const answer = await createCatalogWorld().get();
    expect(answer.status).toBe(200);
    expect(bodyOf(answer)).toEqual({
      asOf: { prod: '2026-12-01T08:00:00.000Z', lab: '2026-12-01T08:00:01.000Z' },
      entries: [
        { kind: 'group', tenant: 'lab', id: '31', name: 'Lab', enabled: true },
        { kind: 'group', tenant: 'prod', microtenant: 'north', id: '12', name: 'Web Bern', enabled: false },
        { kind: 'group', tenant: 'prod', microtenant: 'north', id: '11', name: 'Web Zürich', enabled: true },
        {
          ...{ kind: 'application', tenant: 'prod', microtenant: 'north', id: '21', name: 'wiki', enabled: true },
          group: { id: '11', name: 'Web Zürich' },
        },
        // Its group is not one this source may see.
        { kind: 'application', tenant: 'prod', microtenant: 'north', id: '22', name: 'wiki-old', enabled: true },
      ],
    });
  });

  it('can be narrowed to a kind and a tenant', async () => {
    const { get } = createCatalogWorld();
    expect(idsOf(await get('kind=application'))).toEqual(['21', '22']);
    expect(idsOf(await get('tenant=lab'))).toEqual(['31']);
  });

  it('is CSV for who asks for it, one line each, no cell a formula', async () => {
    const { get } = createCatalogWorld();
    const lines = (await get('format=csv&kind=group&tenant=prod')).body.split('\r\n');
    expect(lines).toEqual([
      '"kind","tenant","microtenant","id","name","enabled","group_id","group_name"',
      '"group","prod","north","12","Web Bern","false","",""',
      '"group","prod","north","11","Web Zürich","true","",""',
      '',
    ]);
    const { authorization } = basicOf('desk', SECRET);
    const accepted = await get('', { headers: { authorization, accept: 'text/csv' } });
    expect(accepted.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect((await get('', { headers: { authorization, accept: 'application/json, text/csv' } })).body).toMatch(/^\{/);
    const bearer = `Bearer ${SIGNED_SOURCE.secret}`;
    const everything = await get('source=all&format=csv', { headers: { authorization: bearer } });
    expect(everything.body).toContain('"\'=cmd|calc"');
  });

  it('is shown to a secret that replaced a cached one', async () => {
    const { get, secrets } = createCatalogWorld();
    const name = 'test/catalog/desk';
    const cached = secrets.secrets.get(name) ?? '';
    const { read } = secrets;
    secrets.read = async (wanted, options) =>
      options?.anewEveryMs === undefined ? cached : await read(wanted, options);
    const replaced = 'desk-catalog-replaced-0123456789abcdef';
    secrets.secrets.set(name, JSON.stringify({ secrets: [replaced] }));
    expect((await get('', { headers: basicOf('desk', replaced) })).status).toBe(200);
    expect((await get('', { headers: basicOf('desk', 'another-0123456789abcdef-0123456789') })).status).toBe(401);
  });

  it('of a source without grants is nothing', async () => {
    const { get, secrets } = createCatalogWorld();
    secrets.secrets.set('test/catalog/bare', JSON.stringify({ secrets: [SECRET] }));
    expect(idsOf(await get('', { source: 'bare' }))).toEqual([]);
  });
});

describe('pages', () => {
  it('follow one another by name and lose nothing when something is added in between', async () => {
    const { get, catalogs } = createCatalogWorld();
    const first = await get('kind=group&limit=1');
    const { next } = bodyOf(first);
    expect(first.headers.link).toBe(`</catalog?kind=group&limit=1&after=${next}>; rel="next"`);
    const prod = catalogs.catalogs.get('prod');
    if (prod !== undefined) catalogs.catalogs.set('prod', { ...prod, groups: [anItem('1', 'Web A'), ...prod.groups] });
    expect(idsOf(first)).toEqual(['31']);
    expect(idsOf(await get(`kind=group&after=${next}`))).toEqual(['1', '12', '11']);
    expect(bodyOf(await get(`kind=group&after=${next}`)).next).toBeUndefined();
  });
});

describe('a catalog that is known already', () => {
  it.each(['ETAG', '"other", W/ETAG', '*'])('is not sent again (%s)', async (header) => {
    const { get } = createCatalogWorld();
    const { etag = '' } = (await get()).headers;
    const headers = { ...basicOf('desk', SECRET), 'if-none-match': header.replace('ETAG', etag) };
    const again = await get('', { headers });
    expect([again.status, again.body, again.headers.etag]).toEqual([304, '', etag]);
  });

  it('is sent when it has changed, or another part is asked for', async () => {
    const { get, catalogs } = createCatalogWorld();
    const { etag = '' } = (await get()).headers;
    const headers = { ...basicOf('desk', SECRET), 'if-none-match': etag };
    expect((await get('kind=group', { headers })).status).toBe(200);
    const prod = catalogs.catalogs.get('prod');
    if (prod !== undefined) catalogs.catalogs.set('prod', { ...prod, asOf: TEST_START + 5 });
    expect((await get('', { headers })).status).toBe(200);
  });
});

describe('who asks', () => {
  const code = (answer: { body: string }) => JSON.parse(answer.body).code;

  it('proves it with either live secret: Basic, bearer, or a signature over method and address', async () => {
    const { get } = createCatalogWorld();
    expect((await get('', { secret: OLD_SECRET })).status).toBe(200);
    expect((await get('source=desk', { headers: { authorization: `bearer ${SECRET}` } })).status).toBe(200);
    const signed = (text: string) => signWebhook(SIGNED_SOURCE.secret, 'msg-1', TEST_START, text);
    const query = 'source=all&kind=group';
    expect((await get(query, { headers: signed(`GET /catalog?${query}`) })).status).toBe(200);
    const other = await get(`${query}&tenant=lab`, { headers: signed(`GET /catalog?${query}`) });
    expect([other.status, code(other)]).toEqual([401, 'credentials-wrong']);
    const late = signWebhook(SIGNED_SOURCE.secret, 'msg-1', TEST_START - 301_000, `GET /catalog?${query}`);
    expect((await get(query, { headers: late })).status).toBe(401);
  });

  it.each([
    ['nothing', '', {}, 'credentials-missing'],
    ['another scheme', '', { authorization: 'Digest x' }, 'credentials-missing'],
    ['a wrong secret', '', basicOf('desk', `${SECRET}x`), 'credentials-wrong'],
    ['the beginning of the secret', '', basicOf('desk', SECRET.slice(0, -1)), 'credentials-wrong'],
    ['no password', '', basicOf('desk', ''), 'credentials-wrong'],
    ['a source nobody knows', '', basicOf('nobody', SECRET), 'credentials-wrong'],
    ['a name of every object', '', basicOf('constructor', SECRET), 'credentials-wrong'],
    ['a source without a catalog', '', basicOf('deaf', SECRET), 'credentials-wrong'],
    ['the secret of another source', '', basicOf('all', SECRET), 'credentials-wrong'],
    ['a source whose secret cannot be used', '', basicOf('bare', 'short'), 'credentials-wrong'],
    ['a bearer without a source', '', { authorization: `Bearer ${SECRET}` }, 'credentials-wrong'],
  ])('with %s learns nothing', async (_, query, headers, expected) => {
    const { get, log } = createCatalogWorld();
    const answer = await get(query, { headers });
    expect([answer.status, code(answer)]).toEqual([401, expected]);
    expect(answer.headers['www-authenticate']).toContain('Basic');
    expect(log.text()).not.toContain(SECRET);
  });

  it('is refused from elsewhere than its source allows, secret or not', async () => {
    const { get, ports } = createCatalogWorld();
    const { desk } = ports.configuration.sources;
    if (desk === undefined) throw new Error('no desk');
    const from = (...allowedCidrs: string[]) => {
      const sources = { ...ports.configuration.sources, desk: { ...desk, allowedCidrs } };
      ports.configuration = { ...ports.configuration, sources };
      return get();
    };
    expect((await from('198.51.100.0/24')).status).toBe(401);
    expect((await from('198.51.100.0/24', '203.0.113.0/24')).status).toBe(200);
  });

  it('is told what is wrong with a parameter', async () => {
    const { get } = createCatalogWorld();
    const detail = async (query: string) => JSON.parse((await get(query)).body).detail;
    expect(await detail('kinds=group')).toBe('"kinds" is no parameter; "kind" is.');
    expect(await detail('kind=groups')).toBe('kind: must be group or application.');
    expect(await detail('tenant=acme')).toContain('It has prod, lab.');
    expect(await detail('after=zzz')).toBe('after: must be what "next" of a page said.');
    expect(await detail('limit=0')).toMatch(/^limit: /);
    expect((await get('limit=9999')).status).toBe(400);
  });

  it('may only read', async () => {
    const answer = await createCatalogWorld().get('', { method: 'POST' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a tenant that cannot be shown', () => {
  const WHY = 'Tenant "lab" has not been read completely yet. The next drift report does that.';

  it('is named with its reason, and the names of the others are shown', async () => {
    const { get, catalogs, meter } = createCatalogWorld();
    expect(JSON.parse((await get()).body).notRead).toEqual([]);
    catalogs.catalogs.delete('lab');
    const answer = await get('kind=group');
    expect([answer.status, idsOf(answer)]).toEqual([200, ['12', '11']]);
    expect(bodyOf(answer).asOf).not.toHaveProperty('lab');
    expect(JSON.parse(answer.body).notRead).toEqual([{ tenant: 'lab', why: WHY }]);
    expect(meter.total('CatalogUnavailable')).toBe(0);
  });

  it('is named on each page', async () => {
    const { get, catalogs } = createCatalogWorld();
    catalogs.catalogs.delete('lab');
    const { next } = bodyOf(await get('limit=1'));
    expect(JSON.parse((await get(`limit=1&after=${next}`)).body).notRead).toHaveLength(1);
  });

  it('is a row of the CSV, above the names', async () => {
    const { get, catalogs } = createCatalogWorld();
    catalogs.catalogs.delete('lab');
    const [, first, second] = (await get('format=csv&kind=group')).body.split('\r\n');
    expect(first).toBe(`"not-read","lab","","","${WHY.replaceAll('"', '""')}","","",""`);
    expect(second).toContain('"group","prod"');
  });

  it('is no state that a client knows already, once it is read', async () => {
    const { get, catalogs } = createCatalogWorld();
    const lab = catalogs.catalogs.get('lab');
    catalogs.catalogs.delete('lab');
    const { etag = '' } = (await get('kind=application')).headers;
    if (lab !== undefined) catalogs.catalogs.set('lab', lab);
    const headers = { ...basicOf('desk', SECRET), 'if-none-match': etag };
    expect((await get('kind=application', { headers })).status).toBe(200);
  });

  it('is refused where it is the only one asked for', async () => {
    const { get, catalogs } = createCatalogWorld();
    catalogs.catalogs.delete('lab');
    const answer = await get('tenant=lab');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '3600']);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'catalog-unavailable', detail: WHY });
    catalogs.catalogs.delete('prod');
    expect((await get()).status).toBe(503);
    expect(JSON.parse((await get()).body).detail).toBe(`${WHY.replace('lab', 'prod')} ${WHY}`);
  });

  it('may be a microtenant that was added since, if a grant covers it', async () => {
    const { get, catalogs } = createCatalogWorld();
    const prod = catalogs.catalogs.get('prod');
    const readOf = async (microtenantIds: string[]) => {
      if (prod !== undefined) catalogs.catalogs.set('prod', { ...prod, microtenantIds });
      return JSON.parse((await get('tenant=prod')).body).notRead;
    };
    expect(await readOf(['1001'])).toEqual([]);
    const why =
      'Microtenant "north" of tenant "prod" has not been read completely yet. The next drift report does that.';
    expect(await readOf(['1002'])).toEqual([{ tenant: 'prod', microtenant: 'north', why }]);
    const row = (await get('tenant=prod&format=csv')).body.split('\r\n')[1];
    expect(row).toContain('"not-read","prod","north",');
  });

  it.each([
    ['microtenants', { microtenantIds: ['1003'], groups: [anItem('32', 'Lab', { microtenantId: '1003' })] }],
    ['ZPA customer', { lane: 'PRODUCTION:72057594037920000', microtenantIds: ['0'] }],
  ])('may be one that was read while the settings gave it other: %s', async (_, former) => {
    const { get, catalogs } = createCatalogWorld();
    const lab = catalogs.catalogs.get('lab');
    if (lab !== undefined) catalogs.catalogs.set('lab', { ...lab, ...former });
    const answer = await get('kind=group');
    expect(idsOf(answer)).toEqual(['12', '11']);
    expect(JSON.parse(answer.body).notRead).toEqual([{ tenant: 'lab', why: WHY }]);
    expect((await get('tenant=lab')).status).toBe(503);
  });

  it('takes nothing from the others if its stored names cannot be read', async () => {
    const { get, ports, catalogs, meter, log } = createCatalogWorld();
    ports.catalogs.read = async (tenant) => {
      if (tenant === 'prod') throw new Error('no catalog');
      return catalogs.catalogs.get(tenant);
    };
    const answer = await get();
    expect([answer.status, idsOf(answer)]).toEqual([200, ['31']]);
    const why = 'The stored names of tenant "prod" cannot be read right now. Try again in a moment.';
    expect(JSON.parse(answer.body).notRead).toEqual([{ tenant: 'prod', why }]);
    expect(meter.total('CatalogUnavailable')).toBe(1);
    expect(log.text()).toContain('no catalog');
    expect((await get('tenant=prod')).headers['retry-after']).toBe('10');
  });
});

it('says so when nothing can be read, and logs no secret', async () => {
  const { get, ports, log, meter } = createCatalogWorld();
  ports.catalogs.read = async () => {
    throw new Error('no bucket');
  };
  expect((await get()).status).toBe(503);
  expect(meter.total('CatalogUnavailable')).toBe(1);
  expect(log.text()).not.toContain(SECRET);
});
