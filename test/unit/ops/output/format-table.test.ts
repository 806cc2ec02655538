import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../../functions/ops/output/format-table.ts';
import { wrapLine } from '../../../../functions/ops/output/wrap-line.ts';

const HEAD = ['id', 'asks', 'note'];
const ROWS = [['216196257331404691', 'rename it to something longer', '']];
const plain = (text: string) => text;

describe('a table', () => {
  it('is one line per row where nobody looks, whatever its width', () => {
    expect(
      formatTable(HEAD, [['1', 'x'.repeat(300), 'y']], plain, undefined)
        .trimEnd()
        .split('\n'),
    ).toHaveLength(2);
  });

  it('leaves out columns in which nothing stands, and keeps its headings if it has no rows', () => {
    expect(formatTable(HEAD, ROWS, plain, 80)).toBe(
      'id                  asks\n216196257331404691  rename it to something longer\n',
    );
    expect(formatTable(HEAD, [], plain, 80)).toBe('id  asks  note\n');
  });

  it('wraps texts to the terminal, and never an id', () => {
    const lines = formatTable(HEAD, ROWS, plain, 36).trimEnd().split('\n');
    expect(lines).toEqual([
      'id                  asks',
      '216196257331404691  rename it to',
      '                    something longer',
    ]);
  });

  it('becomes blocks where even that is too wide', () => {
    expect(formatTable(HEAD, [['216196257331404691', 'rename it', '216196257331404692']], plain, 40)).toBe(
      '216196257331404691\n  asks rename it ·\n  note 216196257331404692\n',
    );
  });

  it('loses no word at any width', () => {
    const cell = fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,12}){0,4}$/);
    const words = (text: string) => text.split(/[\s·]+/).filter((word) => word !== '' && !HEAD.includes(word));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        (rows, width) => {
          const shown = words(formatTable(HEAD, rows, plain, width));
          expect(shown.toSorted()).toEqual(words(rows.flat().join(' ')).toSorted());
        },
      ),
    );
  });
});

describe('a line', () => {
  it('goes on below its text, not below its label', () => {
    expect(wrapLine('  why     no application segment has this name', 30)).toBe(
      '  why     no application\n          segment has this\n          name',
    );
  });

  it('keeps addresses whole, and all of itself where nobody looks', () => {
    const line = `  ticket  https://tickets.example/${'x'.repeat(60)}`;
    expect(wrapLine(line, 40)).toBe(line);
    expect(wrapLine('word '.repeat(50).trim(), undefined)).not.toContain('\n');
  });

  it('does not count colours', () => {
    expect(wrapLine('\u001B[31mred\u001B[39m text', 8)).toBe('\u001B[31mred\u001B[39m text');
  });
});
