import { type Html, html } from '../../../html/html.ts';
import { formatCount } from '../../../text/sentence.ts';
import type { HistoryEntry } from '../../report.ts';

/** In units of the drawing, which the page stretches to its width. */
const SLOT = 10;
const HEIGHT = 100;
const MARK = 6;
const MOST_REPORTS = 90;
/** Fewer reports get a narrower drawing, so that their bars do not become blocks. */
const MANY_REPORTS = 20;

const FEW: Html = html` class="few"`;

const openOf = (entry: HistoryEntry) => entry.new + entry.still;
const dayOf = (at: string) => at.slice(0, 10);

/** Open findings from report to report as bars, the latest at the right; undefined: there is no earlier report. */
export function trendSection(history: readonly HistoryEntry[]): Html | undefined {
  const entries = history.slice(-MOST_REPORTS);
  const [first, last] = [entries.at(0), entries.at(-1)];
  if (first === undefined || last === undefined || entries.length < 2) return undefined;
  const peak = entries.reduce((most, entry) => (openOf(entry) > openOf(most) ? entry : most));
  const highest = Math.max(1, openOf(peak));
  const width = entries.length * SLOT;
  const bars = entries.map((entry, index) => bar(entry, index * SLOT, highest));
  const sentence = `${formatCount(openOf(last), 'open finding')} now, at most ${openOf(peak)} (${dayOf(peak.at)}), in ${entries.length} reports.`;
  return html`<section class="trend"><h2>Trend</h2>
<figure${entries.length < MANY_REPORTS ? FEW : undefined}>
<div class="axis"><span>${highest}</span><span>0</span></div>
<svg viewBox="0 0 ${width} ${HEIGHT + MARK}" preserveAspectRatio="none" role="img" aria-label="${sentence}">
<line x1="0" x2="${width}" y1="0" y2="0"/><line x1="0" x2="${width}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/>
${bars}<line class="zero" x1="0" x2="${width}" y1="${HEIGHT}" y2="${HEIGHT}"/></svg>
<div class="days"><span>${dayOf(first.at)}</span><span>${dayOf(last.at)}</span></div>
<figcaption>${legend('new', 'new')}${legend('still', 'still')}${legend('incomplete', 'report not complete')}</figcaption>
</figure>
<p class="quiet">${sentence}</p></section>`;
}

function bar(entry: HistoryEntry, x: number, highest: number): Html {
  const scale = HEIGHT / highest;
  const [still, fresh] = [entry.still * scale, entry.new * scale];
  const part = (name: string, y: number, height: number) =>
    height === 0
      ? undefined
      : html`<rect class="${name}" x="${x + 1}" y="${y.toFixed(1)}" width="${SLOT - 2}" height="${height.toFixed(1)}"/>`;
  const unread = entry.complete ? undefined : part('incomplete', HEIGHT + 1, MARK - 1);
  const says = `${dayOf(entry.at)}: ${entry.new} new, ${entry.still} still, ${entry.ignored} ignored, ${entry.closed} closed, ${entry.notChecked} not checked`;
  return html`<g><title>${says}</title><rect class="slot" x="${x}" width="${SLOT}" height="${HEIGHT + MARK}"/>${part('still', HEIGHT - still, still)}${part('new', HEIGHT - still - fresh, fresh)}${unread}</g>\n`;
}

const legend = (name: string, label: string) =>
  html`<span><svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect class="${name}" width="10" height="10"/></svg>${label}</span>`;
