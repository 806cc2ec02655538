import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, caller, signedIn } from './client.ts';
import { HEADERS, KEYS, keysOf, namesOf, OLDER_KEYS } from './recorded-shapes.ts';

/** The sequences of the recorded sessions, with our own words and values: same status, keys, order, types, headers. */
describe('recorded sequences', () => {
  let simulator: Simulator;
  let zpa: Caller;
  beforeAll(async () => {
    const members = [{ id: '900000000000000001', name: 'Ledger', description: 'Books' }];
    simulator = await startSimulator({
      seed: { applications: members, groups: [{ name: 'Old Hands', applications: ['900000000000000001'] }] },
    });
    zpa = await signedIn(simulator);
  });
  afterAll(async () => {
    await zpa.close();
    await simulator.close();
  });

  it('segment group: create, get, replace, get, list, delete', async () => {
    const made = await zpa.call('POST', 'v1/segmentGroup', { name: 'Print', description: 'Printers', enabled: true });
    expect([made.status, keysOf(made.json), namesOf(made.headers)]).toEqual([201, KEYS.groupCreated, HEADERS.answered]);
    expect(made.json).toMatchObject({ enabled: true, tcpKeepAliveEnabled: '0', modifiedBy: '216196257331372705' });
    expect(made.json.id).toMatch(/^2161962573313\d{5}$/);
    expect(made.json.creationTime).toBe(made.json.modifiedTime);
    const at = `v1/segmentGroup/${made.json.id}`;

    const got = await zpa.call('GET', at, {});
    expect([got.status, keysOf(got.json), namesOf(got.headers)]).toEqual([200, KEYS.group, HEADERS.answered]);
    expect(got.json).toMatchObject({ readOnly: false, zscalerManaged: false, microtenantName: 'Default' });

    const replaced = await zpa.call('PUT', at, { name: 'Print two' });
    expect([replaced.status, replaced.text, namesOf(replaced.headers)]).toEqual([204, '', HEADERS.empty]);
    const after = await zpa.call('GET', at, {});
    expect(keysOf(after.json)).toBe(KEYS.group.replace('description ', ''));
    expect(after.json).toMatchObject({ name: 'Print two', enabled: true });

    const listed = await zpa.call('GET', 'v1/segmentGroup', {});
    expect(keysOf(listed.json)).toBe('totalPages totalCount list');
    expect(listed.json).toMatchObject({ totalPages: '1', totalCount: '2' });
    const [old, ours] = listed.json.list ?? [];
    expect(keysOf(old)).toBe(KEYS.groupListed);
    expect(keysOf(ours)).toBe(KEYS.groupListed.replace('applications ', ''));
    const members = old?.applications;
    expect(Array.isArray(members) && members.map(keysOf)).toEqual([KEYS.member]);

    const gone = await zpa.call('DELETE', at, {});
    expect([gone.status, gone.text, namesOf(gone.headers)]).toEqual([204, '', HEADERS.empty]);
  });

  it('application: create in a group, search, get, replace, delete by force, then its group', async () => {
    const group = await zpa.call('POST', 'v1/segmentGroup', { name: 'Shops', enabled: true });
    const made = await zpa.call('POST', 'v1/application', {
      name: 'till.example.com',
      description: 'Tills',
      enabled: true,
      domainNames: ['till.example.com'],
      segmentGroupId: group.json.id,
      serverGroups: [{ id: '800000000000000001' }],
      tcpPortRanges: ['7001', '7001'],
    });
    expect([made.status, keysOf(made.json)]).toEqual([201, KEYS.applicationCreated]);
    expect(made.json.segmentGroupId).toBe(group.json.id);

    const found = await zpa.call('GET', 'v1/application?search=name%2BEQ%2Btill.example.com', {});
    expect(found.json).toMatchObject({ totalPages: '1', totalCount: '1' });
    expect(found.json.list?.map(keysOf)).toEqual([KEYS.application]);

    const at = `v1/application/${made.json.id}`;
    const update = { name: 'till.example.com', domainNames: ['till.example.com'], description: 'New tills' };
    const ports = { tcpPortRanges: ['7002', '7002'], tcpPortRange: [], udpPortRanges: [], udpPortRange: [] };
    const replaced = await zpa.call('PUT', at, { ...update, ...ports, segmentGroupId: group.json.id, enabled: true });
    expect([replaced.status, replaced.text]).toEqual([204, '']);
    const got = await zpa.call('GET', at, {});
    expect(got.json).toMatchObject({
      description: 'New tills',
      tcpPortRange: [{ from: '7002', to: '7002' }],
      segmentGroupName: 'Shops',
    });
    expect((await zpa.call('DELETE', `${at}?forceDelete=true`, {})).status).toBe(204);
    expect((await zpa.call('DELETE', `v1/segmentGroup/${group.json.id}`, {})).status).toBe(204);
  });

  it('policy: the set, rules of v1 and v2, a rule list, reorder, delete', async () => {
    const set = await zpa.call('GET', 'v1/policySet/policyType/ACCESS_POLICY', {});
    expect([keysOf(set.json), set.json.policyType]).toEqual([KEYS.policySet, '1']);
    const rules = `policySet/${set.json.id}/rule`;
    const clients = (values: string[]) => [{ operator: 'OR', operands: [{ objectType: 'CLIENT_TYPE', values }] }];
    const zapp = [
      { operator: 'OR', operands: [{ objectType: 'CLIENT_TYPE', lhs: 'id', rhs: 'zpn_client_type_zapp' }] },
    ];
    const word = { description: 'why', action: 'ALLOW', customMsg: null, ruleOrder: null };
    const one = await zpa.call('POST', `v1/${rules}`, { name: 'one', ...word, conditions: zapp });
    expect([one.status, keysOf(one.json), one.json.ruleOrder]).toEqual([201, KEYS.ruleCreated, '1']);
    const both = clients(['zpn_client_type_zapp', 'zpn_client_type_exporter']);
    const two = await zpa.call('POST', `v2/${rules}`, { name: 'two', ...word, conditions: both });
    expect([two.status, keysOf(two.json), two.json.priority]).toEqual([201, KEYS.ruleCreatedV2, '1']);

    const got = await zpa.call('GET', `v1/${rules}/${two.json.id}`, {});
    expect(keysOf(got.json)).toBe(KEYS.rule);
    const [condition] = got.json.conditions as { operands: unknown[] }[];
    expect(keysOf(condition)).toBe(KEYS.condition);
    expect(condition?.operands.map(keysOf)).toEqual([KEYS.operand, KEYS.operand]);

    expect((await zpa.call('PUT', `v2/${rules}/${two.json.id}`, { name: 'second', ...word })).status).toBe(204);
    expect((await zpa.call('PUT', `v1/${rules}/${two.json.id}/reorder/1`, {})).status).toBe(204);
    const names = async (): Promise<unknown[]> => {
      const { json } = await zpa.call('GET', 'v1/policySet/rules/policyType/ACCESS_POLICY', {});
      return (json.list ?? []).map(({ name, ruleOrder, priority }) => [name, ruleOrder, priority]);
    };
    expect(await names()).toEqual([
      ['second', '1', '2'],
      ['one', '2', '1'],
    ]);
    const order = await zpa.call('PUT', `v1/policySet/${set.json.id}/reorder`, [one.json.id, two.json.id]);
    expect(order.status).toBe(204);
    expect(await names()).toEqual([
      ['one', '1', '2'],
      ['second', '2', '1'],
    ]);
    for (const { json } of [one, two]) {
      expect((await zpa.call('DELETE', `v1/${rules}/${json.id}`, {})).status).toBe(204);
    }
    expect(await names()).toEqual([]);
    const isolation = await zpa.call('GET', 'v1/policySet/rules/policyType/ISOLATION_POLICY', {});
    expect(isolation.json.list?.map(({ defaultRule }) => defaultRule)).toEqual([true]);
  });

  it('the answers to POST of the older API', async () => {
    simulator.quirks.set('post-readonly-keys', 'absent');
    const group = { name: 'Older', description: 'Of 2025', enabled: true };
    const made = await zpa.call('POST', 'v1/segmentGroup', group);
    expect([keysOf(made.json), made.headers['x-oneapi-version']]).toEqual([OLDER_KEYS.groupCreated, '109.1.85']);
    const set = await zpa.call('GET', 'v1/policySet/policyType/ACCESS_POLICY', {});
    const conditions = [{ operator: 'OR', operands: [{ objectType: 'APP_GROUP', values: [made.json.id] }] }];
    const rule = { description: 'why', action: 'ALLOW', conditions };
    const v1 = await zpa.call('POST', `v1/policySet/${set.json.id}/rule`, { name: 'old one', ...rule });
    const v2 = await zpa.call('POST', `v2/policySet/${set.json.id}/rule`, { name: 'old two', ...rule });
    expect([keysOf(v1.json), keysOf(v2.json)]).toEqual([OLDER_KEYS.ruleCreated, OLDER_KEYS.ruleCreatedV2]);
    simulator.quirks.reset();
    for (const { json } of [v1, v2]) await zpa.call('DELETE', `v1/policySet/${set.json.id}/rule/${json.id}`, {});
    const newest = await zpa.call('DELETE', `v1/segmentGroup/${made.json.id}`, {});
    expect([newest.status, newest.headers['x-oneapi-version']]).toEqual([204, '109.1.146']);
  });

  it('microtenants: create, get, replace, list, summary, delete', async () => {
    const body = { name: 'Branch', description: 'd', enabled: true, criteriaAttribute: 'AuthDomain' };
    const made = await zpa.call('POST', 'v1/microtenants', { ...body, privilegedApprovalsEnabled: true });
    expect([made.status, keysOf(made.json)]).toEqual([201, KEYS.microtenantCreated]);
    const at = `v1/microtenants/${made.json.id}`;
    expect(keysOf((await zpa.call('GET', at, {})).json)).toBe(KEYS.microtenant);
    expect((await zpa.call('PUT', at, { ...body, description: 'e' })).status).toBe(204);
    const listed = await zpa.call('GET', 'v1/microtenants', {});
    expect(listed.json.list?.map(({ id, scopeOrder }) => [id, scopeOrder])).toEqual([
      [made.json.id, '1'],
      ['0', '2'],
    ]);
    const summary = await zpa.call('GET', 'v1/microtenants/summary', {});
    expect(JSON.parse(summary.text)).toEqual([
      { id: made.json.id, name: 'Branch', enabled: true },
      { id: '0', name: 'Default', enabled: true },
    ]);
    simulator.quirks.set('default-microtenant', 'no-id');
    const documented = await zpa.call('GET', 'v1/microtenants', {});
    expect(documented.json.list?.map(({ id, name }) => [id, name])).toEqual([
      [made.json.id, 'Branch'],
      [undefined, 'Default'],
    ]);
    simulator.quirks.reset();
    expect((await zpa.call('DELETE', at, {})).status).toBe(204);
  });

  it('token, missing object, missing token, unknown path', async () => {
    const plain = caller(simulator.url);
    const fields = { grant_type: 'client_credentials', audience: 'https://api.zscaler.com', client_id: 'simulator' };
    const token = await plain.form('/oauth2/v1/token', { ...fields, client_secret: 'simulator' });
    expect([token.status, keysOf(token.json), namesOf(token.headers)]).toEqual([
      200,
      'access_token token_type expires_in',
      HEADERS.token,
    ]);
    expect(token.json).toMatchObject({ token_type: 'Bearer', expires_in: 83999 });
    expect(String(token.json.access_token).split('.')).toHaveLength(3);
    const wrong = await plain.form('/oauth2/v1/token', { ...fields, client_secret: 'guess' });
    expect([wrong.status, wrong.text]).toEqual([401, '{"error":"invalid_client"}']);

    const missing = await zpa.call('GET', 'v1/segmentGroup/72000000000000009', {});
    expect([missing.status, missing.headers['content-type']]).toEqual([400, 'application/json']);
    expect(missing.text).toBe(
      '{\n  "params" : [ "72000000000000009" ],\n  "id" : "resource.not.found",\n  "reason" : "No resource exists with the given id/name :72,000,000,000,000,009"\n}',
    );
    const stale = await zpa.call('GET', 'v1/segmentGroup', {}, { authorization: 'Bearer stale' });
    expect([stale.status, stale.text.length, namesOf(stale.headers)]).toEqual([401, 71, HEADERS.unauthorized]);
    const unrouted = await zpa.call('GET', 'v1/nothingHere', {});
    expect([unrouted.status, unrouted.text, namesOf(unrouted.headers)]).toEqual([
      404,
      '404 Not Found',
      HEADERS.unrouted,
    ]);
    await plain.close();
  });

  it('is not compressed for callers that do not ask for it', async () => {
    const got = await zpa.call('GET', 'v1/segmentGroup', undefined, { 'accept-encoding': 'identity' });
    expect(got.headers['content-encoding']).toBeUndefined();
    expect(got.json.totalCount).toBe('1');
  });
});
