import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, signedIn } from './client.ts';

const WIKI = 'v1/application/216196257331372610';
const RULES = 'v1/policySet';

describe('application segments', () => {
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
  const wiki = (fields: object) => ({ name: 'Wiki', domainNames: ['wiki.example.com'], ...fields });
  const refusal = async (answer: ReturnType<Caller['call']>) => {
    const { status, json } = await answer;
    return [status, json.id, json.reason];
  };
  const notValid = (field: string) => [
    400,
    'invalid.resource.argument',
    `One or more input fields ${field} are not valid.`,
  ];

  it.each(['tcp', 'udp'])('ports written in both ways: %s ranges win over flat pairs', async (protocol) => {
    const [flat, ranges] = [`${protocol}PortRanges`, `${protocol}PortRange`];
    const both = { [flat]: ['4429', '4429'], [ranges]: [{ from: 5139, to: 5140 }] };
    await zpa.call('PUT', WIKI, wiki(both));
    const { json } = await zpa.call('GET', WIKI);
    expect([json[flat], json[ranges]]).toEqual([['5139', '5140'], [{ from: '5139', to: '5140' }]]);
    const made = await zpa.call('POST', 'v1/application', { ...wiki(both), name: 'Second Wiki' });
    expect(made.json[flat]).toEqual(['5139', '5140']);
  });

  it.each(['tcp', 'udp'])('empty %s ranges say nothing: the flat pairs stand', async (protocol) => {
    const [flat, ranges] = [`${protocol}PortRanges`, `${protocol}PortRange`];
    await zpa.call('PUT', WIKI, wiki({ [flat]: ['4429', '4429'], [ranges]: [] }));
    expect((await zpa.call('GET', WIKI)).json).toMatchObject({ [ranges]: [{ from: '4429', to: '4429' }] });
  });

  it.each([
    ['a name in place of an id', [{ id: 'CORP-WEST-1' }]],
    ['one of several', [{ id: '800000000000000001' }, { id: 'CORP-WEST-1' }]],
    ['no id', [{ name: 'CORP-WEST-1' }]],
    ['an empty id', [{ id: '' }]],
    ['bare ids', ['800000000000000001']],
    ['no list', { id: '800000000000000001' }],
  ])('refuses server groups that cannot be one: %s', async (_case, serverGroups) => {
    const made = zpa.call('POST', 'v1/application', { ...wiki({ serverGroups }), name: 'Second Wiki' });
    expect(await refusal(made)).toEqual(notValid('serverGroups'));
    expect(await refusal(zpa.call('PUT', WIKI, wiki({ serverGroups })))).toEqual(notValid('serverGroups'));
    expect(simulator.log.effects()).toEqual([]);
  });

  it.each(['appServerGroups', 'appConnectorGroups'])('a rule refuses %s that cannot be one', async (field) => {
    const set = await zpa.call('GET', `${RULES}/policyType/ACCESS_POLICY`);
    const rule = (id: string) => ({ name: 'By server', action: 'ALLOW', [field]: [{ id }] });
    const rules = `${RULES}/${set.json.id}/rule`;
    expect(await refusal(zpa.call('POST', rules, rule('CORP-WEST-1')))).toEqual(notValid(field));
    const made = await zpa.call('POST', rules, rule('800000000000000001'));
    expect(made.status).toBe(201);
    const again = zpa.call('PUT', `${rules}/${made.json.id}`, rule('CORP-WEST-1'));
    expect(await refusal(again)).toEqual(notValid(field));
  });

  it('keeps browser access: each application inside has an id of its own that a later write can name', async () => {
    const app = {
      domain: 'wiki.example.com',
      applicationPort: '443',
      applicationProtocol: 'HTTPS',
      certificateId: '9',
    };
    const body = { ...wiki({ clientlessApps: [app] }), name: 'Web Wiki' };
    const made = await zpa.call('POST', 'v1/application', body);
    const { clientlessApps } = (await zpa.call('GET', `v1/application/${made.json.id}`)).json;
    const inside = { ...app, id: expect.stringMatching(/^\d+$/), appId: made.json.id, name: 'wiki.example.com' };
    expect(clientlessApps).toEqual([expect.objectContaining({ ...inside, enabled: true })]);
    expect(made.json.clientlessApps).toEqual(clientlessApps);
    const byType = await zpa.call('GET', 'v1/application/getAppsByType?applicationType=BROWSER_ACCESS');
    expect(byType.json.list).toEqual([expect.objectContaining({ domain: 'wiki.example.com', certificateId: '9' })]);
    await zpa.call('PUT', `v1/application/${made.json.id}`, { ...body, clientlessApps });
    expect((await zpa.call('GET', `v1/application/${made.json.id}`)).json.clientlessApps).toEqual(clientlessApps);
  });

  it('keeps what it has no default for', async () => {
    const kept = { defaultIdleTimeout: '600', defaultMaxAge: '3600', zpnErId: { id: '7' }, tags: [{ origin: 'x' }] };
    await zpa.call('PUT', WIKI, wiki(kept));
    expect((await zpa.call('GET', WIKI)).json).toMatchObject(kept);
  });
});
