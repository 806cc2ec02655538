import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import type { SeedInput } from '../../../local/zpa-simulator/tenant/seed.ts';
import { computeReach } from '../../../shared/domain/reach/reach.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import { createZpaPool, type ZpaPool } from '../../../shared/zpa/api/pool.ts';
import { createZpa } from '../../../shared/zpa/client.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';
import { aSeenGroup } from '../../fakes/rules.ts';
import { systemClock } from './scripted-zpa.ts';

/** Reads a tenant's rules with the whole client from the simulator. */
const WEB = '216196257331404601';
const CROWN = '216196257331404602';
const WIKI = '926196382959075501';
const SUBSIDIARY = '216196257331372700';

const about = (objectType: string, ...values: string[]) => ({ operator: 'OR', operands: [{ objectType, values }] });
const people = {
  operator: 'OR',
  operands: [{ objectType: 'SCIM_GROUP', entryValues: [{ lhs: '77', rhs: '3227281' }] }],
};

const SEED: SeedInput = {
  microtenants: [{ id: SUBSIDIARY, name: 'Subsidiary' }],
  applications: [{ id: WIKI, name: 'Wiki' }],
  groups: [
    { id: WEB, name: 'Web Apps', applications: [WIKI] },
    { id: CROWN, name: 'Crown Jewels' },
  ],
  rules: [
    { name: 'Staff & web', conditions: [people, about('APP_GROUP', WEB)] },
    { name: 'Not the crown', action: 'DENY', conditions: [people, { ...about('APP_GROUP', CROWN), negated: true }] },
    { name: 'Long ago', disabled: '1', conditions: [about('APP_GROUP', WEB)] },
    { name: 'Wiki again', policyType: 'TIMEOUT_POLICY', action: 'RE_AUTH', conditions: [about('APP', WIKI)] },
    { name: 'Everybody', conditions: [people] },
    { name: 'Theirs', microtenantId: SUBSIDIARY, conditions: [about('APP_GROUP', WEB)] },
  ],
  unlicensedPolicyTypes: ['ISOLATION_POLICY'],
};

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

async function start(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; zpa: Zpa }> {
  const simulator = await startSimulator({ seed: SEED, ...options });
  const pool: ZpaPool = createZpaPool({ clock: systemClock });
  closing.push(
    () => pool.close(),
    () => simulator.close(),
  );
  const zpa = createZpa({
    tenant: { cloud: 'PRODUCTION', auth: 'oneapi', customerId: '216196257331281920', endpoint: simulator.url },
    readSecret: async () => JSON.stringify({ clientId: 'simulator', clientSecret: 'simulator' }),
    limiter: { take: async () => () => undefined, obey: () => undefined },
    clock: systemClock,
    seenLists: createMemorySeenLists(),
    pool,
  });
  return { simulator, zpa };
}

describe('the rules of a tenant', () => {
  it('come with what they ask of applications, from v1 and v2 alike', async () => {
    const { zpa } = await start();
    const { rules } = await zpa.listRules({ microtenantId: '0' });
    const named = Object.fromEntries(rules.map((rule) => [rule.ruleName, rule]));
    const criterion = { negated: false, groupIds: [], applicationIds: [], others: false, plain: true };
    expect(named['Staff & web']).toMatchObject({
      policyType: 'ACCESS_POLICY',
      action: 'ALLOW',
      operator: 'AND',
      disabled: false,
      conditions: [
        { ...criterion, others: true },
        { ...criterion, operator: 'OR', groupIds: [WEB] },
      ],
    });
    expect(named['Not the crown']?.conditions[1]).toMatchObject({ ...criterion, negated: true, groupIds: [CROWN] });
    expect(named['Long ago']).toMatchObject({ disabled: true });
    expect(named['Wiki again']).toMatchObject({
      policyType: 'TIMEOUT_POLICY',
      conditions: [{ ...criterion, applicationIds: [WIKI] }],
    });
    expect(named.Everybody?.conditions).toMatchObject([{ ...criterion, others: true }]);
  });

  it('are all there, page by page', async () => {
    const many = Array.from({ length: 1203 }, (_, i) => ({ name: `Rule ${i}`, conditions: [about('APP_GROUP', WEB)] }));
    const { zpa } = await start({ seed: { ...SEED, rules: many } });
    const { rules } = await zpa.listRules();
    expect(rules.filter(({ policyType }) => policyType === 'ACCESS_POLICY')).toHaveLength(1203);
    expect((await zpa.rulesNaming(WEB)).mentions).toHaveLength(1203);
  });

  it.each(['400', '403', '404'])('a type that is not licensed (%s) is named', async (answer) => {
    const { zpa } = await start({ quirks: { 'unlicensed-policy': answer } });
    const listing = zpa.listRules();
    // A 403 may also mean that the API client lacks the right, so it does not prove that the policy is absent.
    if (answer === '403') return await expect(listing).rejects.toMatchObject({ code: 'forbidden' });
    const { scanned, skipped } = await listing;
    expect(skipped.map(({ policyType }) => policyType)).toContain('ISOLATION_POLICY');
    expect(scanned).not.toContain('ISOLATION_POLICY');
    expect(scanned.length + skipped.length).toBe(14);
  });

  it('are no list when one read of fourteen breaks', async () => {
    const { simulator, zpa } = await start();
    simulator.faults.script({ path: 'SIEM_POLICY' }, { kind: 'error', status: 500, id: 'x.y' });
    await expect(zpa.listRules()).rejects.toMatchObject({ code: 'server-error' });
  });

  it('tell the reach of a move', async () => {
    const { zpa } = await start();
    const readings = createRuleReadings(systemClock, 60_000);
    const scope = { microtenantId: SUBSIDIARY, signal: AbortSignal.timeout(60_000) };
    const reading = await readings.read(zpa, { lane: 'BETA:1', tenant: 'acme' }, { kind: 'wanted' }, scope);
    const [web, crown] = [await zpa.getGroup(WEB), await zpa.getGroup(CROWN)];
    const reach = computeReach(
      [
        { before: web, after: aSeenGroup(WEB, []) },
        { before: crown, after: aSeenGroup(CROWN, [WIKI]) },
      ],
      reading,
      new Map([[WIKI, 'Wiki']]),
    );
    const told = reach.status === 'checked' ? (reach.rules ?? []) : [];
    expect(told.map((one) => [one.ruleName, one.exposes, one.interrupts, one.disabled])).toEqual([
      ['Staff & web', 'no', 'yes', false],
      ['Theirs', 'no', 'yes', false],
      ['Not the crown', 'may', 'no', false],
      ['Long ago', 'no', 'no', true],
    ]);
  });
});
