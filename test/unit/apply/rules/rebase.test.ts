import { describe, expect, it } from 'vitest';
import { mayRebase, rebaseOntoLive } from '../../../../functions/apply/rules/rebase.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import { aGroup } from '../../domain/sample-live.ts';
import { deletion, update } from '../../domain/sample-writes.ts';

const group = aGroup('1', { applicationIds: ['11', '12'] });
const content = { name: 'New', description: 'd', enabled: true, configSpace: 'DEFAULT', microtenantId: '0' };
const creation: PlannedWrite = { before: null, write: { kind: 'create', ...content, applicationIds: ['11'] } };

describe('a write of memberships put on top of an edit', () => {
  const planned = update(group, { addedApps: ['13', '14'], deletedApps: ['11', '12'] });
  const edited = {
    ...group,
    name: 'Renamed',
    description: 'by hand',
    enabled: true,
    applicationIds: ['11', '12', '19'],
  };

  it('is right where it has had no effect', () => {
    expect(mayRebase(planned, edited)).toBe(true);
  });

  it.each<[string, PlannedWrite, SegmentGroup]>([
    ['some of it joined already', planned, { ...edited, applicationIds: ['11', '12', '13'] }],
    ['some of it left already', planned, { ...edited, applicationIds: ['12'] }],
    ['it sets the name', update(group, {}, { name: 'Other' }), edited],
    ['it sets the description', update(group, {}, { description: 'other' }), edited],
    ['it switches the group on', update(group, {}, { enabled: true }), edited],
    ['it is a delete', deletion(group), edited],
    ['it is a create', creation, edited],
    ['nothing is known of before', { ...planned, before: null }, edited],
    ['nothing was edited', planned, group],
  ])('is not certain to be right where %s', (_, write, live) => {
    expect(mayRebase(write, live)).toBe(false);
  });
});

describe('a write of which nothing was sent, put on top of an edit', () => {
  const planned = update(group, { addedApps: ['13', '14'], deletedApps: ['11', '12'] }, { name: 'Named' });
  const edited = {
    ...group,
    name: 'Renamed',
    description: 'by hand',
    enabled: true,
    configSpace: 'SIEM',
    applicationIds: ['12', '13', '19'],
  };

  it('keeps what somebody set and it does not name, asks only for what is not so yet, and goes its way by now', () => {
    expect(rebaseOntoLive(planned, edited, 'v1')).toEqual({
      before: edited,
      write: {
        ...planned.write,
        via: 'v1',
        fields: { name: 'Named', description: 'by hand', enabled: true, configSpace: 'SIEM' },
        addedApps: ['14'],
        deletedApps: ['12'],
      },
    });
  });

  it('sets each field it names, whatever somebody set', () => {
    const all = update(group, {}, { description: 'named', enabled: true });
    expect(rebaseOntoLive(all, { ...edited, enabled: false }, 'v2')).toMatchObject({
      write: { fields: { name: 'Renamed', description: 'named', enabled: true } },
    });
  });

  it('is nothing where somebody has done it already', () => {
    expect(
      rebaseOntoLive(planned, { ...edited, name: 'Named', applicationIds: ['13', '14', '19'] }, 'v2'),
    ).toBeUndefined();
  });

  it('of a delete or a create stays what it is', () => {
    expect(rebaseOntoLive(deletion(group), edited, 'v2')).toEqual({ ...deletion(group), before: edited });
    expect(rebaseOntoLive(creation, edited, 'v2')).toEqual({ ...creation, before: edited });
    expect(rebaseOntoLive({ ...planned, before: null }, edited, 'v2')).toEqual({ ...planned, before: edited });
  });
});
