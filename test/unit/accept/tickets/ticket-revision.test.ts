import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyChanges } from '../../../../shared/accept/tickets/key-changes.ts';
import {
  keyAt,
  keyPart,
  latestApproval,
  sortRevisions,
  ticketPrefix,
} from '../../../../shared/accept/tickets/ticket-revision.ts';
import { approvalSchema, gateOf } from '../../../../shared/domain/approval/approval-schema.ts';
import { payloadApproval } from '../../../../shared/domain/approval/payload-approval.ts';
import { preapproval } from '../../../../shared/domain/approval/preapproval.ts';
import { complete } from '../../../../shared/domain/approval/reading.ts';
import { aChange, aRef } from '../../../fakes/records.ts';

const at = (ref: string, hour: number) => ({
  by: 'david',
  at: `2026-11-02T${String(hour).padStart(2, '0')}:00:00Z`,
  ref,
});
const revision = (key: string, ...approvals: ReturnType<typeof at>[]) =>
  aChange({ ref: aRef(key), ticket: { system: 's', id: 'CHG1', approvals } });

describe('a key', () => {
  it('is ticket, line and approval', () => {
    expect(keyAt('CHG0031337/1', { ref: 'APPR0007' })).toBe('CHG0031337/1@APPR0007');
    expect(ticketPrefix('CHG0031337')).toBe('CHG0031337/');
  });

  it('holds whatever a ticket system calls its approval, within what a key may be, and tells two apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(keyAt('CHG1/1', { ref: one })).toMatch(/^CHG1\/1@[\x21-\x7e]{1,80}$/);
        expect(keyPart(one)).not.toMatch(/[/@#]/);
        expect(keyPart(one) === keyPart(other)).toBe(one === other);
      }),
    );
  });
});

describe('revisions of a ticket', () => {
  const [first, second, third] = [at('a', 1), at('b', 2), at('c', 3)];

  it('are earlier, the same, or later than an approval', () => {
    const records = [revision('CHG1/1@a', first), revision('CHG1/1@b', first, second), revision('CHG1/1@c', third)];
    const sorted = sortRevisions(records, second);
    expect(Object.values(sorted).map((some) => some.map(({ ref }) => ref.idempotencyKey))).toEqual([
      ['CHG1/1@b'],
      ['CHG1/1@a'],
      ['CHG1/1@c'],
    ]);
    expect(latestApproval(records, second)).toEqual(third);
    expect(latestApproval([], second)).toEqual(second);
  });

  it('without a known approval are earlier than any', () => {
    expect(sortRevisions([revision('CHG1/1'), revision('CHG1/2@x')], first).earlier).toHaveLength(2);
  });

  it('of one moment have one order, whoever looks', () => {
    const [one, other] = [at('x', 1), at('y', 1)];
    const seenByOne = sortRevisions([revision('CHG1/1@y', other)], one);
    const seenByOther = sortRevisions([revision('CHG1/1@x', one)], other);
    expect([seenByOne.later.length, seenByOther.earlier.length]).toEqual([1, 1]);
  });
});

describe('changes at an approval', () => {
  const approval = at('a', 1);
  const mapped = (...changes: Record<string, unknown>[]) => ({
    changes,
    ticket: { id: 'CHG1', requestedBy: 'mapped' },
  });

  it('have its keys and change set, and the ticket as it was read back', () => {
    const raw = {
      idempotencyKey: 'CHG1/2',
      action: 'delete',
      changeSet: { id: 'CHG1', index: 2 },
      ticket: { id: 'evil' },
    };
    const [change] = keyChanges(mapped(raw), { approval, approvals: [approval], requesters: ['beth', 'kim'] });
    expect(change).toEqual({
      idempotencyKey: 'CHG1/2@a',
      action: 'delete',
      changeSet: { id: 'CHG1@a', index: 2 },
      ticket: { id: 'CHG1', requestedBy: 'beth', requestedWith: ['kim'], approvals: [approval] },
    });
  });

  it('are found by their ticket, whatever key the payload gave', () => {
    const [change] = keyChanges(mapped({ idempotencyKey: 'MINE' }), { approval, approvals: [approval] });
    expect(change).toMatchObject({ idempotencyKey: 'CHG1/MINE@a', ticket: { requestedBy: 'mapped' } });
  });

  it('keep the latest fifty approvals, each on one line', () => {
    const approvals = Array.from({ length: 60 }, (_, i) => ({ ...at(`r${i}`, 1), by: `a\nb${i}` }));
    const [change] = keyChanges(mapped({ idempotencyKey: 'CHG1/1' }), { approval, approvals });
    expect(change?.ticket).toMatchObject({ approvals: expect.objectContaining({ length: 50 }) });
    expect(JSON.stringify(change)).toContain('"a b59"');
    expect(JSON.stringify(change)).not.toContain('"a b9"');
  });
});

describe('an approval that nobody had to give', () => {
  const gate = gateOf(approvalSchema.parse({ gate: { preset: 'servicenow-change' } }));
  if (gate === undefined) throw new Error('the preset is complete');
  const standard = {
    record: { type: 'standard', std_change_producer_version: { value: 'f0e1', display_value: 'VPN 3' } },
  };
  const edit = (field: string, hour: number) => ({ field, at: at('', hour).at, by: 'system' });

  it('is the last edit of the field that says so', () => {
    const edits = [edit('record.approval', 3), edit('record.state', 5), edit('record.approval', 1)];
    expect(preapproval(gate, standard, complete(edits))).toEqual({
      by: 'system',
      at: at('', 3).at,
      ref: 'preapproved-20261102030000',
    });
  });

  it.each([
    ['of another kind', { record: { type: 'normal' } }, complete([edit('record.approval', 1)])],
    ['without a template', { record: { type: 'standard' } }, complete([edit('record.approval', 1)])],
    [
      'with an empty template',
      { record: { type: 'standard', std_change_producer_version: { value: '', display_value: '' } } },
      complete([edit('record.approval', 1)]),
    ],
    ['whose history nobody knows', standard, { kind: 'unknown' as const, reason: 'no audit' }],
    ['that was never set so', standard, complete([edit('record.state', 1)])],
  ])('is none for a ticket %s', (_, payload, edits) => {
    expect(preapproval(gate, payload, edits)).toBeUndefined();
  });
});

describe('an approval that a payload tells', () => {
  const told = (approval: unknown, granted: object = { ref: 'ok.id', by: 'ok.by', at: 'ok.at' }) => {
    const configured = approvalSchema.parse({ selfApproval: true, trustPayload: true, granted });
    return payloadApproval(configured, { ok: approval }, { system: 'desk', now: Date.UTC(2026, 10, 2, 9) });
  };

  it.each([
    ['2026-11-02T10:00:00+01:00', '2026-11-02T09:00:00.000Z'],
    ['2026-11-02T10:00:00.000+0100', '2026-11-02T09:00:00.000Z'],
    ['2026-11-02 09:00:00', '2026-11-02T09:00:00.000Z'],
    [1793610000000, '2026-11-02T09:00:00.000Z'],
    ['2026-11-02T09:00:00', undefined],
    ['tomorrow', undefined],
    [undefined, undefined],
  ])('at %j was at %j', (at, instant) => {
    expect(told({ id: 'a', by: 'eve', at })?.at).toBe(instant);
  });

  it('is by the system and now where the configuration names no more', () => {
    expect(told({ id: 'a' }, { ref: 'ok.id' })).toEqual({ by: 'desk', at: '2026-11-02T09:00:00.000Z', ref: 'a' });
    expect(told({}, { ref: 'ok.id' })).toBeUndefined();
  });
});
