import { describe, expect, it } from 'vitest';
import { remedyOnPage } from '../../../../functions/ops/console/view/page-words.ts';

describe('a remedy on a page', () => {
  it.each([
    ['Have it restored, or retry it anyway (--accept-stale).', 'Have it restored, or retry it anyway.'],
    ['Name both (--source NAME, --tenant NAME), or one.', 'Name both, or one.'],
    ['Name it (--source NAME --yes).', 'Name it.'],
    ['Retry CHG1 (-- not an option) first.', 'Retry CHG1 (-- not an option) first.'],
  ])('names no options beside its words: %s', (remedy, shown) => {
    expect(remedyOnPage(remedy)).toBe(shown);
  });

  // A remedy names keys, which others choose. An expression that tries every division of one stops the console.
  it.each(['-', '--a', '--a ', '--a, ', '--a b, '])(
    'is read in the time of its length, also where brackets stay open: %s',
    (part) => {
      const remedy = `Retry CHG1 (${part.repeat(10_000)} first.`;
      expect(remedyOnPage(remedy)).toBe(remedy);
    },
  );
});
