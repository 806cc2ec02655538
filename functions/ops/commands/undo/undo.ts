import type { Command } from 'commander';
import { joined } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { laneMismatch } from '../../../../shared/domain/lane/lane-tenants.ts';
import { knownNames } from '../../../../shared/domain/outcome/known-names.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { effectOfApplied } from '../../../../shared/domain/undo/returns.ts';
import { undoChanges } from '../../../../shared/domain/undo/undo-changes.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../../session/command.ts';
import { findChanges, type KeyOptions } from '../../session/find-change.ts';
import { checkTicket, offerChanges, type SendOptions, sendOptions } from '../drift/offer-changes.ts';
import { readUndoState } from './read-undo-state.ts';

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
      .summary('draft the changes that reverse applied ones')
      .description('Drafts changes that reverse what applied changes wrote, under a ticket of their own.')
      .argument('<key|ticket>', 'key of the change, or a ticket whose changes have keys that begin with it')
      .option('--source <name>', 'of the changes, where several use the same key')
      .option('--tenant <name>', 'of the changes, where several use the same key'),
  )
    .option('--reach', 'plan with the policy rules too: 14 reads and more, a minute or two within the read budget')
    .addHelpText('after', HELP)
    .action(bind(undo));
}

const undo: OpsCommand<Options> = async (context, options, text = '') => {
  const { session } = context;
  const ticket = checkTicket(options.ticket);
  const records = await findChanges(session, text, options);
  for (const record of records) requireSameCustomer(context, record);
  const lanes = [...Map.groupBy(records, ({ ref }) => ref.lane)];
  const resolutions = [];
  const names = new Map<string, string>();
  for (const [lane, ofLane] of lanes) {
    const state = await readUndoState(context, lane, ofLane);
    resolutions.push(undoChanges(ofLane, state));
    for (const [id, name] of namesIn(ofLane)) names.set(id, name);
    for (const group of state.groups.values()) if (group !== null) names.set(group.id, group.name);
  }
  const resolution = joined(resolutions);
  if (resolution.units.length + resolution.unresolved.length === 0) throw nothingToUndo(resolution.notes);
  return await offerChanges(context, { purpose: 'undo', ticket, resolution, findings: [], names, options });
};

function namesIn(records: readonly ChangeRecord[]): [string, string][] {
  return records.flatMap(({ change, outcome }) =>
    outcome?.kind === 'applied' ? [...knownNames(change, outcome.effect)] : [],
  );
}

function requireSameCustomer({ session }: CommandContext, record: ChangeRecord): void {
  const { ref } = record;
  if (effectOfApplied(record) === undefined) return;
  if (laneMismatch(session.configuration, ref.tenant, ref.lane) === undefined) return;
  const sentence = `${ref.idempotencyKey} was applied to ${ref.lane}, which tenant "${ref.tenant}" no longer stands for.`;
  throw new OpsError(EXIT.failed, 'tenant-changed', sentence, 'Put it right in ZPA, or configure that customer again.');
}

function nothingToUndo(notes: readonly string[]): OpsError {
  const remedy = 'See `status`: only applied changes can be undone.';
  return new OpsError(EXIT.failed, 'nothing-to-undo', notes.join('\n'), remedy);
}
