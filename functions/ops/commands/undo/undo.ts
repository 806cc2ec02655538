import type { Command } from 'commander';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { findChanges, type KeyOptions } from '../../session/find-change.ts';
import { offerChanges, type SendOptions, sendOptions } from '../drift/offer-changes.ts';
import { checkTicket } from '../drift/plan-offer.ts';
import { draftUndo } from './draft-undo.ts';

type Options = SendOptions & KeyOptions;

const HELP = `
A ticket is undone change by change, the newest first. A change is not undone if
a later change or somebody else wrote the same field or member since; the command
says who. Without --submit nothing is sent: the drafts are printed with their plan,
as a file that \`submit\` takes.
Examples:
  zpa-changes undo CHG0031337/1@APPR0007 --ticket CHG0031400 > undo.yaml
  zpa-changes undo CHG0031337 --ticket CHG0031400 --submit --wait`;

/** Adds the command `undo`. */
export function addUndo(program: Command, bind: BindCommand): void {
  sendOptions(
    program
      .command('undo')
      .summary('draft the changes that reverse applied ones')
      .description('Drafts changes that reverse what applied changes wrote, under a ticket of their own.')
      .argument('<key|ticket>', 'key of the change, or a ticket')
      .option('--source <name>', 'source of the change, if several use the same key')
      .option('--tenant <name>', 'tenant of the change, if several use the same key'),
  )
    .option('--reach', 'show the policy impact; reads the policy rules, which takes a minute or two')
    .addHelpText('after', HELP)
    .action(bind(undo));
}

const undo: OpsCommand<Options> = async (context, options, text = '') => {
  const ticket = checkTicket(options.ticket);
  const records = await findChanges(context.session, text, options);
  const { resolution, names } = await draftUndo(context, records);
  return await offerChanges(context, { purpose: 'undo', ticket, resolution, findings: [], names, options });
};
