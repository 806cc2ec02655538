import type { Command } from 'commander';
import {
  accessWords,
  approvalWords,
  differenceWords,
  nameOf,
  sinceWords,
  writerWords,
} from '../../../../shared/domain/drift/render/finding-words.ts';
import { orEmpty, renderWords, type Words } from '../../../../shared/domain/drift/render/words.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { findFindings } from '../../session/read-drift.ts';
import { isoText, stateCell } from './show-report.ts';

type Options = { tenant?: string };

const MAX_RULES = 50;
const HELP = `
Example:
  zpa-changes drift show D-d35a64b4`;

/** Adds the command `drift show`. */
export function addShow(drift: Command, bind: BindCommand): void {
  drift
    .command('show')
    .description('Shows findings in full, as they are now: before and after, who, since when, and the affected rules.')
    .argument('<ids...>', 'ids of findings, as `drift` shows them')
    .option('--tenant <name>', 'look only at the customer of this tenant')
    .addHelpText('after', HELP)
    .action(bind(show));
}

const show: OpsCommand<Options> = async (context, { tenant }, ...ids) => {
  const found = await findFindings(context, ids, tenant, { rules: true, applications: false });
  const findings = found.flatMap((one) => one.findings);
  for (const finding of findings) for (const line of linesOf(finding, context.terminal)) context.terminal.say(line);
  context.terminal.document({ schemaVersion: 2, findings });
  return EXIT.ok;
};

const textOf = (text: Words): string => renderWords(text, (foreign) => orEmpty(visible(foreign, 500)), isoText);
const line = (name: string, value: string) => `  ${name.padEnd(11)} ${value}`;

function linesOf(finding: Finding, terminal: Terminal): string[] {
  const { id, group, before, after, writer, approval, ignored, deletedId, pending } = finding;
  const state = stateCell(finding, terminal);
  return [
    `${terminal.colours.bold(id)}  ${typeof state === 'string' ? state : state.colour(state.text)}`,
    line('group', `${visible(nameOf(group))} (${group.id})`),
    line('tenant', `${visible(group.tenant)}${group.microtenantId === '0' ? '' : ` / ${group.microtenantId}`}`),
    line('difference', textOf(differenceWords(finding))),
    line('before', orEmpty(visible(before, 4000))),
    line('after', orEmpty(visible(after, 4000))),
    line('since', textOf(sinceWords(finding))),
    ...(writer === undefined ? [] : [line('written by', textOf(writerWords(writer, finding.kind)))]),
    ...(approval === undefined
      ? []
      : [line('approved by', `${textOf(approvalWords(approval))}, ${visible(approval.key)}`)]),
    ...(deletedId === undefined ? [] : [line('deleted id', visible(deletedId))]),
    line('rules', textOf(accessWords(finding, MAX_RULES))),
    ...(ignored === undefined
      ? []
      : [line('ignored', `until ${ignored.until}, by ${visible(ignored.by)}: ${visible(ignored.reason, 500)}`)]),
    ...(pending === undefined ? [] : [line('in flight', `${pending} at work on it`)]),
    '',
  ];
}
