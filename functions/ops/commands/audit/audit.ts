import type { Command } from 'commander';
import type { BindBareCommand, BindCommand } from '../../session/command.ts';
import { addAuditExport } from './audit-export.ts';
import { addAuditShow } from './audit-show.ts';
import { addAuditVerify } from './audit-verify.ts';

const HELP = `
Days are calendar days in UTC, both included. Nothing here needs a right to
write anything: docs/audit.md.`;

/** Adds the command `audit` with its subcommands. */
export function addAudit(program: Command, bind: BindCommand, bindBare: BindBareCommand): void {
  const audit = program
    .command('audit')
    .summary('show, export and verify the audit trail')
    .description('The locked record of every outcome, and of what people did with this command line.')
    .addHelpText('after', HELP);
  addAuditShow(audit, bindBare);
  addAuditExport(audit, bindBare);
  addAuditVerify(audit, bind);
}
