import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDice } from '../../../../local/zpa-simulator/behaviour/chance.ts';
import { createQuirks, UnknownQuirk } from '../../../../local/zpa-simulator/behaviour/chosen-quirks.ts';
import { createFaults } from '../../../../local/zpa-simulator/behaviour/faults.ts';
import { describeQuirks, QUIRKS } from '../../../../local/zpa-simulator/behaviour/quirks.ts';
import { createRateLimits } from '../../../../local/zpa-simulator/behaviour/rate-limits.ts';
import { readSeed } from '../../../../local/zpa-simulator/console/plant.ts';
import { createTokens } from '../../../../local/zpa-simulator/gateway/tokens.ts';
import { DEFAULT_SEED } from '../../../../local/zpa-simulator/tenant/default-seed.ts';
import { createReadLag } from '../../../../local/zpa-simulator/tenant/read-lag.ts';
import { createStore } from '../../../../local/zpa-simulator/tenant/store.ts';

const CUSTOMER = '216196257331281920';

describe('quirks', () => {
  it('start with the first value, and name what is possible', () => {
    const quirks = createQuirks({ 'list-order': 'name' });
    expect([quirks.get('duplicate-name'), quirks.get('list-order')]).toEqual(['refuse', 'name']);
    expect(() => quirks.set('nothing', 'x')).toThrow(UnknownQuirk);
    expect(() => quirks.set('list-order', 'x')).toThrow('it can be: id, name, modified');
    quirks.set('list-order', 'modified');
    quirks.reset();
    expect(quirks.get('list-order')).toBe('name');
  });

  it('are all in the help, each with every value', () => {
    const help = describeQuirks();
    for (const [name, { values, about }] of Object.entries(QUIRKS)) {
      expect(help).toContain(`${name}=${values.join('|')}`);
      expect(about.length).toBeGreaterThan(20);
    }
  });
});

describe('store', () => {
  const open = () => createStore(readSeed(DEFAULT_SEED).world);
  const group = '45096653';

  it('takes a change back if it is not kept, or throws', () => {
    const store = open();
    const before = store.snapshot();
    const written = store.write(
      CUSTOMER,
      (tenant) => tenant.remove('group', group),
      () => false,
    );
    expect(written?.effects).toEqual([]);
    const crash = () =>
      store.write(CUSTOMER, (tenant) => {
        for (const one of tenant.all('group')) tenant.remove('group', one.id);
        throw new Error('half way');
      });
    expect(crash).toThrow('half way');
    const ids = (list: { id: string }[] = []) => list.map(({ id }) => id).sort();
    expect(ids(store.snapshot().customers[CUSTOMER]?.group)).toEqual(ids(before.customers[CUSTOMER]?.group));
  });

  it('tells several changes of one document as one effect', () => {
    const store = open();
    const written = store.write(CUSTOMER, (tenant) => {
      const one = tenant.get('group', group);
      if (one === undefined) throw new Error('seed');
      tenant.put('group', { ...one, name: 'First' });
      tenant.put('group', { ...one, name: 'Second' });
    });
    expect(written?.effects).toMatchObject([
      { id: group, before: { name: 'Staging Apps' }, after: { name: 'Second' } },
    ]);
  });

  it('gives out increasing 64-bit ids and knows no foreign customer', () => {
    const store = open();
    const take = () => BigInt(store.write(CUSTOMER, (tenant) => tenant.takeId())?.result ?? 0);
    const [first, second] = [take(), take()];
    expect(first).toBeGreaterThan(2n ** 53n);
    expect(second).toBe(first + 1n);
    expect(store.write('1', () => true)).toBeUndefined();
  });

  it('answers the past for so many reads, then the present', () => {
    let now = 0;
    const settings = { reads: 2, kinds: ['group', 'groups'], order: 'steady' } as const;
    const lag = createReadLag(
      () => settings,
      createDice(1).random,
      () => now,
    );
    const store = createStore(readSeed(DEFAULT_SEED).world, lag);
    store.write(CUSTOMER, (tenant) => tenant.remove('group', group));
    const alone = { kind: 'group', id: group } as const;
    const seen = [1, 2, 3].map(() => store.read(CUSTOMER, alone)?.get('group', group) !== undefined);
    expect(seen).toEqual([true, true, false]);
    const listed = () =>
      store
        .read(CUSTOMER, { kind: 'groups' })
        ?.all('group')
        .map(({ id }) => id);
    expect([listed(), listed(), listed()].map((ids) => ids?.includes(group))).toEqual([true, true, false]);
    expect(store.view(CUSTOMER)?.get('group', group)).toBeUndefined();
    store.write(CUSTOMER, (tenant) => tenant.remove('group', '216196257331372620'));
    now += 60_001;
    const later = store.read(CUSTOMER, { kind: 'group', id: '216196257331372620' });
    expect(later?.get('group', '216196257331372620')).toBeUndefined();
  });
});

describe('rate limits', () => {
  it('never let more than 20 reads through in the 10 s after a window opened', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 30, maxLength: 200 }), (gaps) => {
        const limits = createRateLimits('documented');
        const call = { customerId: '1', address: 'a', method: 'GET', path: '/x' };
        let now = 0;
        let opened = -10_000;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          if (now - opened >= 10_000) [opened, passed] = [now, 0];
          const wait = limits.check(call, now);
          if (wait === undefined) passed += 1;
          else expect(now + wait * 1000).toBeGreaterThanOrEqual(opened + 10_000);
          expect(passed).toBeLessThanOrEqual(20);
        }
      }),
    );
  });
});

describe('faults', () => {
  it('match by method and pattern, and read the path literally otherwise', () => {
    const faults = createFaults();
    faults.script({ method: ['PUT', 'post'], path: 'segmentGroup/*' }, { kind: 'reset' }, 2);
    expect(faults.take('GET', '/v1/segmentGroup/1')).toBeUndefined();
    expect(faults.take('PUT', '/v1/segmentGroup')).toBeUndefined();
    expect(faults.take('POST', '/v1/segmentGroup/1')).toEqual({ kind: 'reset' });
    expect(faults.take('PUT', '/v1/segmentGroup/2')).toEqual({ kind: 'reset' });
    expect(faults.take('PUT', '/v1/segmentGroup/2')).toBeUndefined();
    faults.script({ path: 'a.b' }, { kind: 'reset' });
    expect(faults.take('GET', '/axb')).toBeUndefined();
  });
});

describe('tokens', () => {
  it('are JWTs that end, by time, by command, and by any change to them', () => {
    const tokens = createTokens('key', 0);
    const token = tokens.issue('me', 'session', 60, 1000);
    expect(tokens.read(token, 1059)).toEqual({ clientId: 'me', transactionId: 'session', expiresAtSeconds: 1060 });
    expect(tokens.read(token, 1060)).toBeUndefined();
    expect(tokens.read(`${token}x`, 1000)).toBeUndefined();
    expect(createTokens('other', 0).read(token, 1000)).toBeUndefined();
    tokens.expireAll();
    expect(tokens.read(token, 1000)).toBeUndefined();
    expect(tokens.read(tokens.issue('me', 'session', 60, 1000), 1000)?.clientId).toBe('me');
  });
});

describe('seed', () => {
  it('plants the ids of the guide, ungrouped and disabled', () => {
    const tenant = createStore(readSeed(DEFAULT_SEED).world).view(CUSTOMER);
    for (const id of ['926196382959075422', '926196382959075423', '926196382959075424']) {
      expect(tenant?.get('application', id)?.segmentGroupId).toBeUndefined();
    }
    expect(tenant?.get('group', '45096653')).toMatchObject({ enabled: false, creationTime: undefined });
    const [naming] = tenant?.all('rule').filter((rule) => !rule.defaultRule) ?? [];
    expect(tenant?.get('group', naming?.conditions[0]?.operands[0]?.rhs ?? '')?.name).toBe('Finance');
  });

  it('serves several customers, takes ids as strings only, and refuses dangling members', () => {
    const several = readSeed({ customers: { '11': { groups: [{ name: 'A' }] }, '22': {} } });
    expect(Object.keys(several.world.customers)).toEqual(['11', '22']);
    expect(() => readSeed({ groups: [{ id: 5 as unknown as string, name: 'A' }] })).toThrow(/string/);
    expect(() => readSeed({ groups: [{ name: 'A', applications: ['7'] }] })).toThrow(/does not have: 7/);
    expect(() => readSeed({ applications: [{ name: 'A', segmentGroupId: '7' }] })).toThrow(/group 7/);
    expect(() => readSeed({ groupes: [] })).toThrow(/groupes/);
  });

  it('leaves unlicensed policy types out', () => {
    const { world } = readSeed({ unlicensedPolicyTypes: ['INSPECTION_POLICY'] });
    const types = world.customers[CUSTOMER]?.policySet.map(({ policyType }) => policyType);
    expect(types).toContain('ACCESS_POLICY');
    expect(types).not.toContain('INSPECTION_POLICY');
  });
});

describe('chance', () => {
  it('repeats itself for the same seed', () => {
    const [one, two] = [createDice(7), createDice(7)];
    expect([one.uuid(), one.between(3, 9)]).toEqual([two.uuid(), two.between(3, 9)]);
    expect(createDice(8).uuid()).not.toBe(createDice(7).uuid());
  });
});
