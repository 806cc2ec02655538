import { type Html, html } from '../../../html/html.ts';
import type { Coverage } from '../../report.ts';

type Segment = {
  name: 'fully' | 'partly' | 'unread' | 'unmanaged' | 'foreign';
  label: string;
  means: string;
  groups: number;
};

const WIDTH = 1000;

/** The share of the groups that the report speaks about, as a bar and in figures. */
export function coverageSection(coverage: Coverage): Html {
  const segments = segmentsOf(coverage);
  const all = segments.reduce((sum, { groups }) => sum + groups, 0);
  const legend = segments.map(
    ({ name, label, means, groups }) =>
      html`<li>${swatch(name)}<b>${groups}</b> <span>${label} <small>${means}</small></span></li>\n`,
  );
  const figures = segments.map(({ label, groups }) => `${groups} ${label}`).join(', ');
  return html`<section class="coverage"><h2>Coverage</h2>
<svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="${figures}">${bars(segments, all)}</svg>
<ul class="legend">${legend}</ul>
<p class="quiet">${coverage.live} groups live in ZPA, ${coverage.managed} managed by tickets; ${coverage.drifted} of them differ.</p>
</section>`;
}

function segmentsOf(coverage: Coverage): Segment[] {
  return [
    { name: 'fully', label: 'fully stated', means: 'all fields and members compared', groups: coverage.fullyStated },
    {
      name: 'partly',
      label: 'partly stated',
      means: 'compared as far as tickets stated it',
      groups: coverage.partlyStated,
    },
    { name: 'unread', label: 'not checked', means: 'could not be read', groups: coverage.notChecked },
    { name: 'unmanaged', label: 'unmanaged', means: 'no ticket approved them', groups: coverage.unmanaged },
    { name: 'foreign', label: 'foreign', means: 'left to others by the settings', groups: coverage.foreign },
  ];
}

function bars(segments: readonly Segment[], all: number): Html[] {
  let x = 0;
  return segments.map(({ name, groups }) => {
    const width = all === 0 ? 0 : (WIDTH * groups) / all;
    const bar = html`<rect class="${name}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"/>`;
    x += width;
    return bar;
  });
}

const swatch = (name: string) =>
  html`<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect class="${name}" width="10" height="10"/></svg>`;
