import { describe, expect, it } from 'vitest';
import { outcomeSubject, outcomeText } from '../../../../shared/domain/notice/outcome-text.ts';
import type { Effect, Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import { anApplied, aRef, aRejected } from '../../../fakes/records.ts';

const noticeOf = (outcome: Outcome, key = 'CHG1') => ({
  schemaVersion: 1 as const,
  ref: aRef(key),
  generation: 1,
  action: 'update' as const,
  ticket: { system: 'Helpdesk', id: key, approvals: [] },
  outcome,
  correlationId: 'c',
});
/** The lines about the outcome itself. */
const told = (outcome: Outcome) => outcomeText(noticeOf(outcome)).split('\n').slice(4, -2);

const summary = { name: 'Web', description: 'old', enabled: true, applicationCount: 1 };
const did = (effect: Partial<Effect>) =>
  told(
    anApplied({ effect: { groupId: '7', before: summary, after: summary, added: [], removed: [], ...effect } }),
  ).slice(1, -1);
const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

describe('what an applied change is said to have done', () => {
  it.each<[string, Partial<Effect>, string[]]>([
    ['nothing but be written', {}, ['Segment group "Web" (id 7):']],
    ['rename', { after: { ...summary, name: 'Net' } }, ['Segment group "Web" (id 7):', '- renamed to "Net"']],
    ['switch off', { after: { ...summary, enabled: false } }, ['Segment group "Web" (id 7):', '- now disabled']],
    [
      'describe',
      { after: { ...summary, description: 'new' } },
      ['Segment group "Web" (id 7):', '- description now "new"'],
    ],
    ['add', { added: ['11', '12'] }, ['Segment group "Web" (id 7):', '- application segments added: 11, 12']],
    ['remove', { removed: ['11'] }, ['Segment group "Web" (id 7):', '- application segments removed: 11']],
    ['create', { before: null }, ['Created "Web" (id 7), enabled.']],
    [
      'create, switched off',
      { before: null, after: { ...summary, enabled: false } },
      ['Created "Web" (id 7), disabled.'],
    ],
    ['delete', { after: null }, ['Deleted "Web" (id 7).']],
    ['something to a group of which no state is known', { before: null, after: null }, ['Segment group 7.']],
  ])('%s', (_, effect, lines) => {
    expect(did(effect)).toEqual(lines);
  });

  it('lists at most twenty applications', () => {
    expect(did({ added: ids(20) })[1]).toBe(`- application segments added: ${ids(20).join(', ')}`);
    expect(did({ added: ids(21) })[1]).toBe(`- application segments added: ${ids(20).join(', ')} and 1 more`);
  });

  it('names what somebody else edited meanwhile', () => {
    const overtaken = [{ field: 'name', expected: 'Web', found: 'Net' }];
    expect(told(anApplied({ overtaken }))).toContain(
      'Edited by somebody else meanwhile, and left so: name is now "Net"',
    );
    expect(told(anApplied())[0]).toBe('Applied.');
  });
});

describe('how other changes are said to have ended', () => {
  it('a rejection says field and ZPA only where there is one', () => {
    expect(told(aRejected({ sentence: 'no', remedy: 'ask' }))).toEqual([
      'Rejected (group-not-found): No.',
      'What to do: Ask.',
    ]);
  });

  it('by whom, and why', () => {
    const ended = { by: 'lena', reason: 'withdrawn', generation: 1, at: 0, attempts: 0 };
    expect(told({ kind: 'cancelled', ...ended })).toEqual(['Cancelled by lena: Withdrawn.']);
    expect(told({ kind: 'superseded', ...ended })).toEqual(['Replaced by lena: Withdrawn.']);
  });

  it('the reach of policy rules stands a line each', () => {
    const none = { count: 0, sure: 'no', applications: [] } as const;
    const rule = { policyType: 'P', ruleId: '1', ruleName: 'R', microtenantId: '0', disabled: false };
    const access = { exposes: 'no', interrupts: 'no' } as const;
    const rules = [
      { ...rule, ...access, gains: { ...none, applications: [] }, loses: { ...none, applications: [], count: 1 } },
    ];
    const lines = told(anApplied({ reach: { status: 'checked', summary: 'One.', rules, ruleCount: 1 } }));
    expect(lines.slice(-2)).toEqual(['Policy impact: One.', '- "R" (P) loses 1 application segment']);
  });
});

describe('the subject', () => {
  it('says why it was rejected', () => {
    expect(outcomeSubject(noticeOf(aRejected()))).toBe('CHG1 rejected (group-not-found): update in acme-test');
  });

  it('shows what ASCII has no letter for', () => {
    expect(outcomeSubject(noticeOf(anApplied(), '漢7'))).toMatch(/^\?7 applied/);
  });

  it('is cut where it is too long, and says so', () => {
    const fixed = ' applied: update in acme-test'.length;
    const subject = (length: number) => outcomeSubject(noticeOf(anApplied(), 'x'.repeat(length - fixed)));
    expect(subject(99)).toMatch(/^x+ applied: update in acme-test$/);
    expect(subject(100)).toMatch(/^x+ applied: update in acme-\.\.\.$/);
    expect(subject(100)).toHaveLength(99);
  });
});
