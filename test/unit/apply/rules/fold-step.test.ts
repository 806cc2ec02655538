import { describe, expect, it } from 'vitest';
import { type ChangeToDecide, foldStep } from '../../../../functions/apply/rules/fold-step.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { NEW_GROUP } from '../../../../shared/domain/decide/group-content.ts';
import type { LiveView } from '../../../../shared/domain/group/live-view.ts';
import { groupAfterWrite } from '../../../../shared/domain/intent/intent-writes.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../../domain/sample-changes.ts';
import { aGroup, anApplication, asApplications, aView, found, MISSING } from '../../domain/sample-live.ts';
import { deletion, update } from '../../domain/sample-writes.ts';

const { acme } = configurationSchema.parse({
  name: 'unit',
  tenants: { acme: { customerId: '1', vanity: 'acme' } },
  sources: {},
}).tenants;
const ticket = { system: 'Desk', id: 'T', approvals: [] };

const judged = (raw: unknown): ChangeToDecide => {
  if (acme === undefined) throw new Error('acme is configured');
  return { change: parsed(raw), permit: () => undefined, tenant: acme, ticket };
};
const fold = (view: LiveView, ...raws: unknown[]) => foldStep(raws.map(judged), view, '0', 'v2');
const kinds = (folded: ReturnType<typeof fold>) => folded.endings.map((one) => ('code' in one ? one.code : one.kind));

const group = aGroup('7', { applicationIds: ['11'] });
const other = aGroup('8', { applicationIds: ['21'] });
const applications = asApplications(anApplication('11', group), anApplication('12'), anApplication('21', other));
const live = aView(found(group), { applications, sources: new Map([['8', other]]) });
const to = (asked: Record<string, unknown>) => rawUpdate({ group: { id: '7' }, ...asked });

describe('several changes of one group', () => {
  it('are one write of the difference, each ending as it would alone', () => {
    const folded = fold(
      live,
      to({ applications: { add: [{ id: '12' }] } }),
      to({ set: { enabled: true } }),
      to({ applications: { remove: [{ id: '11' }] }, leaveUngrouped: true }),
    );
    expect(kinds(folded)).toEqual(['applied', 'applied', 'applied']);
    expect(folded.writes).toEqual([update(group, { addedApps: ['12'], deletedApps: ['11'] }, { enabled: true })]);
  });

  it('go through v1 where that is asked for', () => {
    const { writes } = foldStep([judged(to({ set: { enabled: true } }))], live, '0', 'v1');
    expect(writes).toMatchObject([{ write: { via: 'v1' } }]);
  });

  it('of which the later one undoes the earlier one need no write', () => {
    const folded = fold(live, to({ set: { enabled: true } }), to({ set: { enabled: false } }));
    expect(kinds(folded)).toEqual(['applied', 'applied']);
    expect(folded.writes).toEqual([]);
  });

  it('are each decided on what the ones before leave', () => {
    const adding = to({ applications: { add: [{ id: '12' }] } });
    expect(kinds(fold(live, adding, adding))).toEqual(['applied', 'unchanged']);
    const renamed = to({ set: { name: 'New' } });
    const enabling = (expected: object) => to({ set: { enabled: true }, expect: expected });
    expect(kinds(fold(live, renamed, enabling({ name: 'New' })))).toEqual(['applied', 'applied']);
    const twice = fold(live, to({ set: { enabled: true } }), enabling({ enabled: false }));
    expect(kinds(twice)).toEqual(['applied', 'precondition-failed']);
  });

  it('take an application out and in again', () => {
    const out = to({ applications: { remove: [{ id: '11' }] }, leaveUngrouped: true });
    const folded = fold(live, out, to({ applications: { add: [{ id: '11' }] } }));
    expect(kinds(folded)).toEqual(['applied', 'applied']);
    expect(folded.writes).toEqual([]);
  });

  it('after a delete find no group', () => {
    const empty = aView(found(aGroup('7')));
    const folded = fold(empty, rawDelete({ group: { id: '7' } }), to({ set: { enabled: true } }));
    expect(kinds(folded)).toEqual(['applied', 'group-not-found']);
    expect(folded.writes).toMatchObject([{ write: { kind: 'delete', groupId: '7' } }]);
  });

  it('a rejection between them writes nothing of its own', () => {
    const folded = fold(live, to({ applications: { remove: [{ id: '11' }] } }), to({ set: { enabled: true } }));
    expect(kinds(folded)).toEqual(['would-leave-ungrouped', 'applied']);
    expect(folded.writes).toEqual([update(group, {}, { enabled: true })]);
  });
});

describe('a move', () => {
  const taking = to({ applications: { add: [{ id: '21' }] }, takeFromOtherGroups: true });

  it('is written group by group', () => {
    expect(fold(live, taking).writes).toEqual([
      update(other, { deletedApps: ['21'] }),
      update(group, { addedApps: ['21'] }),
    ]);
  });

  it('is a step of its own, before and after others', () => {
    expect(() => fold(live, taking, to({ set: { enabled: true } }))).toThrow('step of its own');
    expect(() => fold(live, to({ set: { enabled: true } }), taking)).toThrow('step of its own');
  });
});

describe('a create', () => {
  it('that is changed at once is created so', () => {
    const folded = fold(aView(MISSING, { applications }), rawCreate({ applications: [{ id: '12' }] }));
    const content = { name: 'Web Apps', description: '', enabled: false, configSpace: 'DEFAULT', microtenantId: '0' };
    expect(folded.writes).toEqual([{ before: null, write: { kind: 'create', ...content, applicationIds: ['12'] } }]);
  });
});

describe('the state that a write leaves', () => {
  it('is the group with its new fields and members, without stamps', () => {
    const unstamped = { modifiedBy: undefined, modifiedTime: undefined };
    expect(groupAfterWrite(update(group, { addedApps: ['12'], deletedApps: ['11'] }, { name: 'New' }))).toEqual({
      ...{ ...group, name: 'New', applicationIds: ['12'], ...unstamped },
    });
  });

  it('is no group after a delete, and one without an id after a create', () => {
    expect(groupAfterWrite(deletion(group))).toBeNull();
    const fields = { name: 'New', description: 'd', enabled: true, configSpace: 'C', microtenantId: '7' };
    const content = { ...fields, applicationIds: ['11'] };
    const server = { readOnly: false, modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined };
    const created = groupAfterWrite({ before: null, write: { kind: 'create', ...content } });
    expect(created).toStrictEqual({ id: NEW_GROUP, ...content, ...server });
  });

  it('is unknown of an update of nothing', () => {
    expect(() => groupAfterWrite({ ...update(group), before: null })).toThrow('a group before');
  });
});
