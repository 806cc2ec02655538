import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../../../shared/domain/approval/approval.ts';
import { compareApprovals } from '../../../../shared/domain/approval/count-approvals.ts';
import { type ApprovalFacts, judgeApproval } from '../../../../shared/domain/approval/judge-approval.ts';
import { complete } from '../../../../shared/domain/approval/reading.ts';

const STRICT = { selfApproval: false, trustHistory: false };
const minute = (at: number) => new Date(Date.UTC(2026, 10, 2, 9, at)).toISOString();
const by = (name: string, at = 0, ref = `ref-${name}-${at}`): Approval => ({ by: name, at: minute(at), ref });

const facts = (over: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
  approvals: [by('david')],
  requesters: ['beth'],
  history: complete([]),
  affectsChange: (field) => field.startsWith('mapped'),
  namesRequester: () => false,
  now: Date.parse(minute(30)),
  ...over,
});
const edited = (name: string, at: number, field = 'mapped.group') => ({ field, at: minute(at), by: name });

describe('an approval', () => {
  it('of somebody else, of fields that nobody touched since, is in force', () => {
    expect(judgeApproval(facts(), STRICT)).toEqual({
      kind: 'in-force',
      approval: by('david'),
      approvals: [by('david')],
      writers: [],
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
    ['no-approval', { approvals: [by('deploy[bot]')] }],
    ['no-approval', { approvals: [{ ...by('david'), actor: 'system' }] }],
    ['no-approval', { approvals: [{ ...by('david'), actor: 'Deploy[Bot]\u200b' }] }],
    ['requester-unknown', { requesters: [] }],
    ['requester-unknown', { requesters: ['dependabot[bot]'] }],
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

  it('of one’s own words is in force where the rules say so, if both were in the same moment', () => {
    const own = facts({ history: complete([edited('David', 0)]) });
    expect(judgeApproval(own, { ...STRICT, selfApproval: true }).kind).toBe('in-force');
    expect(judgeApproval(own, STRICT)).toMatchObject({ code: 'self-approved' });
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

describe('the person who acted', () => {
  it.each([
    ['is the requester, for somebody else', { ...by('david'), actor: 'Be\u200bth' }],
    ['acts for the requester', { ...by('beth'), actor: 'david' }],
  ])('%s: the approval is the requester’s own', (_, approval) => {
    expect(judgeApproval(facts({ approvals: [approval] }), STRICT)).toMatchObject({ code: 'self-approved' });
  });

  it('is the one who counts: two approvals set by one delegate are one person’s', () => {
    const approvals = [
      { ...by('david', 1), actor: 'fred' },
      { ...by('eve', 2), actor: 'fred' },
    ];
    expect(judgeApproval(facts({ approvals }), STRICT)).toMatchObject({
      kind: 'in-force',
      approvals: [{ by: 'fred' }, { by: 'fred' }],
    });
  });

  it('is anybody else than the one who opened the ticket, too', () => {
    const bystander = facts({ requesters: ['bystander', 'david'] });
    expect(judgeApproval(bystander, STRICT)).toMatchObject({ code: 'self-approved' });
  });
});

describe('the writer of what is approved', () => {
  it('cannot be its only approver', () => {
    const verdict = judgeApproval(
      facts({ approvals: [by('david', 5)], history: complete([edited('DAVID', 3)]) }),
      STRICT,
    );
    expect(verdict).toMatchObject({ code: 'self-approved', sentence: expect.stringContaining('wrote') });
  });

  it('is not counted beside another approver, before or after', () => {
    for (const approvals of [
      [by('david', 5), by('eve', 6)],
      [by('eve', 5), by('david', 6)],
    ]) {
      const verdict = judgeApproval(facts({ approvals, history: complete([edited('david', 3)]) }), STRICT);
      expect(verdict).toMatchObject({ kind: 'in-force', approvals: [{ by: 'eve' }] });
    }
  });

  it('is one who wrote since the content was last approved by somebody else', () => {
    const history = complete([edited('david', 1), edited('beth', 5)]);
    const verdict = judgeApproval(facts({ approvals: [by('eve', 3), by('david', 7)], history }), STRICT);
    expect(verdict).toMatchObject({ kind: 'in-force', approvals: [by('david', 7)] });
    const own = judgeApproval(facts({ approvals: [by('beth', 3), by('david', 7)], history }), STRICT);
    expect(own).toMatchObject({ code: 'self-approved' });
  });

  it('and approver of a second version does not live off the first one’s approval', () => {
    const history = complete([edited('david', 4)]);
    const verdict = judgeApproval(facts({ approvals: [by('eve', 2), by('david', 5)], history }), STRICT);
    expect(verdict).toMatchObject({ code: 'self-approved', approval: by('eve', 2) });
  });

  it('whom nobody knows may be the approver', () => {
    const history = complete([edited('\u200b', -4)]);
    expect(judgeApproval(facts({ history }), STRICT)).toMatchObject({ code: 'history-unknown' });
  });

  it('may be an app, which is known and approves nothing', () => {
    const history = complete([edited('deploy[bot]', -1)]);
    expect(judgeApproval(facts({ history, requesters: ['beth', 'deploy[bot]'] }), STRICT).kind).toBe('in-force');
  });

  it('of other fields may approve', () => {
    expect(judgeApproval(facts({ history: complete([edited('david', -1, 'comments')]) }), STRICT).kind).toBe(
      'in-force',
    );
  });
});

describe('the approvals that count', () => {
  it('are those of the last version only', () => {
    const approvals = [by('david', 1), by('eve', 5)];
    const verdict = judgeApproval(facts({ approvals, history: complete([edited('beth', 3)]) }), STRICT);
    expect(verdict).toMatchObject({ kind: 'in-force', approvals: [by('eve', 5)] });
  });

  it('are dated at most five minutes ahead of the reading', () => {
    const ahead = (at: number) => judgeApproval(facts({ approvals: [by('david', at)] }), STRICT);
    expect(ahead(35).kind).toBe('in-force');
    expect(ahead(36)).toMatchObject({ kind: 'refused', code: 'approval-in-future' });
    const preapproved = judgeApproval(facts({ approvals: [], preapproved: by('template', 36) }), STRICT);
    expect(preapproved).toMatchObject({ code: 'approval-in-future' });
    const both = judgeApproval(facts({ approvals: [by('david', 1), by('eve', 36)] }), STRICT);
    expect(both).toMatchObject({ kind: 'in-force', approvals: [by('david', 1)] });
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

  it('one in force is by nobody who wrote since the version before it', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const verdict = judgeApproval(facts(some), STRICT);
        if (verdict.kind === 'refused' || some.history.kind !== 'complete') return;
        const edits = some.history.value.filter(({ field }) => field !== 'comments');
        const lastEdit = edits
          .map(({ at }) => at)
          .toSorted()
          .at(-1);
        if (lastEdit === undefined) return;
        const writers = edits.filter(({ at }) => at === lastEdit).map((one) => one.by.toLowerCase());
        for (const one of verdict.approvals) {
          expect(one.at > lastEdit).toBe(true);
          expect(writers).not.toContain(one.by.toLowerCase());
        }
      }),
    );
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
