import { describe, expect, it } from 'vitest';
import {
  dropDetails,
  truncateDetails,
  truncateEnding,
  truncateHistory,
  truncateLists,
  truncateOutcome,
  truncateTicket,
} from '../../../../shared/domain/ledger/truncation.ts';
import type { Effect, Reach, RuleReach } from '../../../../shared/domain/outcome/outcome.ts';
import { anApplied, aRejected } from '../../../fakes/records.ts';

const long = 'x'.repeat(20_000);
const ids = (count: number) => Array.from({ length: count }, (_, index) => `${1000 + index}`);
const named = (count: number) => ids(count).map((id) => ({ id, name: long }));
/** A text that was cut to this many bytes and ends with a note about it. */
const cutTo = (bytes: number) => ({ asymmetricMatch: (text: unknown) => isCutTo(text, bytes) });
const isCutTo = (text: unknown, bytes: number) =>
  typeof text === 'string' && text !== long && Buffer.byteLength(text) <= bytes && Buffer.byteLength(text) > bytes - 40;

const rule = (of: Partial<RuleReach> = {}): RuleReach => ({
  policyType: 'ACCESS_POLICY',
  ruleId: '1',
  ruleName: long,
  microtenantId: '0',
  disabled: false,
  gains: { count: 7, sure: 'yes', applications: [{ id: '1' }, ...named(6)] },
  loses: { count: 0, sure: 'no', applications: [] },
  exposes: 'yes',
  interrupts: 'no',
  ...of,
});
const reachOf = (count: number): Reach => ({
  status: 'checked',
  summary: long,
  rules: Array.from({ length: count }, () => rule()),
  ruleCount: count,
});
const summary = { name: long, description: long, enabled: true, applicationCount: 3 };
const effect: Effect = { groupId: '1', before: summary, after: summary, added: ids(700), removed: ids(501) };

describe('an outcome that is kept', () => {
  it('of a change applied has its texts cut, its ids whole, and what was approved whole', () => {
    const difference = { field: long, expected: long, found: long };
    const applied = anApplied({ effect, reach: reachOf(30), overtaken: Array.from({ length: 60 }, () => difference) });
    const cut = truncateOutcome(applied);
    const texts = { name: cutTo(1024), description: cutTo(12 * 1024) };
    expect(cut).toMatchObject({
      effect: { before: texts, after: texts, added: ids(700), removed: ids(501) },
      reach: { summary: cutTo(1024), ruleCount: 30 },
      approved: applied.approved,
    });
    expect(cut.overtaken).toHaveLength(50);
    expect(cut.overtaken[0]).toEqual({ field: cutTo(256), expected: cutTo(512), found: cutTo(512) });
    expect(cut.reach.status === 'checked' && cut.reach.rules).toHaveLength(20);
  });

  it('of a change that was so already is cut in the same way', () => {
    const {
      overtaken: _,
      writeId: __,
      ...same
    } = anApplied({ effect: { ...effect, before: null }, reach: reachOf(1) });
    expect(truncateOutcome({ ...same, kind: 'unchanged' })).toMatchObject({
      effect: { before: null, after: { name: cutTo(1024) } },
      reach: { summary: cutTo(1024) },
    });
  });

  it('names a few applications of a rule, and those that have a name by a short one', () => {
    const { reach } = truncateOutcome(anApplied({ reach: reachOf(1) }));
    const [first] = (reach.status === 'checked' && reach.rules) || [];
    expect(first).toMatchObject({
      ruleName: cutTo(256),
      gains: { count: 7, applications: [{ id: '1' }, {}, {}, {}, {}] },
    });
    expect(first?.gains.applications).toHaveLength(5);
    expect(first?.gains.applications[0]).toEqual({ id: '1' });
    expect(first?.gains.applications[1]).toEqual({ id: '1000', name: cutTo(64) });
    expect(first).not.toHaveProperty('action');
    const acting = truncateOutcome(
      anApplied({ reach: { ...reachOf(0), rules: [rule({ action: long })] } as Reach }),
    ).reach;
    expect(acting).toMatchObject({ rules: [{ action: cutTo(64) }] });
  });

  it('says why nobody looked at the rules, and what an older version said of them', () => {
    expect(truncateOutcome(anApplied({ reach: { status: 'not-checked', reason: long } })).reach).toEqual({
      status: 'not-checked',
      reason: cutTo(1024),
    });
    const old = truncateOutcome(anApplied({ reach: { status: 'checked', summary: 'none' } })).reach;
    expect(old).toEqual({ status: 'checked', summary: 'none' });
  });

  it('of a rejection keeps its code, and cuts what ZPA and the requester said', () => {
    const fault = { code: 'refused', class: 'permanent', scope: 'change', effect: 'none' } as const;
    const zpaError = { ...fault, zpaId: long, reason: long, params: [long, ...ids(24)], call: long };
    const cut = truncateOutcome(
      aRejected({ sentence: long, remedy: long, path: long, zpaError, details: { one: long } }),
    );
    expect(cut).toMatchObject({
      code: 'group-not-found',
      sentence: cutTo(4096),
      remedy: cutTo(4096),
      path: cutTo(1024),
      zpaError: { ...fault, zpaId: cutTo(256), reason: cutTo(4096), call: cutTo(256) },
      details: { one: cutTo(4000) },
    });
    expect(cut.zpaError?.params).toEqual([cutTo(256), ...ids(19), '(5 more)']);
    expect(truncateOutcome(aRejected({ zpaError: fault })).zpaError).toEqual(fault);
    expect(truncateOutcome(aRejected())).toEqual(aRejected());
  });

  it('of a cancellation keeps who and why', () => {
    const ended = { by: long, reason: long, generation: 1, at: 1, attempts: 0 };
    expect(truncateOutcome({ kind: 'cancelled', ...ended })).toMatchObject({ by: cutTo(1024), reason: cutTo(4096) });
  });
});

describe('an ending that waits in an intent', () => {
  const { approved } = anApplied();
  const ending = (most: number, bytes?: number) =>
    truncateEnding({ kind: 'applied', effect, approved, reach: reachOf(30) }, most, bytes);

  it('has lists as long as asked, and of rules a hundredth of that, at most twenty', () => {
    expect(ending(500, 1024)).toMatchObject({
      effect: {
        before: { description: cutTo(1024) },
        added: [...ids(500), '(200 more)'],
        removed: [...ids(500), '(1 more)'],
      },
      reach: { rules: { length: 5 }, summary: cutTo(1024) },
      approved,
    });
    expect(ending(Number.POSITIVE_INFINITY)).toMatchObject({
      effect: { added: ids(700), before: { description: cutTo(12 * 1024) } },
      reach: { rules: { length: 20 } },
    });
    expect(ending(50, 128)).toMatchObject({ reach: { rules: [], summary: cutTo(256) } });
  });

  it('that is a rejection is cut as one', () => {
    const { generation: _, at: __, attempts: ___, ...rejection } = aRejected({ sentence: long });
    expect(truncateEnding(rejection, 1)).toMatchObject({ kind: 'rejected', sentence: cutTo(4096) });
  });
});

describe('what is cut only where it must be', () => {
  it('are names of applications: long ones at first, then all', () => {
    const names = { 1000: 'n'.repeat(600), 1001: 'Wiki' };
    const named = anApplied({ effect: { ...effect, names } });
    expect(truncateOutcome(named).effect.names).toEqual({ 1000: cutTo(256), 1001: 'Wiki' });
    expect(truncateLists(named, 500)).not.toHaveProperty('effect.names');
    expect(truncateLists(anApplied({ effect }), 500)).not.toHaveProperty('effect.names');
  });

  it('are ids: the first of them, and how many more there were', () => {
    const cut = truncateLists(anApplied({ effect, reach: reachOf(30) }), 501);
    expect(cut).toMatchObject({ effect: { added: [...ids(501), '(199 more)'], removed: ids(501) } });
    expect(cut).toMatchObject({ reach: { rules: { length: 20 } } });
    expect(truncateLists(anApplied({ reach: reachOf(30) }), 50)).toMatchObject({ reach: { rules: { length: 2 } } });
    const { overtaken: _, writeId: __, ...same } = anApplied({ effect });
    expect(truncateLists({ ...same, kind: 'unchanged' }, 1)).toMatchObject({
      effect: { added: ['1000', '(699 more)'] },
    });
    expect(truncateLists(aRejected(), 1)).toEqual(aRejected());
  });

  it('are details, which say that they were there', () => {
    const cut = expect.stringContaining('did not fit');
    expect(dropDetails(aRejected({ details: { a: 1 } })).details).toEqual({ cut });
    expect(dropDetails(aRejected())).toEqual(aRejected());
    expect(dropDetails(anApplied())).toEqual(anApplied());
  });

  it('is the past: what it was, without the values', () => {
    const fault = { code: 'refused', class: 'permanent', scope: 'change', effect: 'none' } as const;
    const past = truncateHistory(aRejected({ sentence: long, remedy: long, zpaError: fault, details: { a: 1 } }));
    expect(past).toMatchObject({ sentence: cutTo(512), remedy: cutTo(512), details: { cut: expect.any(String) } });
    expect(past).not.toHaveProperty('zpaError');
    expect(truncateHistory(anApplied({ effect }))).toMatchObject({ effect: { added: [...ids(20), '(680 more)'] } });
  });

  it('is a ticket: fewer approvals, shorter texts on one line; its id stays', () => {
    const approval = { by: `a\n${long}`, at: '2026-12-01T00:00:00Z', ref: `b\n${long}` };
    const ticket = {
      system: 'Desk',
      id: 'T-1',
      url: 'https://desk.example/T-1',
      requestedBy: `c\n${long}`,
      approvals: [approval, approval, approval],
    };
    const cut = truncateTicket(ticket, 2, 100);
    expect(cut).toMatchObject({ system: 'Desk', id: 'T-1', url: ticket.url, requestedBy: cutTo(100) });
    expect(cut.approvals).toEqual(
      Array.from({ length: 2 }, () => ({ by: cutTo(100), at: approval.at, ref: cutTo(100) })),
    );
    expect(JSON.stringify(cut)).not.toContain('\\n');
    const bare = { system: 'Desk', id: 'T-1', approvals: [] };
    expect(truncateTicket(bare, 2, 100)).toEqual(bare);
    const url = (length: number) => `https://desk.example/${'x'.repeat(length - 21)}`;
    expect(truncateTicket({ ...bare, url: url(2000) }, 2, 100)).toHaveProperty('url');
    expect(truncateTicket({ ...bare, url: url(2001) }, 2, 100)).not.toHaveProperty('url');
  });
});

describe('details', () => {
  it('become plain JSON', () => {
    const values = {
      text: 'a',
      big: 5n,
      number: 7,
      odd: Number.NaN,
      yes: true,
      none: null,
      fn: () => 1,
      gone: undefined,
    };
    const inner = { text: 'a', big: '5', number: 7, odd: 'NaN', yes: true, none: null, fn: null };
    expect(truncateDetails({ values }, 1000)).toEqual({ values: inner });
    expect(truncateDetails({ list: [values] }, 1000)).toEqual({ list: [inner] });
    expect(truncateDetails({ gone: undefined, none: null }, 1000)).toStrictEqual({ none: null });
  });

  it('are as long as fits, shorter by steps, each cut said in its place', () => {
    const list = ids(600);
    const fitting = (bytes: number) => truncateDetails({ list }, bytes);
    expect(fitting(5000)).toEqual({ list: [...ids(500), '(100 more)'] });
    expect(fitting(3000)).toEqual({ list: [...ids(100), '(500 more)'] });
    expect(fitting(700)).toEqual({ list: [...ids(25), '(575 more)'] });
    expect(fitting(100)).toEqual({ list: [...ids(5), '(595 more)'] });
    expect(fitting(10)).toEqual({ cut: expect.stringContaining('did not fit') });
    const exact = JSON.stringify({ list: [...ids(5), '(595 more)'] }).length;
    expect(fitting(exact)).toHaveProperty('list');
    expect(fitting(exact - 1)).not.toHaveProperty('list');
    expect(truncateDetails({ list: ids(500) }, 5000)).toEqual({ list: ids(500) });
  });

  it('have texts, names and depth bounded too', () => {
    expect(Object.keys(truncateDetails({ [long]: 1 }, 9000))).toEqual([cutTo(128)]);
    expect(Object.keys(Object(truncateDetails({ a: { [long]: 1 } }, 9000).a))).toEqual([cutTo(128)]);
    expect(truncateDetails({ text: long }, 9000)).toEqual({ text: cutTo(4000) });
    expect(truncateDetails({ text: long }, 1000)).toEqual({ text: cutTo(800) });
    expect(truncateDetails({ text: long }, 100)).toEqual({ text: cutTo(64) });
    const deep = (innermost: unknown) => ({ a: { b: { c: { d: { e: { f: innermost } } } } } });
    expect(truncateDetails(deep(1), 900)).toEqual(deep(1));
    expect(truncateDetails(deep({ g: 1 }), 900)).toEqual(deep('(deeper)'));
    expect(truncateDetails(deep([1]), 900)).toEqual(deep('(deeper)'));
    expect(truncateDetails({ a: [[[[[[1]]]]]] }, 900)).toEqual({ a: [[[[['(deeper)']]]]] });
  });

  it('have at most so many names', () => {
    const many = Object.fromEntries(ids(600).map((id) => [id, 1]));
    expect(Object.keys(truncateDetails(many, 9000))).toHaveLength(500);
    expect(Object.keys(Object(truncateDetails({ many }, 9000).many))).toHaveLength(500);
  });
});
