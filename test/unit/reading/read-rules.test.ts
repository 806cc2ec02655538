import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { scanFor } from '../../../shared/domain/group/policy-rule.ts';
import type { Lane } from '../../../shared/domain/lane/change-ref.ts';
import type { ReachNeed } from '../../../shared/domain/reach/reach-need.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import { readAllRules } from '../../../shared/reading/rules/every-rule.ts';
import { aFault, createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { aRule } from '../../fakes/rules.ts';

const KEPT_MS = 300_000;
const WANTED: ReachNeed = { kind: 'wanted' };
const REQUIRED: ReachNeed = { kind: 'required' };

/** A tenant with one rule, a stopped clock, and a client that records the microtenants it was called for. */
function world() {
  const clock = { at: 1_000_000, now: () => clock.at };
  const tenant = createMemoryTenant(clock);
  tenant.policyRules.push(aRule({ groupIds: ['1'] }));
  const asked: string[] = [];
  const client = tenant.client({ take: async () => () => undefined, obey: () => undefined });
  const zpa: Zpa = {
    ...client,
    listRules: async (options) => {
      asked.push(options?.microtenantId ?? 'any');
      return await client.listRules(options);
    },
  };
  const readings = createRuleReadings(clock, KEPT_MS);
  const end = new AbortController();
  const read = (need = WANTED, microtenantId = '7', tenant = 'acme', lane: Lane = 'PRODUCTION:1') =>
    readings.read(zpa, { lane, tenant }, need, { microtenantId, signal: end.signal });
  const fail = (fault: Partial<ZpaFault>) => {
    tenant.interfere = (method) => (method === 'listRules' ? { fault: aFault(fault) } : undefined);
  };
  return { clock, tenant, asked, zpa, end, read, fail };
}

describe('rules for the reach of changes', () => {
  it('are those of the microtenant and of the Default one, each rule once, as of the question', async () => {
    const { asked, read } = world();
    expect(await read()).toMatchObject({ status: 'read', rules: [{ ruleName: 'Engineering' }], asOf: 1_000_000 });
    expect(asked).toEqual(['0', '7']);
  });

  it('serve other changes for a bounded time', async () => {
    const { clock, asked, read } = world();
    await read();
    clock.at += KEPT_MS - 1;
    expect(await read()).toMatchObject({ asOf: 1_000_000 });
    expect(await read(WANTED, '0')).toMatchObject({ asOf: 1_000_000 });
    expect(asked).toEqual(['0', '7']);
    clock.at += 1;
    expect(await read()).toMatchObject({ asOf: 1_000_000 + KEPT_MS });
    expect(asked).toEqual(['0', '7', '0', '7']);
  });

  it('are as old as the oldest part', async () => {
    const { clock, read } = world();
    await read(WANTED, '0');
    clock.at += 1000;
    expect(await read()).toMatchObject({ asOf: 1_000_000 });
  });

  it('of one tenant serve no other', async () => {
    const { asked, read } = world();
    await read(WANTED, '0');
    await read(WANTED, '0', 'umbrella');
    expect(asked).toEqual(['0', '0']);
  });

  it('of one ZPA customer serve no other, though a tenant of the same name leads to it now', async () => {
    const { asked, read } = world();
    await read(WANTED, '0');
    await read(WANTED, '0', 'acme', 'PRODUCTION:2');
    expect(asked).toEqual(['0', '0']);
  });

  it('are not read where nobody needs them', async () => {
    const { asked, read } = world();
    expect(await read({ kind: 'none', reason: 'not asked for' })).toEqual({
      status: 'unread',
      reason: 'not asked for',
    });
    expect(asked).toEqual([]);
  });
});

describe('rules that cannot be read', () => {
  it('leave the reach unread, with what ZPA said, and are not asked for by every change', async () => {
    const { clock, tenant, asked, read, fail } = world();
    fail({ code: 'forbidden', reason: 'no policy rights' });
    const unread = { status: 'unread', reason: 'the policy rules could not be read (forbidden: no policy rights)' };
    expect(await read()).toEqual(unread);
    expect(await read()).toEqual(unread);
    expect(asked).toEqual(['0']);
    tenant.interfere = () => undefined;
    clock.at += KEPT_MS / 5;
    expect(await read()).toMatchObject({ status: 'read' });
  });

  it('fail the step where a guard needs them, even right after a failure that was let pass', async () => {
    const { read, fail } = world();
    fail({ code: 'forbidden' });
    await read();
    await expect(read(REQUIRED)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('for want of our own budget or time are read later', async () => {
    const { read, fail, end } = world();
    fail({ code: 'no-budget', scope: 'platform' });
    await expect(read()).rejects.toMatchObject({ code: 'no-budget' });
    fail({ code: 'timeout', scope: 'tenant' });
    end.abort();
    await expect(read()).rejects.toMatchObject({ code: 'timeout' });
  });

  it('keep what was read before the failure', async () => {
    const { asked, read, tenant } = world();
    let calls = 0;
    tenant.interfere = () => {
      calls += 1;
      return calls === 2 ? { fault: aFault({ code: 'no-budget', scope: 'platform' }) } : undefined;
    };
    await expect(read()).rejects.toMatchObject({ code: 'no-budget' });
    await read();
    expect(asked).toEqual(['0', '7', '7']);
  });
});

it('a deletion reads every microtenant now, whatever is known', async () => {
  const { clock, asked, zpa, read, end } = world();
  await read();
  const all = await readAllRules(zpa, ['7', '8', '0'], { clock, signal: end.signal });
  expect(asked).toEqual(['0', '7', '0', '7', '8']);
  expect(scanFor('1', all).mentions).toMatchObject([{ ruleName: 'Engineering', policyType: 'ACCESS_POLICY' }]);
  expect(scanFor('2', all).mentions).toEqual([]);
});

describe('rules that refuse a deletion', () => {
  const deletion = (id: string) => ({ lane: 'PRODUCTION:1' as const, id, accepted: { tenant: 'acme', at: 0 } });

  it('and are not all of their microtenant decide nothing else', async () => {
    const { zpa, end } = world();
    const readings = createRuleReadings({ now: () => 1_000_000 }, KEPT_MS);
    let isPart = true;
    const reads: boolean[] = [];
    const listRules: Zpa['listRules'] = async (options) => {
      reads.push(isPart);
      return { ...(await zpa.listRules(options)), ...(isPart && { unreadTypes: 13 }) };
    };
    const readAll = (id: string, isEnough: boolean) =>
      readings.readAll({ ...zpa, listRules }, deletion(id), {
        ...{ microtenantIds: ['7'], signal: end.signal, isEnough: () => isEnough },
      });
    expect(await readAll('T-1', true)).toMatchObject({ unreadTypes: 13, unreadMicrotenants: 1 });
    isPart = false;
    const whole = await readAll('T-1', false);
    expect(whole).not.toHaveProperty('unreadTypes');
    expect(whole).not.toHaveProperty('unreadMicrotenants');
    expect(reads).toEqual([true, false, false]);
  });
});

it('types that the cloud does not know are asked for in one microtenant only', async () => {
  const { clock, zpa, end } = world();
  const told: (string[] | undefined)[] = [];
  const listRules: Zpa['listRules'] = async (options) => {
    told.push(options?.unknown?.map(({ policyType }) => policyType));
    const odd = { policyType: 'USER_PORTAL', reason: 'no such type', unknown: true as const };
    const off = { policyType: 'SIEM_POLICY', reason: 'not licensed' };
    return { ...(await zpa.listRules(options)), skipped: [odd, off] };
  };
  const signal = end.signal;
  const readings = createRuleReadings(clock, KEPT_MS);
  await readings.read({ ...zpa, listRules }, { lane: 'PRODUCTION:1', tenant: 'acme' }, WANTED, {
    microtenantId: '7',
    signal,
  });
  await readings.readAll({ ...zpa, listRules }, { lane: 'PRODUCTION:1', id: 'T-1' }, { microtenantIds: ['7'], signal });
  await readAllRules({ ...zpa, listRules }, ['7'], { clock, signal });
  expect(told).toEqual([[], ['USER_PORTAL'], [], ['USER_PORTAL'], [], ['USER_PORTAL']]);
});
