import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../../shared/domain/text/csv.ts';
import { escapeHtml } from '../../../../shared/domain/text/escape-html.ts';
import { type AdfNode, adfLines, toJiraAdf } from '../../../../shared/domain/text/jira-adf.ts';
import { toMarkdown } from '../../../../shared/domain/text/markdown.ts';
import { journalText, toServiceNowJournal } from '../../../../shared/domain/text/servicenow-journal.ts';
import { toTerminal } from '../../../../shared/domain/text/terminal.ts';
import type { TicketText } from '../../../../shared/domain/text/ticket-text.ts';
import { codeSpan, visible } from '../../../../shared/domain/text/visible-text.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** A text that holds the name in every place where a name can occur. */
const textWith = (name: string): TicketText => [
  { kind: 'heading', text: name },
  { kind: 'line', text: `group "${name}"` },
  { kind: 'points', points: [name, `and ${name}`] },
  {
    kind: 'table',
    columns: ['Segment group', name],
    rows: [
      [name, `add ${name}`],
      ['', name],
    ],
  },
  { kind: 'link', label: name, url: 'https://front.example.org/changes/abc' },
];

/** Characters that a terminal or a browser obeys and a reader does not see. The line's end is the renderers' own. */
const HIDDEN = /[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|[^\P{Cc}\n]/u;

describe.each(HOSTILE_NAMES.map((name) => ({ name: JSON.stringify(name).slice(0, 60), text: name })))(
  'the name $name',
  ({ text }) => {
    it('does nothing in HTML', () => {
      const html = escapeHtml(visible(text));
      expect(html).not.toMatch(/[<>"']/);
      expect(html.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      expect(html).not.toMatch(HIDDEN);
    });

    it('is text and nothing else in a Jira document', () => {
      const nodes = flat(toJiraAdf(textWith(text), 'marker-0001').content);
      const kinds = new Set(nodes.map(({ type }) => type));
      const ours = [
        'heading',
        'paragraph',
        'bulletList',
        'listItem',
        'table',
        'tableRow',
        'tableHeader',
        'tableCell',
        'text',
      ];
      expect([...kinds].filter((kind) => !ours.includes(kind))).toEqual([]);
      for (const { text: shown } of nodes.filter(({ type }) => type === 'text')) {
        expect(shown).not.toBe('');
        expect(shown).not.toMatch(HIDDEN);
        expect(shown?.length).toBeLessThanOrEqual(2000 + 20);
      }
      const links = nodes.flatMap(({ marks = [] }) => marks.filter(({ type }) => type === 'link'));
      expect(links.map(({ attrs }) => attrs?.href)).toEqual(['https://front.example.org/changes/abc']);
      expect(adfLines(toJiraAdf(textWith(text), 'marker-0001')).at(-1)).toBe('marker-0001');
    });

    it('opens no HTML, mentions nobody and links nowhere in a ServiceNow journal', () => {
      const entry = toServiceNowJournal(textWith(text)).replaceAll('https://front.example.org/changes/abc', '');
      const { journal, tables } = splitCode(entry);
      expect(tables).toHaveLength(1);
      for (const table of tables) {
        expect(table.replaceAll(OUR_TAGS, '')).not.toMatch(/[<>"']/);
        expect(table.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
        expect(table).not.toMatch(/@\[|:\/\/|\bwww\.|\[\s*\/?\s*code/i);
        expect(table).not.toMatch(HIDDEN);
        expect(table).not.toContain('\n');
      }
      expect(journal).not.toMatch(/\[\s*\/?\s*code\s*\]/i);
      expect(journal).not.toMatch(/@\[/);
      expect(journal).not.toMatch(/:\/\//);
      expect(journal).not.toMatch(/\bwww\./i);
      expect(journal).not.toMatch(HIDDEN);
      expect(journalText(text)).not.toContain('\n');
    });

    it('is code in Markdown, on one line, and nothing outside of it', () => {
      const lines = toMarkdown(textWith(text)).split('\n');
      const rows = lines.filter((line) => line.startsWith('| '));
      expect(rows).toHaveLength(3);
      for (const row of rows) {
        expect(row.split('|')).toHaveLength(4);
        for (const cell of row.split('|').slice(1, -1)) expect(outsideCode(cell)).toMatch(/^ (\(empty\))? *$/);
      }
      for (const line of lines.filter((one) => !one.startsWith('|'))) {
        expect(line).toMatch(/^(- )?(\(empty\)|(`+)[^`](.*[^`])?\3)( {2})?$|^(- )?(`+) .* \6( {2})?$|^$/);
        expect(outsideCode(line)).toMatch(/^(- )?(\(empty\))?\s*$/);
      }
      expect(toMarkdown(textWith(text))).not.toMatch(HIDDEN);
      expect(codeSpan(text)).not.toContain('\n');
    });

    it('is one quoted cell of CSV that no spreadsheet computes', () => {
      const csv = toCsv([['group', text, 'end']]);
      expect(csv.endsWith('"end"\r\n')).toBe(true);
      const [row] = parseCsv(csv);
      expect(row).toHaveLength(3);
      expect(row?.[1]).not.toMatch(/^\s*[=+\-@＝＋－＠|%]/u);
      expect(row?.[1]).not.toMatch(HIDDEN);
      expect(row?.[1]).not.toMatch(/[\r\n\t]/);
    });

    it('is spelled out in a terminal', () => {
      expect(toTerminal(textWith(text))).not.toMatch(HIDDEN);
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    });
  },
);

describe('a harmless name', () => {
  it('stays as it is in every sink', () => {
    const name = 'Straße 7 / Büro (東京) & more – 10.0.0.0/8';
    expect(toServiceNowJournal([{ kind: 'line', text: name }])).toBe(name);
    expect(toTerminal([{ kind: 'line', text: name }])).toBe(name);
    expect(adfLines(toJiraAdf([{ kind: 'line', text: name }]))).toEqual([name]);
    expect(toCsv([[name]])).toBe(`"${name}"\r\n`);
    expect(toMarkdown([{ kind: 'line', text: name }])).toBe(`\`${name}\`  `);
  });

  it('reads well as a whole', () => {
    const text: TicketText = [
      { kind: 'heading', text: 'All 2 changes are in effect.' },
      {
        kind: 'table',
        columns: ['Segment group', 'Change', 'Result'],
        rows: [
          ['Web', 'Enabled: no → yes', 'Live'],
          ['Phone Book', 'Delete', 'Rejected'],
        ],
      },
      { kind: 'points', points: ['"Sales" gains 1 application segment'] },
      { kind: 'link', label: 'Status', url: 'https://front.example.org/changes/abc' },
    ];
    expect(toTerminal(text).split('\n')).toEqual([
      'All 2 changes are in effect.',
      'Segment group  Change             Result',
      'Web            Enabled: no → yes  Live',
      'Phone Book     Delete             Rejected',
      '- "Sales" gains 1 application segment',
      'Status: https://front.example.org/changes/abc',
    ]);
  });

  it('a symbol keeps the selector that makes it coloured', () => {
    expect(visible('\u26A0\uFE0F keep, 1\uFE0F')).toBe('\u26A0\uFE0F keep, 1\\u{FE0F}');
  });

  it('a symbol hides no other unseen character behind it', () => {
    expect(visible('Cards\u00A9\u3164 \u00AE\u034F \u2122\u{E0100}')).toBe(
      'Cards\u00A9\\u{3164} \u00AE\\u{34F} \u2122\\u{E0100}',
    );
  });

  it('a link that is no web address leads nowhere', () => {
    const [paragraph] = toJiraAdf([{ kind: 'link', label: 'Status', url: 'javascript:alert(1)' }]).content;
    expect(paragraph?.content?.[0]?.marks).toEqual([{ type: 'link', attrs: { href: 'about:blank' } }]);
  });
});

/** The tags that a table of ours consists of. */
const OUR_TAGS = /<\/?(?:tr|th|td)>|<table border="1">|<\/table>/g;

/** The parts of a journal that ServiceNow renders as HTML, and the rest. */
function splitCode(entry: string): { journal: string; tables: string[] } {
  const tables = [...entry.matchAll(/\[code\](.*?)\[\/code\]/gs)].map(([, html = '']) => html);
  return { journal: entry.replace(/\[code\].*?\[\/code\]/gs, ''), tables };
}

function flat(nodes: readonly AdfNode[]): AdfNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.content ?? [])]);
}

/** The rest of a line of Markdown without its code spans, as CommonMark defines them (6.1). */
function outsideCode(line: string): string {
  const runs = [...line.matchAll(/`+/g)];
  let outside = '';
  let at = 0;
  while (runs.length > 0) {
    const open = runs.shift();
    if (open === undefined) break;
    const close = runs.findIndex(([run]) => run.length === open[0].length);
    if (close < 0) continue;
    outside += line.slice(at, open.index);
    const end = runs[close];
    at = (end?.index ?? 0) + open[0].length;
    runs.splice(0, close + 1);
  }
  return outside + line.slice(at);
}

/** Parses RFC 4180 strictly: every cell quoted, rows ended by CRLF. */
function parseCsv(text: string): string[][] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((row) => [...row.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"')));
}
