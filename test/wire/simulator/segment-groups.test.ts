import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, signedIn } from './client.ts';

const GUIDE = ['926196382959075422', '926196382959075423', '926196382959075424'];
const FINANCE = '216196257331372621';
const INTRANET = '216196257331372620';
const SUBSIDIARY = '216196257331372600';

describe('segment groups', () => {
  let simulator: Simulator;
  let zpa: Caller;
  beforeEach(async () => {
    simulator = await startSimulator();
    zpa = await signedIn(simulator);
  });
  afterEach(async () => {
    await zpa.close();
    await simulator.close();
  });
  const quirk = (name: string, value: string) => simulator.quirks.set(name, value);
  const create = (body: object) => zpa.call('POST', 'v1/segmentGroup', body);
  const members = (id: string) => simulator.store.members(id);
  const refusal = async (answer: ReturnType<Caller['call']>) => {
    const { status, json } = await answer;
    return [status, json.id, json.params];
  };
  const listed = (ids: string[]) => ids.map((id) => ({ id }));

  it('creates with applications, which then belong to it alone', async () => {
    const made = await create({ name: 'Remote Access', enabled: true, applications: listed(GUIDE) });
    expect(made.status).toBe(201);
    expect((made.json.applications as { id: string }[]).map(({ id }) => id)).toEqual(GUIDE);
    expect(members('Remote Access')).toEqual(GUIDE);
    const application = await zpa.call('GET', `v1/application/${GUIDE[0]}`);
    expect(application.json).toMatchObject({ segmentGroupId: made.json.id, segmentGroupName: 'Remote Access' });
  });

  it("takes ids as numbers, as Zscaler's own OneAPI SDK writes them, without losing a digit", async () => {
    const send = (method: string, path: string, body: string) => zpa.raw(method, path, body);
    const made = await send('POST', 'v1/segmentGroup', `{"name":"Long","applications":[{"id":${GUIDE[0]}}]}`);
    expect([made.status, members('Long')]).toEqual([201, GUIDE.slice(0, 1)]);
    const delta = `{"name":"Long","addedApps":[${GUIDE[1]}],"deletedApps":[${GUIDE[0]}]}`;
    expect((await send('PUT', `v2/segmentGroup/${made.json.id}`, delta)).status).toBe(204);
    expect(members('Long')).toEqual(GUIDE.slice(1, 2));
    expect(simulator.log.all().at(-1)?.body).toMatchObject({ addedApps: [GUIDE[1]] });
    const operand = `{"objectType":"APP_GROUP","lhs":"id","rhs":${made.json.id}}`;
    const { json: set } = await zpa.call('GET', 'v1/policySet/policyType/ACCESS_POLICY');
    const rule = await send(
      'POST',
      `v1/policySet/${set.id}/rule`,
      `{"name":"Long","conditions":[{"operands":[${operand}]}]}`,
    );
    expect(rule.status).toBe(201);
    expect(
      await refusal(zpa.call('PUT', `v1/segmentGroup/${made.json.id}`, { name: 'Long', applications: [] })),
    ).toEqual([204, undefined, undefined]);
    expect(await refusal(zpa.call('DELETE', `v1/segmentGroup/${made.json.id}`))).toEqual([
      400,
      'resource.referenced',
      ['Policy', 'Long'],
    ]);
  });

  it('v1 replaces: the list given is the membership, what is left out is cleared', async () => {
    await zpa.call('PUT', `v1/segmentGroup/${INTRANET}`, { name: 'Intranet', applications: listed(GUIDE.slice(0, 1)) });
    expect(members(INTRANET)).toEqual(GUIDE.slice(0, 1));
    expect(simulator.store.group(INTRANET)).toMatchObject({ description: undefined, enabled: true });
    await zpa.call('PUT', `v1/segmentGroup/${INTRANET}`, { name: 'Intranet', applications: [] });
    expect(members(INTRANET)).toEqual([]);
    quirk('v1-put-applications-empty', 'keep');
    await zpa.call('PUT', 'v1/segmentGroup/216196257331372622', { name: 'Engineering', applications: [] });
    expect(members('Engineering')).toHaveLength(3);
  });

  it.each([
    ['keep', 204, 2],
    ['clear', 204, 0],
    ['refuse', 400, 2],
  ])('v1 without the applications key: %s', async (value, status, left) => {
    quirk('v1-put-applications-omitted', value);
    expect((await zpa.call('PUT', `v1/segmentGroup/${INTRANET}`, { name: 'Intranet' })).status).toBe(status);
    expect(members(INTRANET)).toHaveLength(left);
  });

  it('v2 adds and removes by id, and keeps what it does not name', async () => {
    const [wiki = ''] = members(INTRANET);
    const delta = { addedApps: GUIDE, deletedApps: [wiki] };
    const put = await zpa.call('PUT', `v2/segmentGroup/${INTRANET}`, { name: 'Inside', ...delta });
    expect([put.status, put.text]).toEqual([204, '']);
    expect(members(INTRANET)).toEqual(['216196257331372611', ...GUIDE]);
    expect(simulator.store.group(INTRANET)).toMatchObject({ name: 'Inside', enabled: true });
    expect(simulator.store.group(INTRANET)?.description).toBeDefined();
  });

  it('v2 quirks: delta ignored, fields reset, applications key, unknown ids', async () => {
    const put = (body: object) => zpa.call('PUT', `v2/segmentGroup/${INTRANET}`, { name: 'Intranet', ...body });
    quirk('v2-delta', 'ignored');
    await put({ addedApps: GUIDE });
    expect(members(INTRANET)).toHaveLength(2);
    quirk('v2-delta', 'honoured');
    quirk('v2-omitted-fields', 'reset');
    await put({});
    expect(simulator.store.group(INTRANET)?.description).toBeUndefined();
    quirk('v2-applications-key', 'replaces');
    await put({ applications: listed(GUIDE) });
    expect(members(INTRANET)).toEqual(GUIDE);
    const unknown = { addedApps: ['1', '216196257331372618'] };
    expect(await refusal(put(unknown))).toEqual([400, 'invalid.resource.argument', undefined]);
    quirk('v2-unknown-added', 'skip');
    expect((await put(unknown)).status).toBe(204);
    expect(members(INTRANET)).toContain('216196257331372618');
    quirk('v2-put', 'not-found');
    expect((await put({})).text).toBe('404 Not Found');
  });

  it.each([
    ['left out', {}, 204],
    ['null', { applications: null }, 204],
    ['an empty list', { applications: [] }, 204],
    ['a stated list', { applications: listed(GUIDE) }, 400],
    ['no list', { applications: 'all' }, 400],
  ])('v2 that refuses the applications key refuses only what states applications: %s', async (_case, body, status) => {
    quirk('v2-applications-key', 'refuse');
    expect((await zpa.call('PUT', `v2/segmentGroup/${INTRANET}`, { name: 'Intranet', ...body })).status).toBe(status);
    expect(members(INTRANET)).toHaveLength(2);
  });

  it.each([
    ['move', 201, 1],
    ['refuse', 400, 2],
  ])('an application of another group: %s', async (value, status, left) => {
    quirk('foreign-application', value);
    expect((await create({ name: 'Taker', applications: listed(members(INTRANET).slice(0, 1)) })).status).toBe(status);
    expect(members(INTRANET)).toHaveLength(left);
  });

  it('refuses to delete what holds applications, what a rule names, and what is read-only', async () => {
    const remove = (id: string) => refusal(zpa.call('DELETE', `v1/segmentGroup/${id}`));
    expect(await remove(INTRANET)).toEqual([400, 'resource.referenced', ['Application', 'Wiki']]);
    await zpa.call('PUT', `v1/segmentGroup/${FINANCE}`, { name: 'Finance', applications: [] });
    expect(await remove(FINANCE)).toEqual([400, 'resource.referenced', ['Policy', 'Finance staff']]);
    expect((await remove('216196257331372623')).slice(0, 2)).toEqual([400, 'operation.not.allowed']);
    expect((await zpa.call('GET', 'v1/segmentGroup/216196257331372623')).json.restrictedEntity).toBe(true);
    quirk('read-only-refusal', 'restricted');
    expect((await remove('216196257331372623'))[1]).toBe('non.restricted.entity.authorization.failed');
    expect((await remove('999'))[1]).toBe('resource.not.found');
    expect(await remove('abc')).toEqual([400, 'invalid.resource.argument', ['id']]);
    quirk('bad-id', 'not-found');
    expect((await remove('abc'))[1]).toBe('resource.not.found');
    quirk('rule-blocks-delete', 'dangling');
    expect((await remove(FINANCE))[0]).toBe(204);
    expect(simulator.store.rules('ACCESS_POLICY')).toHaveLength(1);
    quirk('delete-missing', '404');
    expect((await remove(FINANCE)).slice(0, 2)).toEqual([404, 'resource.not.found']);
  });

  it('names: required, unique whatever the case, the portal character set', async () => {
    expect(await refusal(create({ enabled: true }))).toEqual([400, 'invalid.resource.argument', undefined]);
    expect(await refusal(create({ name: 'FINANCE' }))).toEqual([400, 'resource.already.exist', ['FINANCE']]);
    expect((await refusal(create({ name: 'a<b' })))[1]).toBe('invalid.resource.argument');
    expect((await refusal(create({ name: 'x'.repeat(256) })))[1]).toBe('invalid.resource.argument');
    quirk('name-uniqueness', 'exact');
    expect((await create({ name: 'FINANCE' })).status).toBe(201);
    quirk('duplicate-name', 'conflict');
    expect((await create({ name: 'Finance' })).status).toBe(409);
    quirk('duplicate-name', 'allow');
    expect((await create({ name: 'Finance' })).status).toBe(201);
    quirk('name-charset', 'any');
    expect((await create({ name: 'a<b & c' })).json.name).toBe('a&lt;b &amp; c');
    expect(simulator.store.group('a<b & c')?.name).toBe('a<b & c');
  });

  it('enabled left out: false on create, kept on replace, or as the quirks say', async () => {
    expect((await create({ name: 'Off' })).json.enabled).toBe(false);
    quirk('create-enabled-omitted', 'true');
    expect((await create({ name: 'On' })).json.enabled).toBe(true);
    const replace = async () => {
      await zpa.call('PUT', 'v1/segmentGroup/45096653', { name: 'Staging Apps' });
      return simulator.store.group('45096653')?.enabled;
    };
    expect(await replace()).toBe(false);
    quirk('put-enabled-omitted', 'true');
    expect(await replace()).toBe(true);
  });

  it('escapes in answers, as often as the quirk says, and stores the plain text', async () => {
    const description = async () => (await zpa.call('GET', `v1/segmentGroup/${FINANCE}`)).json.description;
    expect(await description()).toBe('Payroll &amp; accounting &lt;confidential&gt;, ask the controller&#x27;s office');
    quirk('escape', 'twice');
    expect(await description()).toMatch(/^Payroll &amp;amp; accounting &amp;lt;/);
    quirk('escape', 'wide');
    expect(await description()).toMatch(/^Payroll &#x26; accounting &#x3c;confidential&#x3e;,/);
    quirk('escape', 'off');
    expect(await description()).toBe("Payroll & accounting <confidential>, ask the controller's office");
  });

  it('microtenants: a scope sees its own, no scope reads all and writes the Default one', async () => {
    const names = async (query: string) =>
      (await zpa.call('GET', `v1/segmentGroup${query}`)).json.list?.map(({ name }) => name);
    expect(await names(`?microtenantId=${SUBSIDIARY}`)).toEqual(['Subsidiary Apps']);
    expect(await names('?microtenantId=0')).not.toContain('Subsidiary Apps');
    expect(await names('')).toContain('Subsidiary Apps');
    const theirs = 'v1/segmentGroup/216196257331372624';
    expect((await zpa.call('GET', theirs)).json).toMatchObject({
      microtenantId: SUBSIDIARY,
      microtenantName: 'Subsidiary',
    });
    expect((await zpa.call('GET', `${theirs}?microtenantId=0`)).json.id).toBe('resource.not.found');
    expect((await zpa.call('PUT', theirs, { name: 'Theirs' })).json.id).toBe('resource.not.found');
    expect((await zpa.call('PUT', `${theirs}?microtenantId=${SUBSIDIARY}`, { name: 'Theirs' })).status).toBe(204);
    quirk('unscoped-write', 'any');
    expect((await zpa.call('PUT', theirs, { name: 'Theirs too' })).status).toBe(204);
    const made = await create({ name: 'Finance', microtenantId: SUBSIDIARY });
    expect([made.status, made.json.microtenantId]).toEqual([201, SUBSIDIARY]);
    expect((await refusal(create({ name: 'Mixed', microtenantId: SUBSIDIARY, applications: listed(GUIDE) })))[1]).toBe(
      'invalid.resource.argument',
    );
  });

  it('pages by 20, up to 500, with string totals; beyond the end as the quirk says', async () => {
    for (let index = 0; index < 40; index++) simulator.store.createGroup({ name: `Bulk ${index}` });
    const page = async (query: string) => (await zpa.call('GET', `v1/segmentGroup?${query}`)).json;
    const first = await page('page=1');
    expect([first.totalPages, first.totalCount, first.list?.length]).toEqual(['3', '46', 20]);
    expect((await page('page=3')).list).toHaveLength(6);
    expect((await page('page=2&pagesize=500')).list).toEqual([]);
    expect((await page('pagesize=1000')).list).toHaveLength(46);
    quirk('totals', 'pages');
    expect(Object.keys(await page('page=2'))).toEqual(['totalPages', 'list']);
    quirk('totals', 'both');
    quirk('page-beyond-end', 'no-list-key');
    expect(Object.keys(await page('page=9'))).toEqual(['totalPages', 'totalCount']);
    quirk('page-beyond-end', '400');
    expect((await page('page=9')).id).toBe('invalid.resource.argument');
    quirk('pagesize-over-500', '400');
    expect((await page('pagesize=501')).id).toBe('invalid.resource.argument');
    quirk('list-order', 'name');
    expect((await page('pagesize=3')).list?.map(({ name }) => name)).toEqual(['Bulk 0', 'Bulk 1', 'Bulk 10']);
  });

  it.each([
    ['name%2BEQ%2BStaging+Apps', ['Staging Apps']],
    ['name%20EQ%20Staging%20Apps', ['Staging Apps']],
    ['name+EQ+Staging%2BApps', ['Staging Apps']],
    ['name+EQ+staging+apps', []],
    ['enabled%20EQ%20false', ['Staging Apps']],
    ['engin', ['Engineering']],
    ['apps%26staging', ['Staging Apps']],
    ['name+STARTSWITH+Fin', ['Finance']],
    ['name%20LIKE%20ngine', ['Engineering']],
    ['name%20like%20STAGING', ['Staging Apps']],
  ])('searches %s', async (query, names) => {
    const { json } = await zpa.call('GET', `v1/segmentGroup?search=${query}`);
    expect(json.list?.map(({ name }) => name)).toEqual(names);
  });

  it('takes the second of several words for the operator, and refuses it', async () => {
    const { status, json } = await zpa.call('GET', 'v1/segmentGroup?search=Finance+-+EMEA');
    expect([status, json]).toEqual([
      400,
      {
        params: ['-'],
        id: 'filtering.input.invalid.operand',
        reason: 'Invalid operand:- in Filtering criteria.',
      },
    ]);
    quirk('search-operators', 'eq');
    expect((await zpa.call('GET', 'v1/segmentGroup?search=name+NE+x')).status).toBe(400);
  });

  it('payload limit of v1', async () => {
    quirk('v1-payload-limit', '100');
    const many = Array.from(
      { length: 101 },
      (_, index) => simulator.store.createApplication({ name: `A ${index}` }).id,
    );
    expect((await refusal(create({ name: 'Big', applications: listed(many) })))[1]).toBe('payload.size.exceeded');
  });

  it('a colleague edits in the console: another modifiedBy, no call in the log', async () => {
    const before = simulator.log.all().length;
    simulator.store.renameGroup('45096653', 'Renamed by hand');
    simulator.store.moveApplication('Wiki', 'Engineering');
    expect(simulator.log.all()).toHaveLength(before);
    const { json } = await zpa.call('GET', 'v1/segmentGroup/45096653');
    expect(json).toMatchObject({ name: 'Renamed by hand', modifiedBy: '216196257331372702' });
    expect(members('Engineering')).toContain('216196257331372610');
  });

  it('bodies that are no objects are refused without effect; {} on GET and DELETE is nothing', async () => {
    for (const body of [[], 'text', 7]) {
      expect((await refusal(zpa.call('PUT', 'v1/segmentGroup/45096653', body)))[0]).toBe(400);
    }
    expect((await zpa.call('DELETE', 'v1/segmentGroup/45096653', {})).status).toBe(204);
    expect(simulator.log.effects()).toHaveLength(1);
  });
});
