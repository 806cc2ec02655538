import { describe, expect, it } from 'vitest';
import { commentRefusal, refusalCommentFor } from '../../../../shared/accept/tickets/comment-refusal.ts';
import type { TicketText } from '../../../../shared/domain/text/ticket-text.ts';

const ANSWER = { status: 422, headers: {}, body: '{}' };
const fault = (name: string) => ({ sentence: `${name} is no field.`, remedy: `Leave ${name} out.` });
const refused = (over: object = {}) =>
  ({ kind: 'refused', reason: 'not-planned', concerns: true, occasion: 'A1', ...fault('x'), ...over }) as const;
const faulty = (count: number, over: object = {}) => ({
  ...{ kind: 'unacceptable' as const, answer: ANSWER, concerns: true, occasion: 'A1' },
  faults: Array.from({ length: count }, (_, index) => fault(`f${index}`)),
  ...over,
});

describe('the comment about a ticket that was not taken', () => {
  it('says why its approval does not cover it, and what to do', () => {
    expect(refusalCommentFor(refused())?.points).toEqual([fault('x')]);
  });

  it.each([
    [1, []],
    [10, []],
    [11, ['And 1 more fault;']],
    [12, ['And 2 more faults;']],
  ])('lists ten of %d faults and counts the rest', (count, more) => {
    const points = refusalCommentFor(faulty(count))?.points ?? [];
    expect(points.map(({ sentence }) => sentence)).toEqual([
      ...Array.from({ length: Math.min(10, count) }, (_, index) => `f${index} is no field.`),
      ...more,
    ]);
  });

  it('is none where nothing is to be corrected, or the ticket may be about anything', () => {
    expect(refusalCommentFor(refused({ concerns: false }))).toBeUndefined();
    expect(refusalCommentFor(faulty(1, { concerns: false }))).toBeUndefined();
    expect(refusalCommentFor(faulty(0))).toBeUndefined();
    expect(refusalCommentFor({ kind: 'ignored', reason: 'accepted-before', says: 'x' })).toBeUndefined();
  });

  it('has another marker for another approval, another reason and other sentences, and else the same', () => {
    const results = [
      refused(),
      refused({ occasion: 'A2' }),
      refused({ reason: 'approval-spent' }),
      refused({ sentence: 'y' }),
      faulty(1),
      faulty(2),
      faulty(1, { occasion: 'A2' }),
    ];
    const markers = results.map((one) => refusalCommentFor(one)?.marker);
    expect(new Set(markers).size).toBe(results.length);
    for (const marker of markers) expect(marker).toMatch(/^zpa-changes\/not-taken\/[a-z-]+\/[0-9a-f]{16}$/);
    expect(markers[4]).toContain('/faults/');
    expect(refusalCommentFor(refused())?.marker).toBe(markers[0]);
  });

  it('is written as a heading and points that are no longer than a person reads', async () => {
    const said: { id: string; text: TicketText; marker: string }[] = [];
    const writer = {
      comment: async (id: string, text: TicketText, marker: string) => {
        said.push({ id, text, marker });
        return 'said' as const;
      },
      transition: async () => ({ result: 'done' as const }),
    };
    const points = [fault('x'), { sentence: 's'.repeat(900), remedy: 'r' }];
    expect(await commentRefusal(writer, 'CHG1', { points, marker: 'm' })).toBe('said');
    expect(said).toMatchObject([{ id: 'CHG1', marker: 'm', text: [{ kind: 'heading', text: 'Not applied' }, {}] }]);
    const [, list] = said[0]?.text ?? [];
    const shown = list?.kind === 'points' ? list.points : [];
    expect(shown[0]).toBe('x is no field. Leave x out.');
    expect(shown[1]?.length).toBeLessThanOrEqual(600);
  });
});
