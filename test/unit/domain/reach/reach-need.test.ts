import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { MIN_READS_FOR_RULES } from '../../../../shared/domain/configuration/guard-schema.ts';
import { reachNeed } from '../../../../shared/domain/reach/reach-need.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

function need(tenant: Record<string, unknown>, change: ChangeRequest) {
  const { acme } = configurationSchema.parse({
    name: 'zc',
    tenants: { acme: { customerId: '216196257331281920', vanity: 'acme', ...tenant } },
    sources: {},
  }).tenants;
  if (acme === undefined) throw new Error('acme is configured');
  return reachNeed(acme, change);
}

const applications = { add: [{ id: '12' }] };
const withSome = { applications: [{ id: '12' }] };
const crown = (more: Record<string, unknown>) =>
  parsed(rawCreate({ ...withSome, group: { name: 'Crown Jewels' }, ...more }));
const adds = parsed(rawUpdate({ group: { id: '77' }, applications }));
const named = (name: string, more: Record<string, unknown> = {}) =>
  parsed(rawUpdate({ group: { name }, applications, ...more }));
const guarded = { reach: 'guarded', guards: { rules: [{ rules: ['*'], groups: ['Crown *'], response: 'refuse' }] } };
const severalGuards = {
  reach: 'guarded',
  guards: { rules: [{ rules: ['*'], groups: ['Crown *', 'Payroll'], response: 'refuse' }] },
};

describe('whether the rules are read', () => {
  it.each<[string, Record<string, unknown>, ChangeRequest, string]>([
    ['a membership', {}, adds, 'wanted'],
    ['a switch', {}, parsed(rawUpdate({ set: { enabled: false } })), 'wanted'],
    ['a rename', {}, parsed(rawUpdate({ set: { name: 'New' } })), 'none'],
    ['a create without applications', {}, parsed(rawCreate()), 'none'],
    ['a create with some, which no rule can name yet', {}, parsed(rawCreate({ ...withSome, enabled: true })), 'none'],
    ['a create of a guarded group', guarded, crown({ enabled: true }), 'none'],
    ['a create of a disabled group with some', {}, parsed(rawCreate(withSome)), 'none'],
    ['a create of a disabled guarded group with some', guarded, crown({}), 'required'],
    ['a create with some that may be an update', {}, parsed(rawCreate({ ...withSome, ifExists: 'update' })), 'wanted'],
    ['a create that would switch what exists', {}, parsed(rawCreate({ ifExists: 'update', enabled: true })), 'wanted'],
    ['a create that would rename nothing and switch nothing', {}, parsed(rawCreate({ ifExists: 'update' })), 'none'],
    ['a delete', {}, parsed(rawDelete()), 'wanted'],
    ['for deletes only', { reach: 'deletes' }, adds, 'none'],
    ['for guarded changes only', { reach: 'guarded' }, adds, 'none'],
    ['a guarded group', guarded, named('Crown Jewels'), 'required'],
    ['another group', guarded, named('Web Apps'), 'none'],
    ['a group that could be guarded', guarded, adds, 'required'],
    ['groups that are taken from', guarded, named('Web Apps', { takeFromOtherGroups: true }), 'required'],
    [
      'the group that is moved to',
      guarded,
      named('Web Apps', { applications: { remove: applications.add }, moveTo: { name: 'Crown Jewels' } }),
      'required',
    ],
    [
      'the group that takes what a delete leaves',
      guarded,
      parsed(rawDelete({ group: { name: 'Web Apps' }, moveApplicationsTo: { name: 'Crown Jewels' } })),
      'required',
    ],
    ['the new name of a group', guarded, named('Web Apps', { set: { name: 'Crown Jewels' } }), 'required'],
    ['another new name of a group', guarded, named('Web Apps', { set: { name: 'Web' } }), 'none'],
    ['a group of another guard', severalGuards, named('Payroll'), 'required'],
    ['a group of no guard', severalGuards, named('Web Apps'), 'none'],
    ['a guard beside always', { guards: guarded.guards }, named('Crown Jewels'), 'required'],
    ['a budget too small', { budget: { reads: 8 } }, adds, 'none'],
    ['the smallest budget', { budget: { reads: MIN_READS_FOR_RULES } }, adds, 'wanted'],
  ])('%s', (_, tenant, change, expected) => {
    expect(need(tenant, change).kind).toBe(expected);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ budget: { reads: 8 } }, '8 reads'],
    [{ reach: 'guarded' }, 'guarded changes only'],
    [{ reach: 'deletes' }, 'deletions only'],
  ])('and if not, why: %o, %s', (tenant, why) => {
    expect(need(tenant, adds)).toMatchObject({ reason: expect.stringContaining(why) });
  });
});
