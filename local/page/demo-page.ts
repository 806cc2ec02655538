import type { ConsoleContext, ConsolePage } from '../../functions/ops/console/contract.ts';
import { actForm } from '../../functions/ops/console/view/act-form.ts';
import { type Html, html } from '../../shared/domain/html/html.ts';
import type { Sample } from '../samples/samples.ts';
import type { World } from '../world/world.ts';
import { DEMO, DEMO_ACTS } from './demo-acts.ts';
import type { DriftRun } from './drift-run.ts';
import { viewChanges } from './view-changes.ts';
import { viewTenants } from './view-tenants.ts';

/** Facts about the shown world that stay the same from start to end. */
export type About = {
  timeFactor: number;
  limits: string;
  dataDir: string | undefined;
  /** The ticket systems that run, by name. */
  ticketSystems: readonly { system: string; url: string }[];
};

/** A change is in effect within seconds here, so its steps are shown as they come. */
const REFRESH_MS = 500;

/** The page of the demo: sample tickets to send, what becomes of them, and the simulated ZPA. */
export function demoPage(
  world: Pick<World, 'snapshot'>,
  driftRun: DriftRun,
  samples: readonly Sample[],
  about: About,
): ConsolePage {
  return {
    path: DEMO,
    label: 'Demo',
    async render(context) {
      const snapshot = await world.snapshot();
      const body = html`<p class="hint">${viewAbout(about)}</p>
${viewSamples(context, samples, about, driftRun.view())}
<section class="panel" aria-labelledby="latest"><header><h2 id="latest">Latest changes</h2></header>${viewChanges(snapshot)}</section>
${viewTenants(snapshot)}`;
      return { title: 'Demo', body, refreshMs: REFRESH_MS };
    },
  };
}

function viewAbout({ timeFactor, limits, dataDir }: About): string {
  const time = timeFactor === 1 ? 'real time' : `${timeFactor}× real time`;
  const storage = dataDir === undefined ? 'data is discarded on exit' : 'data is kept across restarts';
  return `Everything runs on this machine: ${time}, ZPA rate limits ${limits}, ${storage}.`;
}

function viewSamples(
  context: ConsoleContext,
  samples: readonly Sample[],
  { ticketSystems }: About,
  drifting?: Html,
): Html {
  const systems = ticketSystems.map(
    ({ system, url }) => html`<li><a href="${url}" target="_blank" rel="noreferrer">${system}</a></li>`,
  );
  const edit = actForm(context, { act: DEMO_ACTS.edit, fields: {}, label: 'Edit behind its back' });
  const drift = actForm(context, { act: DEMO_ACTS.drift, fields: {}, label: 'Run drift' });
  return html`<section class="panel" aria-labelledby="samples"><header><h2 id="samples">Sample tickets</h2>
<p class="hint">Sent to the webhook with a valid signature, as new tickets or with the keys of before.</p></header>
${samples.length > 0 && html`<table class="list"><tbody>${samples.map((sample) => viewSample(context, sample))}</tbody></table>`}
${systems.length > 0 && html`<p class="hint">Ticket systems, with plan and result on each ticket:</p><ul class="codes">${systems}</ul>`}
<div class="buttons">${samples.length > 0 && edit}${drift}</div>
<p class="hint"><i>Edit behind its back</i> changes groups in the simulated ZPA without a ticket, as somebody would in its portal. Then run drift, which takes a minute or two because ZPA allows few reads, and open <i>Drift</i>.</p>
${drifting}</section>`;
}

function viewSample(context: ConsoleContext, { name, ticket, source, title }: Sample): Html {
  const send = (as: 'new' | 'same', label: string, of: string) =>
    actForm(context, { act: DEMO_ACTS.send, fields: { name, as }, label, of });
  return html`<tr><td><b>${ticket}</b> <small>${source}</small></td><td>${title}</td>
<td><div class="buttons">${send('new', 'Send as new', ticket)}${send('same', 'Resend', `${ticket}, same keys`)}</div></td></tr>`;
}
