import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../../shared/domain/text/csv.ts';
import { fitText } from '../../../../shared/domain/text/fit-text.ts';
import { adfLines, toJiraAdf } from '../../../../shared/domain/text/jira-adf.ts';
import { toMarkdown } from '../../../../shared/domain/text/markdown.ts';
import { journalText, toServiceNowJournal } from '../../../../shared/domain/text/servicenow-journal.ts';
import { toTerminal } from '../../../../shared/domain/text/terminal.ts';
import type { TicketText } from '../../../../shared/domain/text/ticket-text.ts';

/** One text as each destination shows it. */

const TEXT: TicketText = [
  { kind: 'heading', text: 'Plan' },
  { kind: 'line', text: '' },
  { kind: 'points', points: ['one', 'two'] },
  {
    kind: 'table',
    columns: ['Group', 'Result'],
    rows: [
      ['Old', ''],
      ['Phone|Book', '<live>'],
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
      ...['Plan', ' ', 'one', 'two', 'Group', 'Result', 'Old', ' ', 'Phone|Book', '<live>'],
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
      ...['Plan', '', '- one', '- two', 'Group       Result', 'Old', 'Phone|Book  <live>', '', 'Then'],
      'Status: https://front.example/1',
    ]);
    const lines = toMarkdown(TEXT).split('\n');
    expect(lines.slice(2, 4)).toEqual(['- `one`', '- `two`']);
    expect(lines.slice(4, -3)).toEqual([
      ...['', '| `Group` | `Result` |', '|---|---|', '| `Old` | (empty) |', '| `Phone¦Book` | `<live>` |', ''],
    ]);
    expect(lines.slice(-3)).toEqual(['', '`Then`  ', '`Status: https://front.example/1`  ']);
  });
});

it('a table is HTML in a ServiceNow journal, on one line, its cells escaped', () => {
  expect(toServiceNowJournal(TEXT).split('\n')).toContain(
    '[code]<table border="1"><tr><th>Group</th><th>Result</th></tr><tr><td>Old</td><td></td></tr>' +
      '<tr><td>Phone|Book</td><td>&lt;live&gt;</td></tr></table>[/code]',
  );
});

it('a table in Jira has a header row and one row each', () => {
  const table = toJiraAdf(TEXT).content.find(({ type }) => type === 'table');
  const kinds = table?.content?.map(({ type, content }) => [type, content?.map((cell) => cell.type)]);
  expect(kinds).toEqual([
    ['tableRow', ['tableHeader', 'tableHeader']],
    ['tableRow', ['tableCell', 'tableCell']],
    ['tableRow', ['tableCell', 'tableCell']],
  ]);
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

it('CSV has no formula for a spreadsheet that takes a semicolon for the end of a cell', () => {
  const cells = ['Wiki;=1+1', 'a"; @SUM(A1)', 'one; two'];
  expect(toCsv([cells])).toBe(`"Wiki;'=1+1","a"";' @SUM(A1)","one; two"\r\n`);
});

describe('a text that has to be shorter', () => {
  const points = (count: number) => ({
    kind: 'points' as const,
    points: Array.from({ length: count }, (_, i) => `${i}`),
  });
  const rows = (count: number) => ({
    kind: 'table' as const,
    columns: ['Group'],
    rows: Array.from({ length: count }, (_, i) => [`${i}`]),
  });
  const END = { kind: 'line', text: 'Approve.' } as const;
  const PAGE = { kind: 'link', label: 'Page', url: 'https://front.example/1' } as const;
  const note = (left: string, where = ' did not fit here: a ticket of fewer changes is shown whole.') => ({
    kind: 'line',
    text: `… ${left}${where}`,
  });
  /** `lines`: so many fit, with the note and the end. */
  const fitted = (text: TicketText, lines: number) =>
    fitText(text, (shorter) => {
      const sizes = shorter.map((one) =>
        one.kind === 'points' ? one.points.length : one.kind === 'table' ? one.rows.length : 1,
      );
      return sizes.reduce((sum, size) => sum + size, 0) <= lines;
    });

  it('keeps as many of its first lines as fit, and its end', () => {
    expect(fitted([points(9), END], 10)).toEqual([points(9), END]);
    expect(fitted([points(9), END], 9)).toEqual([points(7), note('2 more lines'), END]);
    expect(fitted([points(9)], 4)).toEqual([points(3), note('6 more lines')]);
  });

  it('loses rows of its table first, and says how many behind the table', () => {
    expect(fitted([END, rows(9), points(2), END], 8)).toEqual([
      ...[END, rows(3), note('6 more rows')],
      ...[points(2), END],
    ]);
    expect(fitted([rows(9), END, PAGE], 5)).toEqual([rows(2), note('7 more rows', ', see the page.'), END, PAGE]);
    expect(fitted([rows(3), PAGE], 3)).toEqual([rows(1), note('2 more rows', ', see the page.'), PAGE]);
    expect(fitted([rows(2), rows(2)], 3)).toEqual([rows(2), note('2 more rows')]);
  });

  it('loses lines where all but one row of its table is not enough', () => {
    expect(fitted([rows(2), points(9), END], 6)).toEqual([rows(2), points(2), note('7 more lines'), END]);
  });

  it('loses its end where that alone does not fit, and then all', () => {
    expect(fitted([points(9), END], 2)).toEqual([points(1), note('9 more lines')]);
    expect(fitted([points(9), END], 1)).toEqual([note('10 more lines')]);
    expect(fitted([END, END, END], 2)).toEqual([END, note('2 more lines')]);
  });

  it('keeps the link to its page, and points to it', () => {
    expect(fitted([points(9), PAGE], 3)).toEqual([points(1), note('8 more lines', ', see the page.'), PAGE]);
  });
});
