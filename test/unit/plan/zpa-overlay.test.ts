import { describe, expect, it } from 'vitest';
import { createZpaOverlay } from '../../../functions/plan/zpa-overlay.ts';
import type { Transition } from '../../../shared/domain/decide/decision.ts';
import { NEW_GROUP } from '../../../shared/domain/decide/group-content.ts';
import { collect } from '../../../shared/reading/retry-read.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { aGroup } from '../domain/sample-live.ts';

const SCOPE = { microtenantId: '0' };
const WEB = aGroup('11', { name: 'Web', applicationIds: ['21'] });
const PRINTERS = aGroup('12', { name: 'Printers', applicationIds: [] });
const SINGLE = { groups: false, applications: false };
const LISTED = { groups: true, applications: true };

function overlayOf(listings = SINGLE) {
  const tenant = createMemoryTenant(createFakeClock());
  for (const group of [WEB, PRINTERS]) tenant.groups.set(group.id, group);
  for (const id of ['21', '22']) tenant.applications.set(id, { id, name: `app-${id}` });
  const zpa = createZpaOverlay(tenant.client({ take: async () => () => undefined, obey: () => undefined }), listings);
  return { zpa, tenant, methods: () => tenant.calls.map(({ method }) => method) };
}

const created = (name: string, applicationIds: string[] = []): Transition => ({
  before: null,
  after: { ...PRINTERS, id: NEW_GROUP, name, applicationIds },
});

describe.each([
  ['single reads', SINGLE],
  ['lists', LISTED],
])('a tenant over %s', (_, listings) => {
  it('is found by id and by name, in the group that each application is in', async () => {
    const { zpa } = overlayOf(listings);
    expect(await zpa.getGroup('12', SCOPE)).toMatchObject({ id: '12', name: 'Printers' });
    expect(await zpa.findGroups('Web', SCOPE)).toMatchObject([{ id: '11' }]);
    expect(await zpa.getApplication('22', SCOPE)).toMatchObject({ id: '22', name: 'app-22' });
    expect(await zpa.findApplications('app-21', SCOPE)).toMatchObject([{ id: '21', segmentGroupId: '11' }]);
    expect((await collect(zpa.listApplications(SCOPE))).map(({ id }) => id)).toEqual(['21', '22']);
  });

  it('has no object that is not there', async () => {
    const { zpa } = overlayOf(listings);
    await expect(zpa.getGroup('99', SCOPE)).rejects.toMatchObject({ fault: { code: 'not-found' } });
    await expect(zpa.getApplication('99', SCOPE)).rejects.toMatchObject({ fault: { code: 'not-found' } });
    expect(await zpa.findGroups('Nowhere', SCOPE)).toEqual([]);
    expect(await zpa.findApplications('Nowhere', SCOPE)).toEqual([]);
  });

  it('reads as earlier changes would leave it, until it is reset', async () => {
    const { zpa } = overlayOf(listings);
    zpa.assume([{ before: WEB, after: { ...WEB, name: 'Old Web', applicationIds: [] } }]);
    zpa.assume([{ before: PRINTERS, after: { ...PRINTERS, applicationIds: ['22'] } }]);
    expect(await zpa.findGroups('Web', SCOPE)).toEqual([]);
    expect(await zpa.findGroups('Old Web', SCOPE)).toMatchObject([{ id: '11' }]);
    expect(await zpa.getGroup('11', SCOPE)).toMatchObject({ name: 'Old Web', applicationIds: [] });
    expect(await zpa.getApplication('21', SCOPE)).toMatchObject({ segmentGroupId: undefined });
    expect(await zpa.findApplications('app-22', SCOPE)).toMatchObject([
      { segmentGroupId: '12', segmentGroupName: 'Printers' },
    ]);
    zpa.reset();
    expect(await zpa.findGroups('Web', SCOPE)).toMatchObject([{ id: '11', applicationIds: ['21'] }]);
    expect(await zpa.getApplication('21', SCOPE)).toMatchObject({ segmentGroupId: '11' });
  });

  it('has no group that an earlier change deletes, and each one that it creates', async () => {
    const { zpa } = overlayOf(listings);
    zpa.assume([{ before: WEB, after: null }]);
    zpa.assume([created('New', ['22'])]);
    zpa.assume([created('Newer')]);
    await expect(zpa.getGroup('11', SCOPE)).rejects.toMatchObject({ fault: { code: 'not-found' } });
    expect(await zpa.findGroups('Web', SCOPE)).toEqual([]);
    expect(await zpa.findGroups('New', SCOPE)).toMatchObject([{ id: `${NEW_GROUP}-1` }]);
    expect(await zpa.findGroups('Newer', SCOPE)).toMatchObject([{ id: `${NEW_GROUP}-2` }]);
    expect(await zpa.getApplication('22', SCOPE)).toMatchObject({ segmentGroupName: 'New' });
    expect(await zpa.getApplication('21', SCOPE)).toMatchObject({ segmentGroupId: undefined });
    zpa.reset();
    zpa.assume([created('Newest')]);
    expect(await zpa.findGroups('Newest', SCOPE)).toMatchObject([{ id: `${NEW_GROUP}-1` }]);
    expect(await zpa.findGroups('New', SCOPE)).toEqual([]);
  });
});

describe('the reads of a plan', () => {
  it('are made once each, and microtenants of their own', async () => {
    const { zpa, methods } = overlayOf();
    for (const _ of [1, 2]) {
      await zpa.getGroup('11', SCOPE);
      await zpa.getApplication('21', SCOPE);
      await zpa.findApplications('app-22', SCOPE);
      await zpa.listMicrotenants();
    }
    expect(methods()).toEqual(['getGroup', 'getApplication', 'findApplications', 'listMicrotenants']);
    await zpa.getGroup('11', { microtenantId: '7' });
    expect(methods().slice(4)).toEqual(['getGroup']);
  });

  it('are lists of the microtenant that is asked for', async () => {
    const { zpa, tenant } = overlayOf(LISTED);
    await zpa.findGroups('Web', SCOPE);
    await zpa.findApplications('app-22', SCOPE);
    await zpa.findGroups('Printers', SCOPE);
    expect(tenant.calls.map(({ method }) => method)).toEqual(['listGroups', 'listApplications']);
    await zpa.findGroups('Web', { microtenantId: '7' });
    expect(tenant.calls).toHaveLength(3);
  });

  it('for a name are made again once the group that was found has another name', async () => {
    const { zpa, tenant } = overlayOf();
    expect(await zpa.findGroups('Web', SCOPE)).toMatchObject([{ id: '11' }]);
    tenant.edit('11', { name: 'Old Web' });
    tenant.edit('12', { name: 'Web' });
    expect(await zpa.getGroup('11', SCOPE)).toMatchObject({ name: 'Old Web' });
    expect(await zpa.findGroups('Web', SCOPE)).toMatchObject([{ id: '12' }]);
  });

  it('that fail are made again', async () => {
    const { zpa, tenant } = overlayOf();
    const fault = { code: 'odd', class: 'unknown', scope: 'change', effect: 'none', reason: 'odd' } as const;
    tenant.interfere = () => ({ effect: 'before', fault });
    await expect(zpa.getGroup('11', SCOPE)).rejects.toMatchObject({ fault: { code: 'odd' } });
    tenant.interfere = () => undefined;
    expect(await zpa.getGroup('11', SCOPE)).toMatchObject({ id: '11' });
  });

  it('are all: nothing is written', async () => {
    const { zpa, tenant } = overlayOf();
    const write = { kind: 'delete', groupId: '11', microtenantId: '0' } as const;
    await expect(zpa.write(write, WEB, {})).rejects.toMatchObject({ fault: { code: 'no-budget' } });
    expect(tenant.writes).toEqual([]);
  });
});
