import type { Command } from 'commander';
import type { BindCommand } from '../../session/command.ts';
import { addBaseline } from './drift-baseline.ts';
import { addIgnoreCommand } from './drift-ignore.ts';
import { addOpen } from './drift-open.ts';
import { addReport } from './drift-report.ts';
import { addResolve } from './drift-resolve.ts';
import { addShow } from './drift-show.ts';

const HELP = `
\`drift\` alone is \`drift report\`, and takes its options. A finding keeps its id
from report to report. Nothing is repaired unless you say so: accept and revert
make ordinary changes under your ticket, which its grants and approvals judge.
Examples:
  zpa-changes drift --tenant acme-prod
  zpa-changes drift show D-d35a64b4
  zpa-changes drift accept D-d35a64b4 --ticket CHG0031337
  zpa-changes drift revert D-d35a64b4 --ticket CHG0031337 --submit
  zpa-changes drift ignore D-d35a64b4 --until 2027-01-15 --reason "audit"
  zpa-changes drift baseline --group 'Web*' --tenant acme-prod --ticket CHG0031337`;

/** Adds the command `drift` with its subcommands. */
export function addDrift(program: Command, bind: BindCommand): void {
  const drift = program
    .command('drift')
    .summary('compare ZPA with what tickets approved, and close differences')
    .description(
      'Shows where the tenants differ from what tickets approved, and drafts changes that close the difference.',
    )
    .addHelpText('after', HELP);
  addReport(drift, bind);
  addShow(drift, bind);
  addResolve(drift, bind);
  addIgnoreCommand(drift, bind);
  addBaseline(drift, bind);
  addOpen(drift, bind);
}
