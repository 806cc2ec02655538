import { expect } from 'vitest';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { collect } from '../../../shared/zpa/api/paginate.ts';

type Update = Extract<ZpaWrite, { kind: 'update' }>;

const names = (items: { name: string }[]) => items.map(({ name }) => name).sort();
const STAGING = '45096653';
const REMOTE = ['926196382959075422', '926196382959075423', '926196382959075424'];

async function created(zpa: Zpa, more: Partial<Extract<ZpaWrite, { kind: 'create' }>>): Promise<SegmentGroup> {
  const unset = { description: '', enabled: false, configSpace: 'DEFAULT', applicationIds: [], microtenantId: '0' };
  const { groupId } = await zpa.write({ kind: 'create', name: 'New', ...unset, ...more }, null);
  return zpa.getGroup(groupId);
}

async function updated(
  zpa: Zpa,
  via: Update['via'],
  fields: Partial<Update['fields']>,
  deltas: Partial<Update> = {},
): Promise<{ before: SegmentGroup; after: SegmentGroup }> {
  const before = await zpa.getGroup(STAGING);
  const { name, description, enabled, configSpace } = before;
  const written = { name, description, enabled, configSpace, ...fields };
  const unmoved = { addedApps: [], deletedApps: [] };
  await zpa.write(
    { kind: 'update', via, groupId: STAGING, microtenantId: '0', fields: written, ...unmoved, ...deltas },
    before,
  );
  return { before, after: await zpa.getGroup(STAGING) };
}

async function remembered(zpa: Zpa, via: Update['via']): Promise<void> {
  const deltas = { addedApps: [REMOTE[0] ?? ''], deletedApps: ['216196257331372711'] };
  const { before, after } = await updated(zpa, via, {}, deltas);
  expect(after).toMatchObject({ name: before.name, description: 'R&D', enabled: false });
  expect(after.applicationIds).toEqual([REMOTE[0]]);
}

/** Maps the first column of docs/pyzscaler.md to the result expected in the small tenant. */
export const ROWS: Record<string, (zpa: Zpa) => Promise<void>> = {
  'list_groups()': async (zpa) => {
    const all = await collect(zpa.listGroups());
    expect(names(all)).toEqual(['Empty', 'Intranet', 'Staging Apps', 'Subsidiary Apps']);
    expect(all.find(({ id }) => id === STAGING)?.description).toBe('R&D');
  },
  'list_groups(pagesize=2)': async (zpa) => expect(await collect(zpa.listGroups({ pageSize: 2 }))).toHaveLength(4),
  'list_groups(max_items=3)': async (zpa) => expect(await collect(zpa.listGroups({ maxItems: 3 }))).toHaveLength(3),
  'list_groups(max_pages=1)': async (zpa) =>
    expect(await collect(zpa.listGroups({ pageSize: 2, maxPages: 1 }))).toHaveLength(2),
  "list_groups(search='enabled EQ true')": async (zpa) => {
    const enabled = await collect(zpa.listGroups({ search: 'enabled EQ true' }));
    expect(names(enabled)).toEqual(['Empty', 'Intranet', 'Subsidiary Apps']);
  },
  "get_group('45096653')": async (zpa) => {
    expect(await zpa.getGroup(STAGING)).toMatchObject({
      id: STAGING,
      name: 'Staging Apps',
      description: 'R&D',
      enabled: false,
      microtenantId: '0',
      applicationIds: ['216196257331372711'],
      members: new Map([['216196257331372711', expect.objectContaining({ name: 'Start Page' })]]),
      readOnly: false,
    });
    await expect(zpa.getGroup('99')).rejects.toMatchObject({ code: 'not-found' });
  },
  "add_group(name='Management Apps')": async (zpa) =>
    expect(await created(zpa, { name: 'Management Apps' })).toMatchObject({
      name: 'Management Apps',
      description: '',
      enabled: false,
      applicationIds: [],
    }),
  "add_group(name='Web Apps', enabled=True)": async (zpa) =>
    expect(await created(zpa, { name: 'Web Apps', enabled: true })).toMatchObject({ name: 'Web Apps', enabled: true }),
  'add_group(…, description=…, application_ids=[…])': async (zpa) => {
    const asked = {
      name: 'Remote Access',
      description: 'Remote Access Applications',
      enabled: true,
      applicationIds: REMOTE,
    };
    expect(await created(zpa, asked)).toMatchObject(asked);
    expect((await zpa.getApplication(REMOTE[1] ?? '')).segmentGroupId).toMatch(/^\d+$/);
  },
  "add_group(…, config_space='SIEM')": async (zpa) =>
    expect(await created(zpa, { configSpace: 'SIEM' })).toMatchObject({ configSpace: 'SIEM' }),
  "update_group('45096653', name='Development Apps', enabled=True)": async (zpa) => {
    const { before, after } = await updated(zpa, 'v2', { name: 'Development Apps', enabled: true });
    expect(after).toMatchObject({ name: 'Development Apps', enabled: true, description: 'R&D' });
    expect(after.applicationIds).toEqual(before.applicationIds);
  },
  "update_group('45096653', application_ids=[…])": (zpa) => remembered(zpa, 'v2'),
  "update_group('45096653', application_ids=[…]) through v1": (zpa) => remembered(zpa, 'v1'),
  "delete_group('45096653')": async (zpa) => {
    const emptied = await updated(zpa, 'v2', {}, { deletedApps: ['216196257331372711'] });
    await zpa.write({ kind: 'delete', groupId: STAGING, microtenantId: '0' }, emptied.after);
    await expect(zpa.getGroup(STAGING)).rejects.toMatchObject({ code: 'not-found' });
  },
  'a group by its name': async (zpa) => {
    expect((await zpa.findGroups('Intranet')).map(({ id }) => id)).toEqual(['216196257331372720']);
    expect(await zpa.findGroups('intranet')).toEqual([]);
    expect(await zpa.findGroups('No Such Group')).toEqual([]);
  },
  'the groups of one microtenant': async (zpa) => {
    const microtenantId = '216196257331372700';
    expect(names(await collect(zpa.listGroups({ microtenantId })))).toEqual(['Subsidiary Apps']);
    expect(await zpa.findGroups('Intranet', { microtenantId })).toEqual([]);
  },
  'the microtenants': async (zpa) =>
    expect(names(await zpa.listMicrotenants())).toEqual(['Default', 'Subsidiary & Sons']),
  'an application segment': async (zpa) =>
    expect(await zpa.getApplication('216196257331372710')).toMatchObject({
      name: 'Wiki',
      segmentGroupId: '216196257331372720',
    }),
  'all application segments': async (zpa) => expect(await collect(zpa.listApplications())).toHaveLength(5),
  'an application segment by its name': async (zpa) =>
    expect((await zpa.findApplications('Start Page')).map(({ id }) => id)).toEqual(['216196257331372711']),
  'the policy rules that name a group': async (zpa) => {
    const { mentions, scanned } = await zpa.rulesNaming('216196257331372720');
    expect(mentions).toMatchObject([{ policyType: 'ACCESS_POLICY', ruleName: 'Everybody & intranet' }]);
    expect(scanned).toContain('ISOLATION_POLICY');
    expect((await zpa.rulesNaming(STAGING)).mentions).toEqual([]);
  },
  'whether the tenant answers at all': async (zpa) => expect(await zpa.probe()).toBeUndefined(),
};
