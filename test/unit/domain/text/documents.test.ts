import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../../shared/domain/text/csv.ts';
import { fitText } from '../../../../shared/domain/text/fit-text.ts';
import { adfLines, toJiraAdf } from '../../../../shared/domain/text/jira-adf.ts';
import { toMarkdown } from '../../../../shared/domain/text/markdown.ts';
import { journalText } from '../../../../shared/domain/text/servicenow-journal.ts';
import { toTerminal } from '../../../../shared/domain/text/terminal.ts';
import type { TicketText } from '../../../../shared/domain/text/ticket-text.ts';

/** One text as each destination shows it. */

const TEXT: TicketText = [
  { kind: 'heading', text: 'Plan' },
  { kind: 'line', text: '' },
  { kind: 'points', points: ['one', 'two'] },
  {
    kind: 'changes',
    rows: [
      { name: 'name', before: 'Old', after: null },
      { name: 'on', before: null, after: 'yes' },
    ],
  },
  { kind: 'heading', text: 'Then' },
  { kind: 'link', label: 'Status', url: 'https://front.example/1' },
];

describe('a text', () => {
  it('is a document in Jira', () => {
    const document = toJiraAdf(TEXT, 'marker');
    expect(document).toMatchObject({ version: 1, type: 'doc' });
    expect(document.content[0]).toEqual({
      type: 'heading',
      attrs: { level: 4 },
      content: [{ type: 'text', text: 'Plan' }],
    });
    expect(document.content.at(-1)?.content).toEqual([{ type: 'text', text: 'marker', marks: [{ type: 'code' }] }]);
    expect(toJiraAdf([], undefined).content).toEqual([]);
    expect(adfLines(document)).toEqual([
      ...['Plan', ' ', 'one', 'two', ' ', 'before', 'after', 'name', 'Old', '–', 'on', '–', 'yes'],
      ...['Then', 'Status', 'marker'],
    ]);
    expect(adfLines(toJiraAdf([{ kind: 'points', points: [] }]))).toEqual([' ']);
  });

  it.each([
    ['https://front.example/1', 'https://front.example/1'],
    ['http://127.0.0.1:9/1', 'http://127.0.0.1:9/1'],
    ['javascript:alert(1)//https://front.example', 'about:blank'],
    ['https://front.example/1 "', 'about:blank'],
  ])('links in Jira from %s to %s', (url, href) => {
    const [paragraph] = toJiraAdf([{ kind: 'link', label: 'Status', url }]).content;
    expect(paragraph?.content?.[0]?.marks).toEqual([{ type: 'link', attrs: { href } }]);
  });

  it.each([[undefined], [null], ['text'], [{ content: 'text' }], [[]], [{}]])('%j has no lines', (node) => {
    expect(adfLines(node)).toEqual([]);
  });

  it('is lines elsewhere: an empty one before each heading but the first', () => {
    expect(toTerminal(TEXT).split('\n')).toEqual([
      ...['Plan', '', '- one', '- two', '- name: "Old" → none', '- on: none → "yes"', '', 'Then'],
      'Status: https://front.example/1',
    ]);
    const lines = toMarkdown(TEXT).split('\n');
    expect(lines.slice(2, 4)).toEqual(['- `one`', '- `two`']);
    expect(lines.slice(6)).toEqual(['', '`Then`  ', '`Status: https://front.example/1`  ']);
  });
});

it.each([
  ['[code]<b>', '(code]<b>'],
  ['[ / code]', '( / code]'],
  ['[x code]', '[x code]'],
  ['@[user]', '@ [user]'],
  ['@x [user]', '@x [user]'],
  ['https://a.example', 'https: //a.example'],
  ['www.a.example', 'www .a.example'],
])('in a journal %s reads %s', (text, shown) => {
  expect(journalText(text)).toBe(shown);
});

it('CSV doubles quotes, and puts an apostrophe before a formula', () => {
  expect(toCsv([['say "a"', '=1+1'], ['x']])).toBe('"say ""a""","\'=1+1"\r\n"x"\r\n');
  expect(toCsv([])).toBe('');
});

describe('a text that has to be shorter', () => {
  const points = (count: number) => ({
    kind: 'points' as const,
    points: Array.from({ length: count }, (_, i) => `${i}`),
  });
  const rows = (count: number) => ({
    kind: 'changes' as const,
    rows: Array.from({ length: count }, (_, i) => ({ name: `${i}`, before: null, after: null })),
  });
  const END = { kind: 'line', text: 'Approve.' } as const;
  const note = (left: string, where = 'a ticket of fewer changes is shown whole') => ({
    kind: 'line',
    text: `… ${left} of this text did not fit here: ${where}.`,
  });
  /** `lines`: so many fit, with the note and the end. */
  const fitted = (text: TicketText, lines: number) =>
    fitText(text, (shorter) => {
      const sizes = shorter.map((one) =>
        one.kind === 'points' ? one.points.length : one.kind === 'changes' ? one.rows.length : 1,
      );
      return sizes.reduce((sum, size) => sum + size, 0) <= lines;
    });

  it('keeps as many of its first lines as fit, and its end', () => {
    expect(fitted([points(9), END], 10)).toEqual([points(9), END]);
    expect(fitted([points(9), END], 9)).toEqual([points(7), note('2 more lines'), END]);
    expect(fitted([rows(9), END], 5)).toEqual([rows(3), note('6 more lines'), END]);
    expect(fitted([rows(2), points(9), END], 6)).toEqual([rows(2), points(2), note('7 more lines'), END]);
    expect(fitted([points(9)], 4)).toEqual([points(3), note('6 more lines')]);
  });

  it('loses its end where that alone does not fit, and then all', () => {
    expect(fitted([points(9), END], 2)).toEqual([points(1), note('9 more lines')]);
    expect(fitted([points(9), END], 1)).toEqual([note('10 more lines')]);
    expect(fitted([END, END, END], 2)).toEqual([END, note('2 more lines')]);
  });

  it('points to the status page where it links to one', () => {
    const link = { kind: 'link' as const, label: 'Status', url: 'https://front.example/1' };
    expect(fitted([link, points(9)], 3)).toEqual([
      link,
      points(1),
      note('8 more lines', 'the status page of each change shows it'),
    ]);
  });
});
