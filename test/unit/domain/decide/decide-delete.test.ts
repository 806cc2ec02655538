import { describe, expect, it } from 'vitest';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { RuleMention, RuleScan, SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { LiveView } from '../../../../shared/domain/group/live-view.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { parsed, rawDelete } from '../sample-changes.ts';
import { aGroup, ambiguous, aView, found } from '../sample-live.ts';

const allowed = () => undefined;
const empty = aGroup('7');
const full = aGroup('7', { applicationIds: ['11', '12'] });
const other = aGroup('8', { applicationIds: ['21'] });
const unstamped = { modifiedBy: undefined, modifiedTime: undefined };
const deleted = (view: LiveView, asked: Record<string, unknown> = {}) =>
  decide(parsed(rawDelete({ group: { id: '7' }, ...asked })), view, '0', allowed);
const scanned = (over: Partial<RuleScan> = {}): RuleScan => ({
  mentions: [],
  scanned: ['ACCESS_POLICY', 'TIMEOUT_POLICY'],
  skipped: [],
  ...over,
});
const mention = (ruleName: string, ruleOrder?: string): RuleMention => ({
  policyType: 'ACCESS_POLICY',
  ruleId: '1',
  ruleName,
  ruleOrder,
  microtenantId: '0',
  action: 'ALLOW',
});

describe('a delete', () => {
  it('of an empty group that no rule names is one write, and says what was looked at', () => {
    expect(deleted(aView(found(empty), { rules: scanned() }))).toEqual({
      kind: 'write',
      transitions: [{ before: { ...empty, ...unstamped }, after: null }],
      effect: {
        groupId: '7',
        before: { name: 'group-7', description: 'before', enabled: false, applicationCount: 0 },
        after: null,
        added: [],
        removed: [],
      },
      reach: { status: 'checked', summary: 'no policy rule named the group in 2 policy types' },
      approved: { groupId: '7', microtenantId: '0', fields: {}, members: { has: [], hasNot: [] }, deleted: true },
    });
  });

  it('says which policy types were not read, each once, at most twenty', () => {
    const skip = (policyType: string) => ({ policyType, reason: 'not licensed' });
    const of = (...types: string[]) => deleted(aView(found(empty), { rules: scanned({ skipped: types.map(skip) }) }));
    const summary = 'no policy rule named the group in 2 policy types';
    expect(of('A', 'A', 'B')).toMatchObject({ reach: { summary, skipped: ['A', 'B'] } });
    const many = of(...Array.from({ length: 30 }, (_, index) => `T${index}`));
    expect(many).toMatchObject({ reach: { skipped: Array.from({ length: 20 }, (_, index) => `T${index}`) } });
  });

  it('is not decided without a look at the rules, nor on those of some microtenants unless one of them refuses it', () => {
    expect(() => deleted(aView(found(empty), { rules: undefined }))).toThrow('complete scan');
    expect(() => deleted(aView(found(empty), { rules: scanned({ unreadMicrotenants: 1 }) }))).toThrow('complete scan');
    const refusing = scanned({ mentions: [mention('Web', '1')], unreadMicrotenants: 1 });
    expect(deleted(aView(found(empty), { rules: refusing }))).toMatchObject({
      code: 'group-in-use',
      sentence:
        'a policy rule names "group-7": "Web" (ACCESS_POLICY, order 1); the rules of 1 more microtenant were not read',
    });
    expect(() => deleted(aView(found(empty), { rules: scanned({ unreadTypes: 13 }) }))).toThrow('complete scan');
    expect(deleted(aView(found(empty), { rules: { ...refusing, unreadTypes: 13 } }))).toMatchObject({
      sentence: expect.stringMatching(/; the rules of 13 more policy types and of 1 more microtenant were not read$/),
    });
  });

  it('of a group that holds applications is rejected', () => {
    const holding = (group: SegmentGroup) => deleted(aView(found(group)));
    expect(holding(full)).toMatchObject({
      code: 'group-not-empty',
      sentence: expect.stringContaining('2 application segments'),
      details: { applications: ['11', '12'] },
    });
    expect(holding(aGroup('7', { applicationIds: ['11'] }))).toMatchObject({
      sentence: expect.stringMatching(/1 application segment\b/),
    });
    const many = Array.from({ length: 120 }, (_, index) => `${index}`);
    expect(holding(aGroup('7', { applicationIds: many }))).toMatchObject({
      details: { applications: expect.objectContaining({ length: 100 }) },
    });
  });

  it('of a group that a rule names is rejected, with the rules', () => {
    const named = (...mentions: RuleMention[]) => deleted(aView(found(empty), { rules: scanned({ mentions }) }));
    expect(named(mention('Allow', '3'))).toMatchObject({
      code: 'group-in-use',
      sentence: expect.stringMatching(/^a policy rule names "group-7": "Allow" \(ACCESS_POLICY, order 3\)/i),
      details: { rules: [mention('Allow', '3')] },
    });
    const many = named(...Array.from({ length: 60 }, (_, index) => mention(`R${index}`)));
    expect(many).toMatchObject({
      sentence: expect.stringMatching(
        /^60 policy rules name "group-7": "R0" \(ACCESS_POLICY, order \?\), "R1" .*, "R2" \(ACCESS_POLICY, order \?\)$/,
      ),
      details: { rules: expect.objectContaining({ length: 50 }) },
    });
  });

  it('of a group that ZPA manages, or that is not as expected, is rejected', () => {
    expect(deleted(aView(found({ ...empty, readOnly: true })))).toMatchObject({ code: 'group-read-only' });
    expect(deleted(aView(found(empty)), { expect: { name: 'Other' } })).toMatchObject({ code: 'precondition-failed' });
    expect(deleted(aView(found({ ...full, readOnly: true })))).toMatchObject({ code: 'group-read-only' });
  });

  it('needs a grant before anything is told about the group', () => {
    const denied = (group: SegmentGroup) =>
      decide(parsed(rawDelete()), aView(found(group)), '0', () => reject('not-permitted', 'no'));
    expect(denied(empty)).toMatchObject({ code: 'not-permitted' });
    expect(denied(full)).toMatchObject({ code: 'not-permitted' });
  });
});

describe('a delete that moves applications away', () => {
  const moving = { moveApplicationsTo: { name: 'group-8' } };
  const towards = (destination: LiveView['destination'], group = full) => aView(found(group), { destination });

  it('empties the group, fills the other one, then deletes; both ends are approved', () => {
    const emptied = { ...full, ...unstamped, applicationIds: [] };
    expect(deleted(towards(found(other)), moving)).toMatchObject({
      kind: 'write',
      transitions: [
        { before: full, after: emptied },
        { before: other, after: { ...other, ...unstamped, applicationIds: ['11', '12', '21'] } },
        { before: emptied, after: null },
      ],
      effect: {
        removed: ['11', '12'],
        moves: [{ from: { id: '7', name: 'group-7' }, to: { id: '8', name: 'group-8' }, applicationIds: ['11', '12'] }],
      },
      approved: {
        deleted: true,
        others: [{ groupId: '8', members: { has: ['11', '12'], hasNot: [] }, deleted: false }],
      },
    });
  });

  it('of an empty group moves nothing', () => {
    const decided = deleted(towards(found(other), empty), moving);
    expect(decided).toMatchObject({ transitions: [{ after: null }] });
    expect(decided).not.toHaveProperty('effect.moves');
    expect(decided).not.toHaveProperty('approved.others');
  });

  it('needs one group to move them to', () => {
    const path = 'moveApplicationsTo';
    expect(deleted(towards(undefined), moving)).toMatchObject({ code: 'group-not-found', path });
    expect(deleted(towards(ambiguous('8', '9')), moving)).toMatchObject({ code: 'group-name-ambiguous', path });
    expect(deleted(towards(found(full)), moving)).toMatchObject({ code: 'invalid-change', path });
  });

  it('needs a grant for both groups, and for every application that goes along', () => {
    const asked: unknown[] = [];
    const view = { ...towards(found(other)), memberNames: new Map([['11', 'app-11']]) };
    decide(parsed(rawDelete(moving)), view, '0', (names) => void asked.push(names));
    expect(asked).toEqual([
      { groupNames: ['group-7', 'group-8'], applicationNames: ['app-11'], unnamedApplications: ['12'] },
    ]);
  });
});
