import { describe, expect, it } from 'vitest';
import { keyChanges } from '../../../../shared/accept/tickets/key-changes.ts';
import { MAX_REQUESTED_WITH } from '../../../../shared/domain/change/change.ts';

const approval = { by: 'david', at: '2026-11-02T02:00:00Z', ref: 'A2' };
const mapped = (change: Record<string, unknown>, requestedBy?: string) => ({
  changes: [change],
  ticket: { id: 'CHG1', ...(requestedBy !== undefined && { requestedBy }) },
});

const keyed = (
  change: Record<string, unknown>,
  over: Partial<Parameters<typeof keyChanges>[1]> = {},
  requestedBy?: string,
) => keyChanges(mapped(change, requestedBy), { approval, approvals: [approval], ...over })[0];

describe('a change of an approved ticket', () => {
  it('has a key of ticket, line and approval, whatever its payload says', () => {
    expect(keyed({ idempotencyKey: 'CHG1/2' })?.idempotencyKey).toBe('CHG1/2@A2');
    expect(keyed({ idempotencyKey: 'mine' })?.idempotencyKey).toBe('CHG1/mine@A2');
    expect(keyed({ idempotencyKey: 7 })?.idempotencyKey).toBe('CHG1/7@A2');
  });

  it('is in a set of its revision', () => {
    expect(keyed({ changeSet: { id: 'CHG1', index: 1, size: 2 } })?.changeSet).toEqual({
      ...{ id: 'CHG1@A2', index: 1, size: 2 },
    });
    expect(keyed({})).not.toHaveProperty('changeSet');
    for (const odd of [null, 'CHG1', { index: 1 }]) expect(keyed({ changeSet: odd })?.changeSet).toEqual(odd);
  });

  it('names who requested it: those whom the ticket system names, or else the payload', () => {
    expect(keyed({}, {}, 'kim')?.ticket).toEqual({ id: 'CHG1', requestedBy: 'kim', approvals: [approval] });
    expect(keyed({})?.ticket).toEqual({ id: 'CHG1', approvals: [approval] });
    const people = { requesters: ['kim', 'lee', 'pat'], writers: ['lee', 'max'] };
    expect(keyed({}, people, 'somebody')?.ticket).toEqual({
      ...{ id: 'CHG1', requestedBy: 'kim', requestedWith: ['lee', 'max', 'pat'], approvals: [approval] },
    });
  });

  it('keeps the latest approvals, and as many requesters as a change may have', () => {
    const approvals = Array.from({ length: 60 }, (_, index) => ({ ...approval, ref: `A${index}` }));
    const requesters = Array.from({ length: MAX_REQUESTED_WITH + 5 }, (_, index) => `u${index}`);
    const ticket = keyed({}, { approvals, requesters })?.ticket as Record<string, unknown[]>;
    expect(ticket.approvals?.[0]).toEqual({ ...approval, ref: 'A10' });
    expect(ticket.approvals).toHaveLength(50);
    expect(ticket.requestedWith).toEqual(requesters.slice(1, MAX_REQUESTED_WITH + 1));
  });

  it('keeps of too many requesters those who approved, the last approver first, and no approval of one left out', () => {
    const names = Array.from({ length: MAX_REQUESTED_WITH + 3 }, (_, index) => `u${index}`);
    const approvals = names.slice(2).map((by, index) => ({ ...approval, by: by.toUpperCase(), ref: `A${index}` }));
    const last = approvals.at(-1) ?? approval;
    const ticket = keyed({}, { approval: last, approvals, requesters: ['kim', ...names] })?.ticket;
    expect(ticket).toMatchObject({
      requestedWith: names.slice(-MAX_REQUESTED_WITH).toReversed(),
      approvals: approvals.slice(-MAX_REQUESTED_WITH),
    });
  });

  it('has names on one line, of bounded length, and well formed', () => {
    const name = `a\u0000b\nc\ud800${'x'.repeat(400)}`;
    const shown = `a b c ${'x'.repeat(314)}`;
    const ref = 'r'.repeat(201);
    const ticket = keyed(
      {},
      { requesters: [name, `o${name}`], approvals: [{ by: name, at: approval.at, ref }] },
    )?.ticket;
    expect(ticket).toEqual({
      ...{ id: 'CHG1', requestedBy: shown, requestedWith: [`o${shown}`.slice(0, 320)] },
      approvals: [{ by: shown, at: approval.at, ref: ref.slice(0, 200) }],
    });
    const cut = keyed({}, { requesters: [`${'x'.repeat(319)}😀`] })?.ticket as { requestedBy: string };
    expect(cut.requestedBy.isWellFormed()).toBe(true);
  });
});
