import { describe, expect, it } from 'vitest';
import { type Probe, probeMembership } from '../../../../functions/ops/probe/probe-membership.ts';
import { surveyTenant, throwawayNames } from '../../../../functions/ops/probe/survey-tenant.ts';
import { createThrowaway } from '../../../../functions/ops/probe/throwaway-groups.ts';
import type { ZpaWrite } from '../../../../shared/domain/records/intent.ts';
import type { Zpa } from '../../../../shared/ports/ports.ts';
import { createFakeClock } from '../../../fakes/fake-clock.ts';
import { aFault, createMemoryTenant, type MemoryTenant } from '../../../fakes/memory-zpa.ts';
import { aGroup } from '../../domain/sample-live.ts';

const APPLICATION = '7001';
const NAMES = ['doctor A', 'doctor B'] as const;
const unlimited = { take: async () => () => undefined, obey: () => undefined };

function open(over: Partial<Probe> = {}) {
  const clock = createFakeClock();
  const tenant = createMemoryTenant(clock);
  tenant.applications.set(APPLICATION, { id: APPLICATION, name: 'Printer' });
  const zpa = tenant.client(unlimited);
  const probe: Probe = {
    tenant: 'acme',
    zpa,
    reader: { write: refuse(aFault({ code: 'forbidden', status: 403 })) },
    via: 'v2',
    application: {
      id: APPLICATION,
      name: 'Printer',
      enabled: true,
      microtenantId: '0',
      segmentGroupId: undefined,
      segmentGroupName: undefined,
    },
    names: NAMES,
    scope: {},
    clock,
    signal: new AbortController().signal,
    ...over,
  };
  return { tenant, zpa, probe };
}

function refuse(fault: ReturnType<typeof aFault>): Zpa['write'] {
  return () => Promise.reject(Object.assign(new Error(fault.code), { code: fault.code, fault }));
}

const resultsOf = async (probe: Probe) => (await probeMembership(probe)).map(({ result }) => result);
const leftIn = ({ groups }: MemoryTenant) => [...groups.values()].map(({ name }) => name);
const LOST = aFault({ code: 'connection-lost', class: 'transient', scope: 'tenant', effect: 'unknown' });

/** Makes the write or read with this number fail, once, before or after it took effect. */
function failAt(tenant: MemoryTenant, number: number, effect: 'before' | 'after') {
  let calls = 0;
  tenant.interfere = () => {
    calls += 1;
    return calls === number ? { fault: LOST, effect } : undefined;
  };
}

describe('a probe of memberships', () => {
  it.each(['v1', 'v2'] as const)('finds that %s is honoured, and leaves nothing behind', async (via) => {
    const { tenant, probe } = open({ via });
    expect(await resultsOf(probe)).toEqual(['ok', 'ok']);
    expect(leftIn(tenant)).toEqual([]);
    const updates = tenant.writes.filter((write) => write.kind === 'update');
    expect(updates.map(({ via: used, addedApps, deletedApps }) => [used, addedApps, deletedApps])).toEqual([
      [via, [APPLICATION], []],
      [via, [], [APPLICATION]],
      [via, [APPLICATION], []],
      [via, [], [APPLICATION]],
    ]);
  });

  it('finds that v2 is ignored, names the setting, and leaves nothing behind', async () => {
    const { tenant, probe } = open();
    tenant.ignoresDeltas = true;
    const [found] = await probeMembership(probe);
    expect(found).toMatchObject({ result: 'wrong', remedy: expect.stringContaining('membership to "v1"') });
    expect(leftIn(tenant)).toEqual([]);
  });

  it('finds that there is no v2', async () => {
    const { tenant, probe } = open();
    const gone = aFault({ code: 'no-such-route', class: 'unknown', status: 404 });
    tenant.interfere = (method, write) =>
      method === 'write' && JSON.stringify(write).includes('"via":"v2"') ? { fault: gone } : undefined;
    expect((await probeMembership(probe))[0]).toMatchObject({
      result: 'wrong',
      says: expect.stringContaining('has no v2'),
    });
    expect(leftIn(tenant)).toEqual([]);
  });

  it('finds credentials that are too narrow or too wide', async () => {
    const narrow = open();
    narrow.tenant.interfere = (method) =>
      method === 'write' ? { fault: aFault({ code: 'forbidden', status: 403 }) } : undefined;
    expect(await probeMembership(narrow.probe)).toMatchObject([
      { result: 'wrong', says: expect.stringContaining('too narrow') },
    ]);
    const wide = open();
    const found = await probeMembership({ ...wide.probe, reader: wide.zpa });
    expect(found).toMatchObject([{ result: 'ok' }, { result: 'wrong', says: expect.stringContaining('too wide') }]);
    expect(leftIn(wide.tenant)).toEqual([]);
  });

  it('removes both groups whichever call gets no answer', async () => {
    const { tenant: whole, probe: undisturbed } = open();
    await probeMembership(undisturbed);
    expect(whole.calls.length).toBeGreaterThan(15);
    for (let number = 1; number <= whole.calls.length; number += 1) {
      for (const effect of ['before', 'after'] as const) {
        const { tenant, probe } = open();
        failAt(tenant, number, effect);
        const results = await resultsOf(probe);
        expect(leftIn(tenant), `call ${number} failed ${effect}`).toEqual([]);
        expect(results.length).toBeGreaterThan(0);
      }
    }
  });

  it('removes both groups after an interruption', async () => {
    const interruption = new AbortController();
    const { tenant, probe } = open({ signal: interruption.signal });
    tenant.interfere = (_, write) => {
      if (JSON.stringify(write ?? '').includes('addedApps')) interruption.abort();
      return undefined;
    };
    expect(await resultsOf(probe)).toEqual(['unknown']);
    expect(tenant.writes.length).toBeGreaterThan(2);
    expect(leftIn(tenant)).toEqual([]);
  });

  it('names a group whose creation got no answer and that does not show', async () => {
    const { tenant, zpa, probe } = open();
    failAt(tenant, 1, 'after');
    const found = await probeMembership({ ...probe, zpa: { ...zpa, findGroups: async () => [] } });
    expect(leftIn(tenant)).toEqual([NAMES[0]]);
    expect(found).toContainEqual(
      expect.objectContaining({
        result: 'unknown',
        says: expect.stringContaining(`the group "${NAMES[0]}" may be left in ZPA`),
        remedy: expect.stringContaining('Delete it'),
      }),
    );
  });

  it('names the groups that it could not remove', async () => {
    const { tenant, probe } = open();
    tenant.interfere = (_, write) => (JSON.stringify(write ?? '').includes('"delete"') ? { fault: LOST } : undefined);
    const left = (await probeMembership(probe)).slice(2);
    expect(left.map(({ result, subject }) => [result, subject])).toEqual(NAMES.map((name) => ['wrong', name]));
    expect(left[0]?.says).toContain([...tenant.groups.keys()][0]);
  });
});

describe('a probe of which somebody else moves the application', () => {
  const REAL = '216196257331404691';
  const isJoin = (write: unknown) => JSON.stringify(write ?? '').includes(`"addedApps":["${APPLICATION}"]`);
  const isLeave = (write: unknown) => JSON.stringify(write ?? '').includes(`"deletedApps":["${APPLICATION}"]`);

  /** ZPA takes an application that joins a group out of any other. */
  function moveAway({ groups }: MemoryTenant) {
    for (const [id, group] of groups) groups.set(id, { ...group, applicationIds: [] });
    groups.set(REAL, aGroup(REAL, { name: 'Real', applicationIds: [APPLICATION] }));
  }

  async function outcomeOf(probe: Probe, { groups, writes }: MemoryTenant) {
    const [found] = await probeMembership(probe);
    expect(found).toMatchObject({ result: 'unknown', says: expect.stringContaining('moved the application segment') });
    expect([...groups.values()]).toMatchObject([{ name: 'Real', applicationIds: [APPLICATION] }]);
    return { joins: writes.filter(isJoin).length, leaves: writes.filter(isLeave).length };
  }

  it('after the survey takes it out of no group', async () => {
    const { tenant, probe } = open();
    moveAway(tenant);
    expect(await outcomeOf(probe, tenant)).toEqual({ joins: 0, leaves: 0 });
  });

  it('and that does not show at the application takes it out of no group', async () => {
    const { tenant, zpa, probe } = open();
    moveAway(tenant);
    const silent = { ...zpa, getApplication: async () => probe.application };
    expect(await outcomeOf({ ...probe, zpa: silent }, tenant)).toEqual({ joins: 0, leaves: 0 });
  });

  it('between its two groups takes it out of no group', async () => {
    const { tenant, probe } = open();
    let reads = 0;
    tenant.interfere = (method) => {
      if (method === 'getApplication') reads += 1;
      if (reads === 2) moveAway(tenant);
      return undefined;
    };
    expect(await outcomeOf(probe, tenant)).toEqual({ joins: 1, leaves: 1 });
  });

  it('while it is in one of its groups does not touch it any more', async () => {
    const { tenant, zpa, probe } = open();
    let looks = 0;
    const getGroup: typeof zpa.getGroup = (...args) => {
      if (tenant.writes.some(isJoin)) looks += 1;
      // The first look finds it in the group.
      if (looks === 2) moveAway(tenant);
      return zpa.getGroup(...args);
    };
    expect(await outcomeOf({ ...probe, zpa: { ...zpa, getGroup } }, tenant)).toEqual({ joins: 1, leaves: 0 });
  });

  it('while a write waits for budget reads it again before that write', async () => {
    const { tenant, zpa, probe } = open();
    const { clock } = probe;
    let late = 0;
    const write: typeof zpa.write = async (planned: ZpaWrite, before, options) => {
      if (!isJoin(planned)) return zpa.write(planned, before, options);
      await clock.sleep(10_000);
      if (clock.now() <= (options?.sendBefore ?? Infinity)) return zpa.write(planned, before, options);
      late += 1;
      moveAway(tenant);
      const fault = aFault({ code: 'too-late', class: 'transient', scope: 'platform' });
      throw Object.assign(new Error(fault.code), { code: fault.code, fault });
    };
    expect(await outcomeOf({ ...probe, zpa: { ...zpa, write } }, tenant)).toEqual({ joins: 0, leaves: 0 });
    expect(late).toBe(1);
  });
});

describe('the survey before a probe', () => {
  const { signal } = new AbortController();

  it('finds an application in no group, also where ZPA does not tell the group of an application', async () => {
    const { tenant, zpa } = open();
    expect(await surveyTenant(zpa, { signal })).toMatchObject({ free: { id: APPLICATION }, left: [] });
    await zpa.write(
      {
        kind: 'create',
        name: 'Own',
        description: '',
        enabled: true,
        configSpace: 'DEFAULT',
        applicationIds: [APPLICATION],
        microtenantId: '0',
      },
      null,
    );
    const silent: typeof zpa = {
      ...zpa,
      listApplications: async function* () {
        yield {
          id: APPLICATION,
          name: 'Printer',
          enabled: true,
          microtenantId: '0',
          segmentGroupId: undefined,
          segmentGroupName: undefined,
        };
      },
    };
    expect(tenant.groups.size).toBe(1);
    expect((await surveyTenant(silent, { signal })).free).toBeUndefined();
  });

  it('finds what a probe left that was killed', async () => {
    const [name] = throwawayNames('a1b2c3d4');
    const { tenant, zpa, probe } = open({ names: [name, 'doctor B'] });
    await createThrowaway(zpa, name, { made: new Map(), scope: {} });
    expect((await surveyTenant(zpa, { signal })).left).toMatchObject([{ name }]);
    expect((await resultsOf(probe)).length).toBe(2);
    expect(leftIn(tenant)).toEqual([name]);
  });
});
