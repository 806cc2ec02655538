import { expect, it } from 'vitest';
import { codedJournalHtml, ticketPage } from '../../../../local/ticket-systems/desk/ticket-page.ts';
import { toServiceNowJournal } from '../../../../shared/domain/text/servicenow-journal.ts';

it('shows the tables of a journal, and the rest as lines', () => {
  const entry = toServiceNowJournal([
    { kind: 'line', text: 'a <b>' },
    { kind: 'table', columns: ['Group'], rows: [['<script>']] },
  ]);
  expect(codedJournalHtml(entry)).toBe(
    '<pre>a &lt;b&gt;\n</pre><table><tr><th>Group</th></tr><tr><td>&lt;script&gt;</td></tr></table><pre></pre>',
  );
});

it.each(['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1) ', '<td onclick="x()"', '<!-- ', '</script'])(
  'passes no markup of a person but tables: %s',
  (markup) => {
    expect(codedJournalHtml(`[code]${markup}[/code]`)).toMatch(/^<pre><\/pre>(<td>)?<pre><\/pre>$/);
  },
);

it('shows the time of an entry as the console does, with its zone', () => {
  const at = Date.parse('2026-11-29T20:29:41.123Z');
  const page = ticketPage('Tickets', [{ id: 'A-1', title: '', state: '', entries: [{ by: 'kim', at, html: '' }] }]);
  expect(page.replaceAll(/<[^>]*>/g, '')).toContain('kim, 2026-11-29 20:29:41 UTC');
});
