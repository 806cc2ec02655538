import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdfNode, adfLines, toJiraAdf } from '../../../../shared/domain/text/jira-adf.ts';
import { toServiceNowJournal } from '../../../../shared/domain/text/servicenow-journal.ts';
import type { TicketText } from '../../../../shared/domain/text/ticket-text.ts';
import { textBytes } from '../../../../shared/domain/text/truncate-text.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** A comment of Jira has at most so many characters; a journal entry of ours at most so many bytes. */
const [JIRA, JOURNAL] = [32_767, 16 * 1024];
const MARKER = `zpa-changes/plan/${'a'.repeat(46)}`;

/** A plan as long as ours become: changes with the applications that join. */
const plan = (changes: number, applications: number): TicketText => [
  { kind: 'heading', text: 'Plan of 20 changes' },
  ...Array.from({ length: changes }, (_, at) => [
    { kind: 'heading', text: `${at + 1}. Update segment group` } as const,
    {
      kind: 'points',
      points: Array.from({ length: applications }, (_, one) => `"application ${one} of ${'x'.repeat(60)}" joins`),
    } as const,
  ]).flat(),
  { kind: 'line', text: 'Approving the ticket approves this.' },
];

const name = fc.oneof(fc.constantFrom(...HOSTILE_NAMES), fc.string({ unit: 'binary', maxLength: 3000, size: 'max' }));
const names = fc.array(name, { maxLength: 60, size: 'max' });
const blocks = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('heading' as const, 'line' as const), text: name }),
    fc.record({ kind: fc.constant('points' as const), points: names }),
    fc.record({
      kind: fc.constant('table' as const),
      columns: fc.constant(['Segment group', 'Change', 'Result']),
      rows: fc.array(fc.tuple(name, name, name), { maxLength: 40, size: 'max' }),
    }),
    fc.record({ kind: fc.constant('link' as const), label: name, url: fc.constant('https://front.example.org/c/1') }),
  ),
  { minLength: 1, maxLength: 12, size: 'max' },
);

/** Each begins and ends on its line. */
const OUR_TABLE = /^\[code\]<table border="1">.*<\/table>\[\/code\]$/gm;

describe('a text that is too long for its ticket', () => {
  it('says in Jira how many lines are left out and where they stand, and keeps its conclusion', () => {
    const document = toJiraAdf(plan(20, 20), MARKER);
    const lines = adfLines(document);
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(JIRA);
    const [note = '', conclusion, footer] = lines.slice(-3);
    const left = Number(/^… (\d+) more lines did not fit here: a ticket of fewer changes/.exec(note)?.[1]);
    expect(left + lines.length - 3).toBe(1 + 20 * 21);
    expect(conclusion).toBe('Approving the ticket approves this.');
    expect(footer).toBe(MARKER);
  });

  it('says so in ServiceNow', () => {
    const journal = toServiceNowJournal(plan(20, 20));
    expect(textBytes(journal)).toBeLessThanOrEqual(JOURNAL);
    expect(journal).toMatch(/\n… \d+ more lines did not fit here: .*\nApproving the ticket approves this\.$/);
  });

  it('leads to the page where it has one', () => {
    const link = { kind: 'link', label: 'Status', url: 'https://front.example.org/c/1' } as const;
    const lines = adfLines(toJiraAdf([...plan(20, 20), link], MARKER));
    expect(lines.at(-3)).toMatch(/^… \d+ more lines, see the page\.$/);
    expect(lines.at(-2)).toBe('Status');
  });

  it('is whole where it fits', () => {
    expect(adfLines(toJiraAdf(plan(2, 20), MARKER))).toHaveLength(1 + 2 * 21 + 1 + 1);
  });

  it('fits and stays well-formed, whatever it holds', () => {
    fc.assert(
      fc.property(blocks, (text) => {
        const document = toJiraAdf(text, MARKER);
        expect(JSON.stringify(document).length).toBeLessThanOrEqual(JIRA);
        expect(adfLines(document).at(-1)).toBe(MARKER);
        for (const node of flat(document.content)) {
          if (node.type === 'text') expect(node.text).not.toBe('');
          else expect(node.content?.length).toBeGreaterThan(0);
        }
        const journal = toServiceNowJournal(text);
        expect(textBytes(journal)).toBeLessThanOrEqual(JOURNAL);
        expect(journal.isWellFormed()).toBe(true);
        const tables = text.filter(({ kind }) => kind === 'table').length;
        expect(journal.match(/\[\s*\/?\s*code\s*\]/gi) ?? []).toHaveLength(2 * (journal.match(OUR_TABLE) ?? []).length);
        expect((journal.match(OUR_TABLE) ?? []).length).toBeLessThanOrEqual(tables);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});

const flat = (nodes: readonly AdfNode[]): AdfNode[] => nodes.flatMap((node) => [node, ...flat(node.content ?? [])]);
