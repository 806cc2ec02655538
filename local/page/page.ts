import { type Html, html } from '../../shared/domain/html/html.ts';
import type { Sample } from '../samples/samples.ts';
import type { Snapshot } from '../world/snapshot/snapshot.ts';
import { viewChanges } from './view-changes.ts';
import { viewDrift } from './view-drift.ts';
import { viewFailures } from './view-failures.ts';
import { viewLanes } from './view-lanes.ts';
import { viewSamples } from './view-samples.ts';
import { viewTenants } from './view-tenants.ts';

/** The parts that move: element id → what stands in it. The browser replaces those that changed. */
export function viewParts(snapshot: Snapshot): Record<string, Html> {
  return {
    counts: viewCounts(snapshot),
    lanes: viewLanes(snapshot),
    changes: viewChanges(snapshot),
    failures: viewFailures(snapshot),
    tenants: viewTenants(snapshot),
  };
}

function viewCounts(snapshot: Snapshot): Html {
  const failed = snapshot.changes.filter((change) => change.failed).length;
  const count = (label: string, value: number, tone = '') =>
    html`<div class="count ${value > 0 && tone}"><dd class="total">${value}</dd><dt>${label}</dt></div>`;
  return html`<dl class="counts">${count('changes', snapshot.changes.length)}${count('open', snapshot.open, 'busy')}
${count('notifications pending', snapshot.owing, 'busy')}${count('failures', failed, 'bad')}</dl>`;
}

/** Facts about the shown world that stay the same from start to end. */
export type About = {
  timeFactor: number;
  limits: string;
  dataDir: string | undefined;
  /** The ticket systems that run, by name. */
  ticketSystems: readonly { system: string; url: string }[];
};

/** The whole page as the server sends it; it reads well without its script. */
export function viewPage(snapshot: Snapshot, samples: readonly Sample[], about: About, notice: string): Html {
  const parts = viewParts(snapshot);
  const section = (id: string, title: string, hint: string) =>
    html`<section aria-labelledby="${id}-title" class="panel panel-${id}"><header><h2 id="${id}-title">${title}</h2><p class="hint">${hint}</p></header>
<div id="${id}">${parts[id] ?? ''}</div></section>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>zpa-changes · local demo</title>
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/base.css"><link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script></head>
<body><a class="skip" href="#changes-title">Skip to the changes</a>
<header class="top"><div><h1>zpa-changes</h1><p class="hint">Local demo · ${viewAbout(about)}</p></div>
<div id="counts">${parts.counts}</div></header>
<p id="notice" role="status" aria-live="polite">${notice}</p>
<main>
<div class="column">
${section('changes', 'Changes', 'Newest first. Select one to open its status page.')}
${section('failures', 'Failures', 'Rejected changes that wait for a person. Fix the cause, then retry.')}
</div>
<div class="column">
<section aria-labelledby="samples-title" class="panel panel-samples"><header><h2 id="samples-title">Sample tickets</h2>
<p class="hint">Sent to the webhook with a valid signature.</p></header>${viewSamples(samples)}${viewSystems(about)}</section>
<section aria-labelledby="drift-title" class="panel panel-drift"><header><h2 id="drift-title">Drift</h2>
<p class="hint">Differences between ZPA and what tickets approved. Each lane has its report.</p></header>${viewDrift({ samples: samples.length > 0 })}</section>
${section('lanes', 'Lanes', 'One queue per ZPA customer. Changes are applied in order.')}
</div>
${section('tenants', 'Tenants', 'Segment groups and their application segments in the simulated ZPA.')}
</main>
<footer><p id="live" data-live="no">Live updates are off. Reload the page to refresh.</p></footer>
</body></html>`;
}

/** Links to the tickets themselves, with the plans and answers on them. */
function viewSystems({ ticketSystems }: About): Html | false {
  if (ticketSystems.length === 0) return false;
  const links = ticketSystems.map(
    ({ system, url }) => html`<li><a href="${url}" target="_blank" rel="noreferrer">${system}</a></li>`,
  );
  return html`<p class="hint">Ticket systems, with the plan and the result on each ticket:</p><ul class="systems">${links}</ul>`;
}

function viewAbout(about: About): string {
  const time = about.timeFactor === 1 ? 'real time' : `${about.timeFactor}× real time`;
  const storage = about.dataDir === undefined ? 'data is discarded on exit' : 'data is kept across restarts';
  return `${time} · ZPA rate limits: ${about.limits} · ${storage}`;
}
