import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import type { Decision } from '../../../../shared/domain/decide/decision.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { guardedDecision } from '../../../../shared/domain/guard/guarded-decision.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { anApplied } from '../../../fakes/records.ts';
import { aRule, rulesRead } from '../../../fakes/rules.ts';
import { parsed, rawDelete, rawUpdate } from '../sample-changes.ts';
import { aView, found } from '../sample-live.ts';

const group = (applicationIds: string[]): SegmentGroup => ({
  id: '1',
  name: 'Web Apps',
  description: '',
  enabled: true,
  configSpace: 'DEFAULT',
  microtenantId: '0',
  applicationIds,
  readOnly: false,
  modifiedBy: undefined,
  modifiedTime: undefined,
  creationTime: undefined,
});
const { effect, approved, reach } = anApplied();
const joins: Decision = {
  kind: 'write',
  transitions: [{ before: group([]), after: group(['12']) }],
  effect,
  approved,
  reach,
};
const wiki = {
  id: '12',
  name: 'Wiki',
  enabled: true,
  microtenantId: '0',
  segmentGroupId: undefined,
  segmentGroupName: undefined,
};
const live = aView(found(group([])), { applications: new Map([['id:12', found(wiki)]]) });

function judge(decision: Decision, change = parsed(rawUpdate()), guards: Record<string, unknown> = {}, view = live) {
  const tenants = { acme: { customerId: '216196257331281920', vanity: 'acme', guards } };
  const { acme } = configurationSchema.parse({ name: 'zc', tenants, sources: {} }).tenants;
  if (acme === undefined) throw new Error('acme is configured');
  const ticket = { system: 'servicenow', id: 'CHG0031337', approvals: [] };
  return guardedDecision(decision, change, view, {
    tenant: acme,
    ticket,
    reading: rulesRead([aRule({ groupIds: ['1'] })]),
  });
}

describe('a decision under guards', () => {
  it('has its reach, with the names that were read', () => {
    expect(judge(joins)).toMatchObject({
      kind: 'write',
      transitions: joins.kind === 'write' ? joins.transitions : [],
      reach: { status: 'checked', rules: [{ gains: { count: 1, applications: [{ id: '12', name: 'Wiki' }] } }] },
    });
  });

  it('says what joined and left was called, the first twenty of them', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ ...wiki, id: `${100 + index}`, name: `App ${index}` }));
    const view = aView(found(group([])), { applications: new Map(many.map((one) => [`id:${one.id}`, found(one)])) });
    const ids = many.map(({ id }) => id);
    const effectOf = (added: string[], removed: string[]) => {
      const decision: Decision = { ...joins, effect: { ...effect, added, removed } } as Decision;
      const judged = judge(decision, parsed(rawUpdate()), {}, view);
      return judged.kind === 'write' ? judged.effect.names : undefined;
    };
    expect(effectOf(['101'], ['100'])).toEqual({ 100: 'App 0', 101: 'App 1' });
    expect(Object.keys(effectOf(ids, []) ?? {})).toEqual(ids.slice(0, 20));
    expect(effectOf(['999'], [])).toBeUndefined();
  });

  it('to change nothing reaches nothing', () => {
    const unchanged: Decision = { kind: 'unchanged', effect, approved, reach };
    expect(judge(unchanged)).toMatchObject({ kind: 'unchanged', reach: { status: 'checked', rules: [] } });
  });

  it('to delete an empty group says what its own scan found', () => {
    const scanned = { status: 'checked', summary: 'no policy rule named the group' } as const;
    const deletes: Decision = {
      ...joins,
      kind: 'write',
      transitions: [{ before: group([]), after: null }],
      reach: scanned,
    };
    expect(judge(deletes, parsed(rawDelete()))).toMatchObject({ kind: 'write', reach: scanned });
  });

  it('is a rejection where a guard objects', () => {
    const rules = [{ rules: ['*'], response: 'refuse' }];
    expect(judge(joins, undefined, { rules })).toMatchObject({ kind: 'rejected', code: 'guarded' });
  });

  it('that was a rejection stays one', () => {
    const rejected = reject('group-not-found', 'no such group');
    expect(judge(rejected, undefined, { deletes: 'refused' })).toBe(rejected);
  });
});
