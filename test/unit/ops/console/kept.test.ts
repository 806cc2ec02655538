import { describe, expect, it } from 'vitest';
import { createKept } from '../../../../functions/ops/console/view/kept.ts';

describe('what a page showed', () => {
  it('is found by what is in it, and the oldest goes first', () => {
    const kept = createKept<{ text: string; ticket: string }>((draft) => draft);
    const first = kept.keep({ text: 'a', ticket: 'T' });
    expect(kept.keep({ text: 'a', ticket: 'T' })).toBe(first);
    expect(kept.keep({ text: 'a', ticket: 'U' })).not.toBe(first);
    expect(kept.find(first)).toEqual({ text: 'a', ticket: 'T' });
    for (let index = 0; index < 50; index += 1) kept.keep({ text: String(index), ticket: 'T' });
    expect(kept.find(first)).toBeUndefined();
    expect(kept.find(null)).toBeUndefined();
  });
});
