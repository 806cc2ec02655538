import { describe, expect, it } from 'vitest';
import { applyBatch } from '../../../../functions/apply/apply-batch.ts';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { createRuleReadings } from '../../../../shared/reading/read-rules.ts';
import { createProcessScanParts } from '../../../../shared/reading/rules/scan-parts.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, type LaneWorld, toQueueRecord } from '../lane-world.ts';
import { adding } from '../requests.ts';

/** Fourteen reads fetch the rules of a microtenant: most of a window of sixteen. */
const SCAN_MS = 9_000;
const DELETE = { action: 'delete', group: { id: GROUP } };

/** A customer with many microtenants; counts how often the rules of each were read. */
function withMicrotenants(count: number, scanMs = SCAN_MS, tenantSettings = {}) {
  const world = createLaneWorld(tenantSettings);
  world.addGroup();
  const scans = new Map<string, number>();
  const parts = createProcessScanParts();
  const zpaFor: ApplyPorts['zpaFor'] = (tenant, limiter) => {
    const zpa = world.ports.zpaFor(tenant, limiter);
    return {
      ...zpa,
      listMicrotenants: async () =>
        Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `M${index}`, enabled: true })),
      async listRules(options) {
        await world.clock.sleep(scanMs, options?.signal);
        const id = options?.microtenantId ?? '';
        scans.set(id, (scans.get(id) ?? 0) + 1);
        return zpa.listRules(options);
      },
    };
  };
  /** Another process: it knows what is stored, and nothing else. */
  const inNewProcess = (): ApplyPorts => ({
    ...world.ports,
    zpaFor,
    ruleReadings: createRuleReadings(world.clock, TIMING.rulesKeptMs, parts),
  });
  return { world, scans, inNewProcess };
}

/** Runs invocations that the platform ends, each in a process of its own, until the change is settled; returns their number. */
async function workThrough(world: LaneWorld, inNewProcess: () => ApplyPorts, key: string): Promise<number> {
  for (let rounds = 1; rounds <= 40; rounds += 1) {
    const endsAt = world.clock.now() + TIMING.functionTimeoutMs;
    const end = new AbortController();
    void world.clock.sleep(TIMING.functionTimeoutMs - TIMING.closingMs).then(() => end.abort());
    const invocation = { remainingMs: () => endsAt - world.clock.now(), signal: end.signal };
    const retried = await applyBatch(inNewProcess(), [toQueueRecord(await world.read(key))], invocation);
    if (retried.length === 0) return rounds;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a delete whose scan takes longer than an invocation', () => {
  it.each([
    [12, 4],
    [84, 15],
  ])('of %i microtenants goes on where another process left it, and reads each once', async (count, invocations) => {
    const { world, scans, inNewProcess } = withMicrotenants(count);
    await world.accept('T-1', DELETE);
    expect(await workThrough(world, inNewProcess, 'T-1')).toBeLessThanOrEqual(invocations);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect([...scans.values()]).toEqual(Array.from({ length: count }, () => 1));
  });

  it('is rejected with the first microtenant of which a rule names the group, and reads no further one', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(84);
    const rule = {
      policyType: 'ACCESS_POLICY',
      ruleId: '9',
      ruleName: 'Field engineers',
      ruleOrder: '1',
      action: 'ALLOW',
    };
    world.tenant.rules.push({ ...rule, microtenantId: '0' });
    await world.accept('T-1', DELETE);
    expect(await workThrough(world, inNewProcess, 'T-1')).toBe(1);
    expect((await world.read('T-1')).outcome).toMatchObject({
      code: 'group-in-use',
      sentence: expect.stringMatching(/^a policy rule names .*; the rules of 83 more microtenants were not read$/),
    });
    expect([...scans]).toEqual([['0', 1]]);
  });

  it('is rejected before any rule is read where the lane cannot read them while they prove anything', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(85);
    await world.accept('T-1', DELETE);
    expect(await workThrough(world, inNewProcess, 'T-1')).toBe(1);
    const { outcome } = await world.read('T-1');
    expect(outcome).toMatchObject({
      code: 'scan-too-long',
      sentence:
        'the policy rules of 85 microtenants take at least 1190 reads, and 16 reads in 10 seconds read those of 84 in the ' +
        '15 minutes for which they may be relied on',
    });
    expect(outcome).not.toHaveProperty('zpaError');
    expect([world.tenant.writes, scans.size]).toEqual([[], 0]);
  });

  it('is rejected, and does not hold the lane for ever, if one microtenant has more rules than an invocation can read', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(2, TIMING.functionTimeoutMs);
    await world.accept('T-1', DELETE);
    expect(await workThrough(world, inNewProcess, 'T-1')).toBe(5);
    expect((await world.read('T-1')).outcome).toMatchObject({ code: 'scan-too-long' });
    expect(scans.size).toBe(0);
  });

  it('rests on no reading made before it was accepted, and on none older than a quarter of an hour', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(2);
    world.addGroup({ id: '900', name: 'Another' });
    await world.accept('T-1', DELETE);
    await workThrough(world, inNewProcess, 'T-1');
    await world.accept('T-2', { action: 'delete', group: { id: '900' } });
    await workThrough(world, inNewProcess, 'T-2');
    expect([...scans.values()]).toEqual([2, 2]);
    const ports = inNewProcess();
    const zpa = ports.zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
    const scope = { microtenantIds: ['0', '1'], signal: new AbortController().signal };
    const readAll = () => inNewProcess().ruleReadings.readAll(zpa, { lane: 'PRODUCTION:1', id: 'T-3' }, scope);
    await readAll();
    await world.clock.advance(15 * 60_000 - 2 * SCAN_MS - 1);
    await readAll();
    expect([...scans.values()]).toEqual([3, 3]);
    await world.clock.advance(1);
    const { asOf } = await readAll();
    expect([...scans.values()]).toEqual([4, 4]);
    expect(world.clock.now() - asOf).toBeLessThan(15 * 60_000);
  });

  it('shares its reading with the deletions that were accepted before it', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(2);
    const process = inNewProcess();
    for (const id of ['900', '901', '902']) world.addGroup({ id, name: `Group ${id}` });
    const deleting = (id: string) => ({ action: 'delete', group: { id } });
    await world.accept('T-1', deleting('900'));
    await world.accept('T-2', deleting('901'));
    await workThrough(world, () => process, 'T-1');
    await workThrough(world, () => process, 'T-2');
    expect([...scans.values()]).toEqual([1, 1]);
    await world.accept('T-3', deleting('902'));
    await workThrough(world, () => process, 'T-3');
    expect([...scans.values()], 'what was read before it was accepted does not serve it').toEqual([2, 2]);
    expect(world.tenant.groups.size).toBe(1);
  });

  it('rests on no reading for another change that is older than those for the reach of changes', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(1);
    const process = inNewProcess();
    world.addGroup({ id: '900', name: 'Another' });
    await world.accept('T-1', DELETE);
    const waiting = await world.accept('T-2', { action: 'delete', group: { id: '900' } });
    const scan = { microtenantId: '0', signal: new AbortController().signal };
    const zpa = process.zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
    await process.ruleReadings.read(zpa, { lane: waiting.ref.lane, tenant: 'acme' }, { kind: 'wanted' }, scan);
    await world.clock.advance(TIMING.rulesKeptMs);
    await workThrough(world, () => process, 'T-2');
    expect(await world.endings()).toEqual(['applied', 'applied']);
    expect([...scans.values()]).toEqual([2]);
  });

  it('rests on no reading made before its time came', async () => {
    const { world, scans, inNewProcess } = withMicrotenants(2);
    const process = inNewProcess();
    world.addGroup({ id: '900', name: 'Another' });
    await world.accept('T-1', DELETE);
    const waiting = await world.accept('T-2', { action: 'delete', group: { id: '900' } });
    await world.ledger.writeChange({ ...waiting, state: 'scheduled' }, waiting.version);
    await workThrough(world, () => process, 'T-1');
    await world.clock.advance(60_000);
    const { version } = await world.read('T-2');
    await world.ledger.writeChange({ ...waiting, state: 'queued', releasedAt: world.clock.now() }, version);
    await workThrough(world, () => process, 'T-2');
    expect(await world.endings()).toEqual(['applied', 'applied']);
    expect([...scans.values()]).toEqual([2, 2]);
  });

  it('is not refused by a rule of a reading for another change, which may be gone by now', async () => {
    const { scans, inNewProcess } = withMicrotenants(1);
    const process = inNewProcess();
    const zpa = process.zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
    const { signal } = new AbortController();
    const readAll = (id: string, isEnough: () => boolean) => {
      const deletion = { lane: 'PRODUCTION:1' as const, id, accepted: { tenant: 'acme', at: 0 } };
      return process.ruleReadings.readAll(zpa, deletion, { microtenantIds: [], signal, isEnough });
    };
    await readAll('T-1', () => true);
    await readAll('T-2', () => true);
    expect([...scans.values()]).toEqual([2]);
    await readAll('T-3', () => false);
    expect([...scans.values()], 'what refuses nothing is shared').toEqual([2]);
  });

  it('reads anew what grew too old while it read the rest', async () => {
    const { scans, inNewProcess } = withMicrotenants(3, 6 * 60_000);
    const zpa = inNewProcess().zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
    const scope = { microtenantIds: ['1', '2'], signal: new AbortController().signal, maxReadings: 4 };
    const reading = inNewProcess().ruleReadings.readAll(zpa, { lane: 'PRODUCTION:1', id: 'T-1' }, scope);
    await expect(reading).rejects.toMatchObject({ fault: { code: 'scan-too-long' } });
    expect([...scans.values()]).toEqual([4, 4, 4]);
  });
});

describe('a delete that its tenant holds up', () => {
  const QUARTER = 15 * 60_000;

  /** Scans in a process of its own each time. */
  function scanning(count: number) {
    const { world, scans, inNewProcess } = withMicrotenants(count);
    const microtenantIds = Array.from({ length: count }, (_, index) => `${index}`);
    const scan = () => {
      const ports = inNewProcess();
      const zpa = ports.zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
      const scope = { microtenantIds, signal: new AbortController().signal, maxReadings: 4 };
      return ports.ruleReadings.readAll(zpa, { lane: 'PRODUCTION:1', id: 'T-1' }, scope);
    };
    return { world, scans, scan };
  }

  it.each([
    { code: 'rate-limited', retryAfterMs: QUARTER },
    { code: 'rate-limited', retryAfterMs: 10 * 60_000 },
    { code: 'sign-in-refused' },
    { code: 'forbidden', status: 403 },
  ])('at its write, with %o, waits as long as that lasts', async (over) => {
    const world = createLaneWorld();
    world.addGroup();
    const fault = aFault({ class: 'transient', scope: 'tenant', effect: 'none', ...over });
    world.tenant.interfere = (method) => (method === 'write' || method === 'probe' ? { fault } : undefined);
    const changes = [await world.accept('T-1', DELETE)];
    await expect(world.settle(changes, 40)).rejects.toThrow('m-T-1');
    world.tenant.interfere = () => undefined;
    await world.settle(changes);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
  });

  it('after scans that came to their end, however often, is scanned again', async () => {
    const { world, scans, scan } = scanning(2);
    for (let times = 0; times < 8; times += 1) {
      await scan();
      // The older part is too old by the next scan, and the younger one is not.
      await world.clock.advance(QUARTER - SCAN_MS - 1);
    }
    expect([...scans.values()].every((count) => count >= 4)).toBe(true);
  });

  it('in the middle of its scan, again and again, is scanned again', async () => {
    const { world, scans, scan } = scanning(2);
    const fault = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', effect: 'none' });
    for (let times = 1; times <= 6; times += 1) {
      world.tenant.interfere = () => (scans.get('1') === times ? { fault } : undefined);
      await expect(scan()).rejects.toMatchObject({ fault: { code: 'rate-limited' } });
      expect(scans.get('0')).toBe(times);
      await world.clock.advance(QUARTER);
    }
    world.tenant.interfere = () => undefined;
    expect((await scan()).scanned.length).toBeGreaterThan(0);
  });
});

describe('a change that is held to its plan, or to a guard, where an invocation is too short for the rules', () => {
  async function endingOf(request: Record<string, unknown>, reads: number, scanMs: number) {
    const { world, scans, inNewProcess } = withMicrotenants(1, scanMs, { budget: { reads, writes: 10 } });
    world.addApplications('11');
    const record = await world.accept('T-1', request);
    const plan = { hash: 'a'.repeat(64), resolved: [GROUP], exposes: [] };
    await world.ledger.writeChange({ ...record, plan }, record.version);
    expect(await workThrough(world, inNewProcess, 'T-1')).toBe(1);
    return { endings: await world.endings(), scans: scans.size };
  }

  it.each([
    [6, 70_000, 'scan-too-long'],
    [20, SCAN_MS, 'applied'],
  ])('of a budget of %i reads ends, instead of being read anew for ever', async (reads, scanMs, ending) => {
    expect(await endingOf(adding('11'), reads, scanMs)).toMatchObject({ endings: [ending] });
  });

  it.each([
    [{ set: { enabled: false } }, 'unchanged'],
    [{ set: { enabled: true } }, 'applied'],
    [{ set: { enabled: true }, expect: { enabled: true } }, 'precondition-failed'],
  ])('ends as any other if it alters the reach of no rule: %o', async (update, ending) => {
    const request = { action: 'update', group: { id: GROUP }, ...update };
    expect(await endingOf(request, 6, 70_000)).toEqual({ endings: [ending], scans: 0 });
  });
});
