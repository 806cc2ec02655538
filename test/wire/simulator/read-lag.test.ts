import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, signedIn } from './client.ts';

const STAGING = '45096653';
const [INTRANET, FINANCE] = ['216196257331372620', '216196257331372621'];
const WIKI = '216196257331372610';
const RULE = '216196257331372630';

describe('replicas that lag behind', () => {
  let simulator: Simulator;
  let zpa: Caller;
  const open = async (randomSeed: number) => {
    simulator = await startSimulator({ randomSeed });
    zpa = await signedIn(simulator);
  };
  const close = async () => {
    await zpa.close();
    await simulator.close();
  };
  beforeEach(() => open(1));
  afterEach(close);
  const quirks = (settings: Record<string, string>) => {
    for (const [name, value] of Object.entries(settings)) simulator.quirks.set(name, value);
  };
  const get = async (path: string) => (await zpa.call('GET', `v1/${path}`)).json;
  const rename = (name: string, id = STAGING) => zpa.call('PUT', `v1/segmentGroup/${id}`, { name });
  const alone = async (id = STAGING) => (await get(`segmentGroup/${id}`)).name;
  const listed = async (id = STAGING) => (await get('segmentGroup')).list?.find((one) => one.id === id)?.name;
  const found = async (name: string) => (await get(`segmentGroup?search=name+EQ+${name}`)).list?.length;
  const home = async () => (await get(`application/${WIKI}`)).segmentGroupId;

  it('each kind of read lags by itself, and only the kinds of the quirk', async () => {
    quirks({ 'read-lag': '1' });
    await rename('Later');
    expect([await alone(), await alone()]).toEqual(['Staging Apps', 'Later']);
    expect([await listed(), await listed()]).toEqual(['Staging Apps', 'Later']);
    expect([await found('Later'), await found('Later')]).toEqual([0, 1]);
    quirks({ 'read-lag-of': 'groups' });
    await rename('Last');
    expect([await alone(), await found('Last')]).toEqual(['Last', 1]);
    expect([await listed(), await listed()]).toEqual(['Later', 'Last']);
  });

  it('each object lags by itself: what is read of one brings no other up to date', async () => {
    quirks({ 'read-lag': '1', 'read-lag-of': 'group' });
    await rename('A');
    await rename('B', INTRANET);
    expect([await alone(), await alone()]).toEqual(['Staging Apps', 'A']);
    expect([await alone(INTRANET), await alone(INTRANET)]).toEqual(['Intranet', 'B']);
  });

  it('a group that an application left or joined lags as well, and each application of a list is in one group', async () => {
    quirks({ 'read-lag': '1' });
    await zpa.call('PUT', `v2/segmentGroup/${FINANCE}`, { name: 'Finance', addedApps: [WIKI] });
    const members = async (id: string) =>
      ((await get(`segmentGroup/${id}`)).applications as { id: string }[]).some((one) => one.id === WIKI);
    expect([await members(INTRANET), await members(INTRANET)]).toEqual([true, false]);
    expect([await members(FINANCE), await members(FINANCE)]).toEqual([false, true]);
    const homes = async () =>
      (await get('segmentGroup')).list?.flatMap(({ id, applications }) =>
        ((applications ?? []) as { id: string }[]).some((one) => one.id === WIKI) ? [id] : [],
      );
    expect([await homes(), await homes()]).toEqual([[INTRANET], [FINANCE]]);
    expect([await home(), await home()]).toEqual([INTRANET, FINANCE]);
  });

  it('rules lag in their list and by their id', async () => {
    quirks({ 'read-lag': '1' });
    const set = await get('policySet/policyType/ACCESS_POLICY');
    await zpa.call('DELETE', `v1/policySet/${set.id}/rule/${RULE}`);
    const rules = async () => (await get('policySet/rules/policyType/ACCESS_POLICY')).list?.map(({ id }) => id);
    expect([await rules(), await rules()]).toEqual([[RULE], []]);
    const one = async () => (await get(`policySet/${set.id}/rule/${RULE}`)).name;
    expect([await one(), await one()]).toEqual(['Finance staff', undefined]);
  });

  it('goes backwards: a later read is older than an earlier one', async () => {
    quirks({ 'read-lag': '3', 'read-lag-order': 'backwards' });
    await rename('New');
    const names: unknown[] = [];
    for (let read = 0; read < 8; read += 1) names.push(await alone());
    const [old, now] = ['Staging Apps', 'New'];
    expect(names).toEqual([now, old, now, old, now, old, now, now]);
  });

  it('is drawn by the random seed: the same seed gives the same reads, another one others', async () => {
    const drawn = async (seed: number) => {
      await close();
      await open(seed);
      quirks({ 'read-lag': '3', 'read-lag-order': 'drawn' });
      const names: unknown[] = [];
      for (const name of ['A', 'B', 'C']) {
        await rename(name);
        for (let read = 0; read < 4; read += 1) names.push(await alone(), await listed());
      }
      return names.join(' ');
    };
    const first = await drawn(1);
    expect(await drawn(1)).toBe(first);
    expect(await drawn(2)).not.toBe(first);
  });

  it('concerns only the objects that a test names', async () => {
    quirks({ 'read-lag': '10' });
    simulator.lagOnly([STAGING]);
    await rename('A');
    await rename('B', INTRANET);
    expect([await alone(), await alone(INTRANET)]).toEqual(['Staging Apps', 'B']);
    const everyObject = { method: 'PUT', body: '{}' };
    expect((await fetch(`${simulator.url}/__simulator/lag-only`, everyObject)).status).toBe(204);
    await rename('C', INTRANET);
    expect(await alone(INTRANET)).toBe('B');
    simulator.reset();
    expect(await alone()).toBe('Staging Apps');
  });

  it("a colleague's edit is seen late, too, and a write never acts on the past", async () => {
    quirks({ 'read-lag': '10' });
    simulator.store.moveApplication('Wiki', 'Engineering');
    expect(await home()).toBe(INTRANET);
    expect((await zpa.call('PUT', `v1/segmentGroup/${INTRANET}`, { name: 'Inside' })).status).toBe(204);
    expect(simulator.store.application(WIKI)?.segmentGroupId).not.toBe(INTRANET);
  });
});

describe('lists that move while they are paged', () => {
  let simulator: Simulator;
  let zpa: Caller;
  beforeEach(async () => {
    const groups = ['a', 'b', 'c', 'd', 'e'].map((name, index) => ({ id: `${10 + index}`, name }));
    simulator = await startSimulator({ seed: { groups } });
    zpa = await signedIn(simulator);
  });
  afterEach(async () => {
    await zpa.close();
    await simulator.close();
  });
  const page = async (number: number, search = '') => {
    const { json } = await zpa.call('GET', `v1/segmentGroup?pagesize=2&page=${number}${search}`);
    return `${json.list?.map(({ name }) => name).join('')} of ${json.totalCount}`;
  };
  const pages = async (search = '') => [await page(1, search), await page(2, search), await page(3, search)];

  it('an entry jumps to an earlier page once: one is missed, one comes twice, the total stays', async () => {
    simulator.quirks.set('list-moves', 'once');
    expect(await pages()).toEqual(['ab of 5', 'bd of 5', 'e of 5']);
    expect(await pages()).toEqual(['ca of 5', 'bd of 5', 'e of 5']);
  });

  it('at every later page, each list by itself, and never unless told', async () => {
    expect(await pages()).toEqual(['ab of 5', 'cd of 5', 'e of 5']);
    simulator.quirks.set('list-moves', 'always');
    expect(await pages()).toEqual(['ab of 5', 'bd of 5', 'd of 5']);
    expect(await page(1, '&search=enabled+EQ+true')).toBe('ab of 5');
  });
});
