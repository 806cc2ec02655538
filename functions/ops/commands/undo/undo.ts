import type { Command } from 'commander';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { findChanges, type KeyOptions } from '../../session/find-change.ts';
import { offerChanges, type SendOptions, sendOptions } from '../drift/offer-changes.ts';
import { checkTicket } from '../drift/plan-offer.ts';
import { draftUndo } from './draft-undo.ts';

type Options = SendOptions & KeyOptions;

const HELP = `
Of a ticket all changes are undone, the newest first. Each undo expects what its
change left: a change is refused where a later change or somebody else wrote the
same since, and the command says who. Without --submit nothing is sent: the
changes are printed with their plan, as a file that \`submit\` takes.
Examples:
  zpa-changes undo CHG0031337/1@APPR0007 --ticket CHG0031400 > undo.yaml
  zpa-changes undo CHG0031337 --ticket CHG0031400 --submit --wait`;

/** Adds the command `undo`. */
export function addUndo(program: Command, bind: BindCommand): void {
  sendOptions(
    program
      .command('undo')
      .summary('make the changes that reverse applied ones')
      .description('Makes the changes that put back what applied changes wrote, under a ticket of their own.')
      .argument('<key|ticket>', 'key of the change, or a ticket whose changes have keys that begin with it')
      .option('--source <name>', 'of the changes, where several use the same key')
      .option('--tenant <name>', 'of the changes, where several use the same key'),
  )
    .option('--reach', 'plan with the policy rules too: 14 reads and more, a minute or two within the read budget')
    .addHelpText('after', HELP)
    .action(bind(undo));
}

const undo: OpsCommand<Options> = async (context, options, text = '') => {
  const ticket = checkTicket(options.ticket);
  const records = await findChanges(context.session, text, options);
  const { resolution, names } = await draftUndo(context, records);
  return await offerChanges(context, { purpose: 'undo', ticket, resolution, findings: [], names, options });
};
