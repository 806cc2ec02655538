import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truncateDetails } from '../../../../shared/domain/ledger/truncation.ts';
import { jsonBytes, oneLine, textBytes, toJson, truncateText } from '../../../../shared/domain/text/truncate-text.ts';

/** Any text, also with lone surrogates and noncharacters. */
const anyText = fc.string({ unit: 'binary' });
const ragged = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

/** The characters that SQS and SNS accept. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: AWS names them
const XML_TEXT = /^[\x09\x0a\x0d\x20-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

describe('toJson', () => {
  it('holds only characters that SQS takes, and reads back the same', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, ragged), (text) => {
        const json = toJson({ text, [text]: [text] });
        expect(json).toMatch(XML_TEXT);
        expect(JSON.parse(json)).toEqual({ text, [text]: [text] });
      }),
    );
  });

  it('of nothing is null', () => {
    expect([toJson(undefined), jsonBytes(undefined)]).toEqual(['null', 4]);
  });

  it('is counted in bytes of UTF-8', () => {
    expect(jsonBytes({ a: 'ä' })).toBe(10);
    expect(textBytes('漢')).toBe(3);
  });
});

describe('cutText', () => {
  it('never exceeds its bytes, keeps a beginning, and leaves alone what fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 16, max: 64 }), (text, most) => {
        const cut = truncateText(text, most);
        if (textBytes(text) <= most) expect(cut).toBe(text);
        else {
          expect(textBytes(cut)).toBeLessThanOrEqual(most);
          expect(cut.endsWith('… (cut)')).toBe(true);
          expect(text.startsWith(cut.slice(0, -'… (cut)'.length))).toBe(true);
        }
      }),
    );
  });

  it('leaves alone what fills its room', () => {
    expect(truncateText('a'.repeat(16), 16)).toBe('a'.repeat(16));
    expect(truncateText('a'.repeat(17), 16)).toBe('aaaaaaa… (cut)');
    expect(truncateText('漢'.repeat(6), 18)).toBe('漢'.repeat(6));
    expect(truncateText('漢'.repeat(6), 17)).toBe('漢漢… (cut)');
  });

  it('is the mark alone where nothing else fits', () => {
    expect([truncateText('漢漢漢漢', 11), truncateText('漢漢漢漢', 10), truncateText('aaaaaaaaaaaa', 3)]).toEqual([
      '… (cut)',
      '… (cut)',
      '… (cut)',
    ]);
  });

  it('fills its room to the last character that fits', () => {
    expect(truncateText('漢'.repeat(20), 16)).toBe('漢漢… (cut)');
    expect(truncateText('😀'.repeat(20), 16)).toBe('😀… (cut)');
  });
});

describe('oneLine', () => {
  it('has one space where there were several, or a break and spaces', () => {
    expect(oneLine('a  b   c \n\n d')).toBe('a b c d');
  });

  it('has no line break and nothing that a reader cannot see', () => {
    expect(oneLine(' a\r\nSubject: b\u2028c\u202Ed\u0000e\uFFFE ')).toBe('a Subject: b c d e');
    fc.assert(
      fc.property(ragged, (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('cutDetails', () => {
  it('leaves small details as they are', () => {
    const details = { candidates: [{ id: '1', name: 'Größe' }], count: 2, none: null, yes: true };
    expect(truncateDetails(details, 16_384)).toEqual(details);
  });

  it('makes any value plain JSON of the size asked for', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.integer({ min: 64, max: 2000 }), (details, most) => {
        const cut = truncateDetails(details, most);
        expect(jsonBytes(cut)).toBeLessThanOrEqual(most);
        expect(JSON.parse(toJson(cut))).toEqual(JSON.parse(JSON.stringify(cut)));
      }),
    );
  });

  it('counts what it leaves out, and ends at any depth', () => {
    const circle: Record<string, unknown> = { list: Array.from({ length: 5000 }, (_, index) => `value ${index}`) };
    circle.self = circle;
    const cut = truncateDetails({ circle, number: Number.POSITIVE_INFINITY, big: 10n }, 16_384);
    expect(jsonBytes(cut)).toBeLessThanOrEqual(16_384);
    expect(JSON.stringify(cut)).toMatch(/\(\d+ more\)/);
    expect(cut).toMatchObject({ number: 'Infinity', big: '10' });
  });
});
