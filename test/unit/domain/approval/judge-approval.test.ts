import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Approval,
  type ApprovalFacts,
  compareApprovals,
  judgeApproval,
} from '../../../../shared/domain/approval/judge-approval.ts';
import { complete } from '../../../../shared/domain/approval/reading.ts';

const STRICT = { selfApproval: false, trustHistory: false };
const minute = (at: number) => new Date(Date.UTC(2026, 10, 2, 9, at)).toISOString();
const by = (name: string, at = 0, ref = `ref-${name}-${at}`): Approval => ({ by: name, at: minute(at), ref });

const facts = (over: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
  approvals: [by('david')],
  requesters: ['beth'],
  history: complete([]),
  affectsChange: (field) => field.startsWith('mapped'),
  ...over,
});

describe('an approval', () => {
  it('of somebody else, of fields that nobody touched since, is in force', () => {
    expect(judgeApproval(facts(), STRICT)).toEqual({
      kind: 'in-force',
      approval: by('david'),
      approvals: [by('david')],
    });
  });

  it('is the latest that counts, and the requester’s own does not', () => {
    const approvals = [by('eve', 5), by('david', 1), by('BETH ', 9)];
    expect(judgeApproval(facts({ approvals }), STRICT)).toMatchObject({
      approval: by('eve', 5),
      approvals: [by('david', 1), by('eve', 5)],
    });
    expect(judgeApproval(facts({ approvals }), { ...STRICT, selfApproval: true })).toMatchObject({
      approval: by('BETH ', 9),
    });
  });

  it.each([
    ['no-approval', { approvals: [] }],
    ['no-approval', { approvals: [by(' ')] }],
    ['no-approval', { approvals: [{ ...by('david'), ref: '' }] }],
    ['no-approval', { approvals: [{ ...by('david'), at: 'yesterday' }] }],
    ['requester-unknown', { requesters: [] }],
    ['self-approved', { requesters: ['David'] }],
    ['history-unknown', { history: { kind: 'unknown', reason: 'no audit' } }],
    ['approval-stale', { history: complete([{ field: 'mapped.group', at: minute(1), by: 'beth' }]) }],
    ['approval-stale', { history: complete([{ field: 'mapped.group', at: 'some day', by: 'beth' }]) }],
    ['approval-stale', { history: complete([{ field: 'mapped.group', at: minute(0), by: 'beth' }]) }],
  ] as const)('is %s for %j', (code, over) => {
    expect(judgeApproval(facts(over), STRICT)).toMatchObject({ kind: 'refused', code });
  });

  it.each([
    ['before it', { field: 'mapped.group', at: minute(-1), by: 'beth' }],
    ['by the approver in the same moment', { field: 'mapped.group', at: minute(0), by: 'David' }],
    ['of a field that makes no change', { field: 'comments', at: minute(7), by: 'beth' }],
  ])('is in force after an edit %s', (_, edit) => {
    expect(judgeApproval(facts({ history: complete([edit]) }), STRICT).kind).toBe('in-force');
  });

  it('is in force without a history or another approver where the rules say so', () => {
    expect(
      judgeApproval(facts({ history: { kind: 'unknown', reason: 'no audit' } }), { ...STRICT, trustHistory: true })
        .kind,
    ).toBe('in-force');
    const partial = { kind: 'partial' as const, value: [], reason: 'some is missing' };
    expect(judgeApproval(facts({ history: partial }), { ...STRICT, trustHistory: true })).toMatchObject({
      code: 'history-unknown',
    });
    const own = facts({ requesters: [] });
    expect(judgeApproval(own, { ...STRICT, selfApproval: true }).kind).toBe('in-force');
  });

  it('that nobody was to give counts only where nobody gave one', () => {
    const preapproved = by('template', 3);
    expect(judgeApproval(facts({ approvals: [], preapproved, requesters: ['template'] }), STRICT)).toMatchObject({
      kind: 'in-force',
      approval: preapproved,
    });
    expect(judgeApproval(facts({ preapproved }), STRICT)).toMatchObject({ approval: by('david') });
    const edit = { field: 'mapped.group', at: minute(4), by: 'beth' };
    expect(judgeApproval(facts({ approvals: [], preapproved, history: complete([edit]) }), STRICT)).toMatchObject({
      code: 'approval-stale',
    });
  });

  it('names at most five of the fields that were changed', () => {
    const fieldChanges = Array.from({ length: 9 }, (_, i) => ({ field: `mapped.f${i}`, at: minute(2), by: 'x' }));
    expect(judgeApproval(facts({ history: complete(fieldChanges) }), STRICT)).toMatchObject({
      sentence: expect.stringContaining('"mapped.f4", 4 more.'),
    });
  });
});

describe('whatever approvals and edits there are', () => {
  const who = fc.constantFrom('beth', 'david', 'eve', 'Beth', '');
  const approval = fc.record({
    by: who,
    at: fc.integer({ min: 0, max: 5 }).map(minute),
    ref: fc.constantFrom('a', 'b', 'c', ''),
  });
  const edit = fc.record({
    field: fc.constantFrom('mapped', 'mapped.group', 'comments'),
    at: fc.integer({ min: 0, max: 5 }).map(minute),
    by: who,
  });
  const anyFacts = fc.record({
    approvals: fc.array(approval, { maxLength: 4 }),
    requesters: fc.array(who, { maxLength: 2 }),
    history: fc.oneof(
      fc.array(edit, { maxLength: 4 }).map((edits) => complete(edits)),
      fc.array(edit, { maxLength: 4 }).map((value) => ({ kind: 'partial' as const, value, reason: 'some is missing' })),
      fc.constant({ kind: 'unknown' as const, reason: 'no audit' }),
    ),
  });

  it('one in force is by somebody else, known, and younger than every edit of what makes the change', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const verdict = judgeApproval(facts(some), STRICT);
        if (verdict.kind === 'refused') return;
        const { approval: last, approvals } = verdict;
        expect(approvals.at(-1)).toEqual(last);
        for (const one of approvals) {
          expect(some.approvals).toContainEqual(one);
          expect(some.requesters.map((name) => name.toLowerCase())).not.toContain(one.by.toLowerCase());
          expect(compareApprovals(one, last)).toBeLessThanOrEqual(0);
        }
        if (some.history.kind !== 'complete') expect.unreachable('a history that is not complete bears nothing');
        else
          for (const { field, at, by: editor } of some.history.value) {
            if (field === 'comments') continue;
            expect(at < last.at || (at === last.at && editor.toLowerCase() === last.by.toLowerCase())).toBe(true);
          }
      }),
    );
  });

  it('the order in which they are told does not matter', () => {
    const together = { at: minute(5), ref: 'a' as const };
    const sameRecord = {
      approvals: (['eve', 'david'] as const).map((by) => ({ ...together, by })),
      requesters: ['beth' as const],
      history: complete([{ field: 'mapped' as const, at: minute(5), by: 'david' as const }]),
    };
    fc.assert(
      fc.property(anyFacts, (some) => {
        const verdict = judgeApproval(facts(some), STRICT);
        const turned = {
          ...some,
          approvals: some.approvals.toReversed(),
          history:
            some.history.kind === 'unknown'
              ? some.history
              : { ...some.history, value: some.history.value.toReversed() },
        };
        const other = judgeApproval(facts(turned), STRICT);
        expect(other.kind).toBe(verdict.kind);
        if (verdict.kind === 'in-force' && other.kind === 'in-force') {
          expect(compareApprovals(verdict.approval, other.approval)).toBe(0);
        }
      }),
      { examples: [[sameRecord]] },
    );
  });
});
