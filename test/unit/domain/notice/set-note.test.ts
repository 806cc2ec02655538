import { describe, expect, it } from 'vitest';
import {
  claimNote,
  markAnswered,
  nextStep,
  noteId,
  recordOutcome,
  releaseNote,
  type SetNote,
  type SettledRecord,
} from '../../../../shared/domain/notice/set-note.ts';
import { approvedFor, changeRecord, outcomeOf } from '../ledger-items.ts';

/** A settled member of a set of two. */
function member(index: number, { key = `T-1/${index}@A1`, generation = 1, size = 2 } = {}): SettledRecord {
  const record = changeRecord(index, { generation });
  const changeSet = { id: 'T-1', index, size, onReject: 'stop' as const };
  return {
    ...record,
    ref: { ...record.ref, idempotencyKey: key },
    change: { ...record.change, idempotencyKey: key, changeSet },
    ticket: { ...record.ticket, id: 'T-1' },
    outcome: { ...outcomeOf(approvedFor('11')), generation },
  };
}
const noted = (...records: SettledRecord[]): SetNote => {
  const note = records.reduce<SetNote | undefined>((so, one, i) => recordOutcome(so, one, 1000 * (i + 1)), undefined);
  if (note === undefined) throw new Error('nothing was noted');
  return note;
};
const told = (note: SetNote, complete = true) => markAnswered(note, note.members, complete);
const [ONE, TWO] = [member(1), member(2)];

describe('changes are of one set', () => {
  const alone = (key: string) => {
    const { change, ...record } = member(1, { key });
    const { changeSet: _, ...single } = change;
    return { ...record, change: single };
  };
  it.each<[string, SettledRecord, SettledRecord, boolean]>([
    ['of one approval', ONE, TWO, true],
    ['without an approval', member(1, { key: 'T-1/1' }), member(2, { key: 'T-1/2' }), true],
    ['of two approvals', ONE, member(2, { key: 'T-1/2@A2' }), false],
    ['of two tickets', ONE, { ...TWO, ticket: { ...TWO.ticket, id: 'T-2' } }, false],
    ['each a set of its own', alone('T-1/1'), alone('T-1/2'), false],
  ])('%s', (_, one, other, isOne) => {
    expect(noteId(one) === noteId(other)).toBe(isOne);
  });
});

describe('the comment on a set', () => {
  const step = (note: SetNote, now = 2000, records: (SettledRecord | undefined)[] = []) =>
    nextStep(note, records, now, 5000);

  it('is made once all have ended', () => {
    expect(step(noted(ONE))).toEqual({ kind: 'wait', until: 6000 });
    expect(step(noted(ONE, TWO))).toMatchObject({ kind: 'comment', complete: true });
    expect(step(told(noted(ONE, TWO)))).toEqual({ kind: 'nothing' });
  });

  it('is made early once patience is over, and again when the rest has ended', () => {
    expect(step(noted(ONE), 5999)).toEqual({ kind: 'wait', until: 6000 });
    expect(step(noted(ONE), 6000)).toMatchObject({ kind: 'comment', complete: false });
    const early = told(noted(ONE), false);
    expect(step(early, 9000)).toEqual({ kind: 'nothing' });
    const whole = recordOutcome(early, TWO, 9000);
    expect(step(whole, 9000)).toMatchObject({ kind: 'comment', complete: true });
    expect(step(whole, 9000, [{ ...ONE, state: 'queued' }])).toEqual({ kind: 'wait', until: undefined });
    expect(told(whole).early).toBe(true);
  });

  it('waits for a member that was opened again, and not for one whose record has expired', () => {
    const note = noted(ONE, TWO);
    expect(step(note, 2000, [{ ...ONE, generation: 2 }, TWO])).toMatchObject({ kind: 'wait' });
    expect(step(note, 2000, [{ ...ONE, state: 'queued' }, TWO])).toMatchObject({ kind: 'wait' });
    expect(step(note, 2000, [undefined, TWO])).toMatchObject({ kind: 'comment' });
  });

  it('is one, in whatever order its outcomes came; another one for another outcome', () => {
    const round = (...records: SettledRecord[]) => {
      const next = step(noted(...records));
      return next.kind === 'comment' ? next.round : next.kind;
    };
    const twin = { ...TWO, ref: { ...TWO.ref, tenant: 'another' } };
    const same = { ...twin, change: { ...twin.change, changeSet: ONE.change.changeSet } };
    expect(round(ONE, TWO)).toMatch(/^[0-9a-f]{24}$/);
    expect(round(TWO, ONE)).toBe(round(ONE, TWO));
    expect(round(ONE, same, TWO)).toBe(round(same, ONE, TWO));
    expect(round(ONE, member(2, { generation: 2 }))).not.toBe(round(ONE, TWO));
  });
});

describe('an outcome', () => {
  it('that is known changes nothing', () => {
    const note = noted(ONE, member(2, { generation: 2 }));
    for (const again of [ONE, TWO]) expect(recordOutcome(note, again, 9000)).toBe(note);
  });

  it('is listed in its place; the largest size that a member names counts', () => {
    const note = noted(member(3, { size: 3 }), member(1, { size: 2 }));
    expect(note.members.map(({ index }) => index)).toEqual([1, 3]);
    expect(note.size).toBe(3);
  });

  it('of a change that ran again begins a new round where all was told, and none before', () => {
    const again = member(1, { generation: 2 });
    const begun = { since: 9000, early: false };
    expect(recordOutcome(told(noted(ONE, TWO)), again, 9000)).toMatchObject(begun);
    expect(recordOutcome(noted(ONE, TWO), again, 9000)).toMatchObject({ since: 1000 });
    expect(recordOutcome(told(noted(ONE), false), again, 9000)).toMatchObject({ since: 1000, early: true });
    const half = recordOutcome(told(noted(ONE), false), TWO, 2000);
    expect(recordOutcome(half, again, 9000)).toMatchObject({ since: 1000, early: true });
  });
});

describe('a claim', () => {
  const note = noted(ONE);
  const claimed = { ...note, claim: { by: 'one', until: 5000 } };

  it.each([
    ['nobody has', note, 'two', 1000, true],
    ['another one has', claimed, 'two', 4999, false],
    ['another one had', claimed, 'two', 5000, true],
    ['one has itself', claimed, 'one', 1000, true],
  ] as const)('is had where %s it', (_, before, by, now, isHad) => {
    expect(claimNote(before, by, now, 8000)).toEqual(isHad ? { ...before, claim: { by, until: 8000 } } : undefined);
  });

  it('is released by the one that has it', () => {
    expect(releaseNote(claimed, 'one')).toEqual(note);
    expect(releaseNote(claimed, 'two')).toBe(claimed);
    expect(releaseNote(note, 'one')).toBe(note);
  });
});
