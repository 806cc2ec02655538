import { type Html, html } from '../../../html/html.ts';
import { isMove } from '../../drift.ts';
import { isDeletion } from '../../live-value.ts';
import type { Finding } from '../../report.ts';

const PROPOSED_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * The commands that decide about a finding, to copy. An id of another form than the product's gets none, because whoever
 * copies a command has a shell interpret it.
 */
export function commandList(finding: Finding, reportedAt: string): Html | undefined {
  if (!/^D-[\w-]{8}$/.test(finding.id)) return undefined;
  const items = commandsOf(finding, reportedAt).map(
    ([label, command]) =>
      html`<li><span>${label}</span> <code class="command">zpa-changes drift ${command}</code></li>\n`,
  );
  return html`<ul class="commands">${items}</ul>`;
}

type Command = [label: string, command: string];

function commandsOf(finding: Finding, reportedAt: string): Command[] {
  const { id, state } = finding;
  const show: Command = ['Show the live state', `show ${id}`];
  if (state === 'in-flight') return [show];
  const until = new Date(Date.parse(reportedAt) + PROPOSED_DAYS * DAY_MS).toISOString().slice(0, 10);
  const deletion = isDeletion(finding) ? ' --deletion' : '';
  const revert: Command = ['Restore the approved state', `revert ${id} --ticket TICKET`];
  const ignore: Command = [
    `Ignore for ${PROPOSED_DAYS} days`,
    `ignore ${id} --until ${until}${deletion} --reason "REASON"`,
  ];
  return [
    show,
    ['Accept the live state', `accept ${id} --ticket TICKET`],
    ...(canRevert(finding) ? [revert] : []),
    ...(state === 'ignored' ? [] : [ignore]),
  ];
}

/** Nothing was approved, the application segment does not come back, or the group is in another microtenant. */
const canRevert = (finding: Finding) => finding.kind !== 'unmanaged' && finding.to !== 'gone' && !isMove(finding);
