import { describe, expect, it } from 'vitest';
import { isInUse } from '../../../../shared/domain/group/policy-rule.ts';
import type { SeenListStore } from '../../../../shared/ports/seen-lists.ts';
import { createListMemory } from '../../../../shared/zpa/api/list-memory.ts';
import { createRuleScan, POLICY_TYPES } from '../../../../shared/zpa/api/policy-rules.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';
import { createMemorySeenLists } from '../../../fakes/memory-seen-lists.ts';
import { scriptedCaller } from '../scripted-caller.ts';

const GROUP = '216196257331404691';
const v1 = (rhs: string, objectType = 'APP_GROUP') => [{ operands: [{ objectType, lhs: 'id', rhs }] }];
const rule = (id: string, conditions: unknown) => ({
  id,
  name: `rule &amp; ${id}`,
  ruleOrder: '3',
  action: 'ALLOW',
  conditions,
});

/** ACCESS holds a naming rule; the types in `refuse` answer with that error. */
function tenant(refuse: Record<string, string> = {}) {
  return scriptedCaller(({ ids: [type = ''] = [] }) => {
    const code = refuse[type];
    if (code !== undefined) throw new ZpaError('no', { code }, { reason: `${type} is off` });
    if (type !== 'ACCESS_POLICY') return { totalPages: '0' };
    return { totalPages: '1', list: [rule('1', v1('999')), rule('2', v1(GROUP)), rule('3', undefined)] };
  });
}

describe('which rules name a group', () => {
  it('asks for every type and says so', async () => {
    const { caller, calls } = tenant();
    const scan = await createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1')).rulesNaming(GROUP, {
      microtenantId: '7',
    });
    expect(scan.mentions).toEqual([
      {
        policyType: 'ACCESS_POLICY',
        ruleId: '2',
        ruleName: 'rule & 2',
        ruleOrder: '3',
        microtenantId: '0',
        action: 'ALLOW',
      },
    ]);
    expect(scan.scanned).toEqual(POLICY_TYPES.map(({ policyType }) => policyType));
    expect(scan.skipped).toEqual([]);
    expect(calls.every(({ query }) => query?.microtenantId === '7')).toBe(true);
  });

  it('skips a type the customer has not bought, with what ZPA said', async () => {
    const { caller } = tenant({ ISOLATION_POLICY: 'feature-disabled', USER_PORTAL: 'invalid-argument' });
    const scan = await createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1')).rulesNaming(GROUP);
    expect(scan.skipped).toEqual([
      { policyType: 'ISOLATION_POLICY', reason: 'ISOLATION_POLICY is off' },
      { policyType: 'USER_PORTAL', reason: 'USER_PORTAL is off', unknown: true },
    ]);
    expect(scan.mentions).toHaveLength(1);
  });

  it.each([
    ['ACCESS_POLICY', 'not-found'],
    ['TIMEOUT_POLICY', 'feature-disabled'],
    ['ISOLATION_POLICY', 'invalid-argument'],
    ['SIEM_POLICY', 'forbidden'],
    ['CREDENTIAL_POLICY', 'rate-limited'],
    ['USER_PORTAL', 'timeout'],
    ['INSPECTION_POLICY', 'no-such-route'],
  ])('is no answer when %s fails with %s', async (type, code) => {
    const { caller } = tenant({ [type]: code });
    await expect(
      createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1')).rulesNaming(GROUP),
    ).rejects.toMatchObject({ code });
  });
});

it('a scan ends with the policy type whose rules are enough, and says how many it did not read', async () => {
  const { caller, calls } = tenant();
  const scan = createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1'));
  const list = await scan.listRules({ isEnough: (found) => isInUse(GROUP, found) });
  expect(list).toMatchObject({ scanned: ['ACCESS_POLICY'], unreadTypes: POLICY_TYPES.length - 1 });
  expect(calls).toHaveLength(1);
  expect(await scan.listRules({ isEnough: (found) => isInUse('1', found) })).not.toHaveProperty('unreadTypes');
});

it('a type that the cloud does not know, as another microtenant showed, is not read', async () => {
  const { caller, calls } = tenant({ USER_PORTAL: 'invalid-argument' });
  const scan = createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1'));
  const { skipped: unknown } = await scan.listRules({ microtenantId: '0' });
  const before = calls.length;
  const { skipped, scanned } = await scan.listRules({ microtenantId: '7', unknown });
  expect(skipped).toEqual(unknown);
  expect([calls.length - before, scanned.length]).toEqual([POLICY_TYPES.length - 1, POLICY_TYPES.length - 1]);
});

describe('a type that ZPA answers as absent', () => {
  /** ISOLATION holds a rule until `gone`; then ZPA answers it as a type that does not exist. */
  function isolation(store: SeenListStore = createMemorySeenLists()) {
    const state = { gone: false, writes: 0 };
    const counted: SeenListStore = {
      ...store,
      write: (...of) => {
        state.writes += 1;
        return store.write(...of);
      },
    };
    const { caller } = scriptedCaller(({ ids: [type = ''] = [] }) => {
      if (type !== 'ISOLATION_POLICY') return { totalPages: '0' };
      if (state.gone) throw new ZpaError('no', { code: 'not-found' }, { reason: 'no such policy' });
      return { totalPages: '1', list: [rule('1', v1(GROUP))] };
    });
    return { state, scan: () => createRuleScan(caller, createListMemory(counted, 'BETA:1')) };
  }

  it('is not skipped by any process once it showed a rule, and is noted once', async () => {
    const { state, scan } = isolation();
    await scan().listRules({ microtenantId: '7' });
    await scan().listRules({ microtenantId: '7' });
    expect(state.writes).toBe(1);
    state.gone = true;
    await expect(scan().listRules({ microtenantId: '7' })).rejects.toMatchObject({
      code: 'list-vanished',
      fault: { class: 'unknown', scope: 'change', effect: 'none', reason: expect.stringContaining('no such policy') },
    });
    const { skipped } = await scan().listRules({ microtenantId: '8' });
    expect(skipped).toEqual([{ policyType: 'ISOLATION_POLICY', reason: 'no such policy' }]);
  });

  it('is not skipped if nobody can read whether it showed a rule, and no rule is read that cannot be noted', async () => {
    const refuse = () => Promise.reject(Object.assign(new Error('no table'), { code: 'ledger-failed' }));
    const unreadable = isolation({ read: refuse, write: refuse });
    await expect(unreadable.scan().listRules()).rejects.toMatchObject({ code: 'ledger-failed' });
    unreadable.state.gone = true;
    await expect(unreadable.scan().listRules()).rejects.toMatchObject({ code: 'ledger-failed' });
    const fixed = isolation({ read: async () => undefined, write: refuse });
    await expect(fixed.scan().listRules()).rejects.toMatchObject({ code: 'ledger-failed' });
  });
});

describe('the rules of a microtenant', () => {
  const said = { operator: 'AND', disabled: '1', action: 'DENY', microtenantId: '7' };

  it('say what they ask of applications, how they are joined and whether they are on', async () => {
    const conditions = [{ operator: 'OR', negated: false, operands: v1(GROUP)[0]?.operands }];
    const { caller } = scriptedCaller(({ ids: [type] = [] }) =>
      type === 'TIMEOUT_POLICY'
        ? { totalPages: '1', list: [{ ...rule('9', conditions), ...said }] }
        : { totalPages: '0' },
    );
    const { rules, scanned } = await createRuleScan(
      caller,
      createListMemory(createMemorySeenLists(), 'BETA:1'),
    ).listRules();
    expect(rules).toEqual([
      {
        policyType: 'TIMEOUT_POLICY',
        ruleId: '9',
        ruleName: 'rule & 9',
        ruleOrder: '3',
        microtenantId: '7',
        action: 'DENY',
        disabled: true,
        operator: 'AND',
        conditions: [
          { operator: 'OR', negated: false, groupIds: [GROUP], applicationIds: [], others: false, plain: true },
        ],
      },
    ]);
    expect(scanned).toHaveLength(POLICY_TYPES.length);
  });

  it('come with every page, naming a group or not', async () => {
    const { caller } = tenant();
    expect(
      (await createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1')).listRules()).rules.map(
        ({ ruleId }) => ruleId,
      ),
    ).toEqual(['1', '2', '3']);
  });

  it('are no list when one type cannot be read', async () => {
    const { caller } = tenant({ SIEM_POLICY: 'forbidden' });
    await expect(
      createRuleScan(caller, createListMemory(createMemorySeenLists(), 'BETA:1')).listRules(),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
