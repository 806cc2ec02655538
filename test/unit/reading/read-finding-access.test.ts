import { beforeEach, describe, expect, it } from 'vitest';
import type { DriftedLane } from '../../../shared/domain/drift/access-of-findings.ts';
import type { Finding } from '../../../shared/domain/drift/report.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { type AccessPorts, readFindingAccess } from '../../../shared/reading/drift/read-finding-access.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { aFault, createMemoryTenant, type MemoryTenant } from '../../fakes/memory-zpa.ts';
import { aRule } from '../../fakes/rules.ts';
import { aFinding } from '../domain/drift/a-finding.ts';
import { aGroup } from '../domain/sample-live.ts';

const LANE: DriftedLane = { live: [aGroup('1', { enabled: true, applicationIds: ['11', '12'] })], desired: [] };
const ADDED = aFinding({ kind: 'added', facet: 'app:11', groupId: '1' });
const TEXT = aFinding({ kind: 'changed', facet: 'description', groupId: '1' });
const IN_FLIGHT: Finding = { ...aFinding({ kind: 'added', facet: 'app:12', groupId: '1' }), state: 'in-flight' };
const located = (finding: Finding, of: Partial<Finding['group']>): Finding => ({
  ...finding,
  group: { ...finding.group, ...of },
});

let tenant: MemoryTenant;
let asked: { tenant: string; microtenantId: string | undefined }[];
let ports: AccessPorts;
beforeEach(() => {
  const clock = createFakeClock();
  tenant = createMemoryTenant(clock);
  tenant.policyRules = [aRule({ groupIds: ['1'] })];
  asked = [];
  const client = tenant.client({ take: async () => () => undefined, obey: () => undefined });
  const zpaOf = (name: string): Zpa => ({
    ...client,
    listRules: (options) => {
      asked.push({ tenant: name, microtenantId: options?.microtenantId });
      return client.listRules(options);
    },
  });
  ports = { clock, zpaOf, signal: new AbortController().signal, pausesMs: [] };
});

const accessOf = async (...findings: Finding[]) =>
  (await readFindingAccess(ports, findings, LANE)).map(({ access }) => access);
const OPENS = { read: 'read', exposes: true, interrupts: false, ruleCount: 1 };

describe('the rules that findings affect', () => {
  it('are read once for all of them, and everything else of a finding stays', async () => {
    const found = await readFindingAccess(ports, [ADDED, TEXT, IN_FLIGHT, ADDED], LANE);
    expect(found.map(({ access }) => access)).toMatchObject([OPENS, { read: 'not-needed' }, OPENS, OPENS]);
    expect(found.map((one) => ({ ...one, access: ADDED.access }))).toEqual([ADDED, TEXT, IN_FLIGHT, ADDED]);
    expect(asked).toEqual([{ tenant: 'acme', microtenantId: '0' }]);
  });

  it('of a group that lives in another microtenant are not taken for harmless', async () => {
    const moved = aFinding({ kind: 'changed', facet: 'exists', groupId: '1', before: 'microtenant 0' });
    expect(await accessOf(moved)).toMatchObject([
      { read: 'not-read', reason: expect.stringContaining('another microtenant') },
    ]);
    expect(asked).toEqual([]);
  });

  it('are not read if no finding alters access, or only those that a change is at work on', async () => {
    expect(await accessOf(TEXT)).toEqual([{ read: 'not-needed' }]);
    expect(await accessOf(TEXT, IN_FLIGHT)).toMatchObject([
      { read: 'not-needed' },
      { read: 'not-read', reason: expect.stringContaining('a change to it is in progress') },
    ]);
    expect(await accessOf()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('are those of the microtenants concerned and of the Default one, each read once', async () => {
    const east = located(ADDED, { microtenantId: '72' });
    expect(await accessOf(east, ADDED, east)).toMatchObject([OPENS, OPENS, OPENS]);
    expect(asked.map(({ microtenantId }) => microtenantId).sort()).toEqual(['0', '72']);
  });

  it('are not known if they cannot be read, after another tenant of the customer was asked', async () => {
    const other = located(ADDED, { tenant: 'other', microtenantId: '72' });
    tenant.interfere = () => ({ fault: aFault({ code: 'forbidden', reason: 'no right' }) });
    const access = { read: 'not-read', reason: expect.stringContaining('no right') };
    expect(await accessOf(ADDED, other, TEXT)).toEqual([access, access, { read: 'not-needed' }]);
    expect(asked.map((one) => `${one.tenant} ${one.microtenantId}`).sort()).toEqual(['acme 0', 'other 0', 'other 72']);
  });

  it('are not known where only their microtenant cannot be read', async () => {
    let nth = 0;
    tenant.interfere = () => {
      nth += 1;
      return asked.at(-1)?.microtenantId === '72' ? { fault: aFault() } : undefined;
    };
    expect(await accessOf(ADDED, located(ADDED, { microtenantId: '72' }))).toMatchObject([OPENS, { read: 'not-read' }]);
    expect(nth).toBe(2);
  });

  it('are asked for again after a fault that passes, and not once the time is up', async () => {
    let faults = 1;
    tenant.interfere = () => {
      faults -= 1;
      return faults >= 0 ? { fault: aFault({ class: 'transient' }) } : undefined;
    };
    ports = { ...ports, pausesMs: [1] };
    expect(await accessOf(ADDED)).toMatchObject([OPENS]);
    expect(asked).toHaveLength(2);
    faults = 9;
    ports = { ...ports, signal: AbortSignal.abort() };
    expect(await accessOf(ADDED)).toMatchObject([{ read: 'not-read', reason: expect.stringContaining('time') }]);
    expect(asked).toHaveLength(3);
  });
});
