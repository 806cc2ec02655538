import type { Command } from 'commander';
import { changeLines } from '../output/describe-change.ts';
import { EXIT } from '../output/exit-codes.ts';
import { findChange, type KeyOptions } from '../session/choose.ts';
import type { BindCommand, OpsCommand } from '../session/command.ts';

const HELP = `
Exit code 0 if it is applied or unchanged, 1 if it was rejected, 6 while it is
open.
Example:
  zpa-changes status CHG0031337/1@APPR0007`;

/** Adds the command `status`. */
export function addStatus(program: Command, bind: BindCommand): void {
  program
    .command('status')
    .summary('show where a change stands')
    .description('Shows one change with its ticket, its outcome and the outcomes of earlier generations.')
    .argument('<key>', 'idempotency key of the change')
    .option('--source <name>', 'of the change, where several use the same key')
    .option('--tenant <name>', 'of the change, where several use the same key')
    .addHelpText('after', HELP)
    .action(bind(status));
}

const status: OpsCommand<KeyOptions> = async ({ session, terminal }, options, key = '') => {
  const record = await findChange(session, key, options);
  for (const line of changeLines(record, terminal)) terminal.say(line);
  terminal.document(record);
  if (record.state !== 'settled') return EXIT.open;
  return record.outcome?.kind === 'rejected' ? EXIT.failed : EXIT.ok;
};
