import type { Command } from 'commander';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { cancelAsOperator } from '../changes/cancel-as-operator.ts';
import { byOption, reasonOption } from '../input/decision-options.ts';
import { outcomeLines } from '../output/describe-change.ts';
import { describeRecord } from '../output/describe-request.ts';
import { EXIT, type ExitCode, OpsError } from '../output/exit-codes.ts';
import type { BindCommand, OpsCommand } from '../session/command.ts';
import { type CancelResult, requestCancel } from '../session/deliver.ts';
import { findChange, type KeyOptions } from '../session/find-change.ts';

type Options = KeyOptions & { reason: string; by: string; yes?: boolean };

const HELP = `
Without --source the CLI sends a signed cancellation to the webhook. This cancels
only changes that the CLI submitted. With --source an operator cancels a change of
any source directly in the ledger, which records who did it and why. A change
cannot be cancelled once its write to ZPA has started; run the command again later
to see its outcome.
Exit code 0 if it is cancelled, 1 if it is complete or in progress, 3 if there is
no such change.
Examples:
  zpa-changes cancel CHG0031337/1@APPR0007 --reason "approval withdrawn"
  zpa-changes cancel CHG0031337/1@APPR0007 --source servicenow --reason "agreed"`;

/** Adds the command `cancel`. */
export function addCancel(program: Command, bind: BindCommand): void {
  program
    .command('cancel')
    .summary('cancel a change before it is applied')
    .description('Cancels an open change that is queued or scheduled.')
    .argument('<key>', 'idempotency key of the change')
    .addOption(reasonOption().makeOptionMandatory())
    .option('--source <name>', 'cancel a change of this source as an operator')
    .option('--tenant <name>', 'tenant of the change, if several use the same key')
    .addOption(byOption('who decided, for the record (with --source)'))
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(cancel));
}

const cancel: OpsCommand<Options> = async (context, options, key = '') => {
  const { session, terminal, signal } = context;
  const { by, reason } = options;
  const record = await findChange(session, key, options);
  const { source, idempotencyKey, tenant } = record.ref;
  const { generation } = record;
  if (options.source === undefined && source !== session.target.source) throw foreignChangeError(record.ref);
  terminal.say(`${terminal.colours.bold(visible(idempotencyKey))}  ${visible(describeRecord(record), 400)}`);
  if (!(await terminal.confirm('Cancel this change?', options.yes ?? false))) return EXIT.interrupted;
  const result =
    options.source === undefined
      ? await requestCancel(session, source, { idempotencyKey, tenant, reason, generation }, signal)
      : await cancelAsOperator(context, record, { by, reason });
  const { outcome } = (await session.ledger.readChange(record.ref)) ?? record;
  if (result.result === 'settled') terminal.say('It cannot be cancelled, because it is complete:');
  if (outcome === undefined) terminal.say(result.sentence);
  else for (const line of outcomeLines(outcome, terminal)) terminal.say(line);
  terminal.document({ ...record.ref, result: result.result, outcome: outcome ?? null });
  return EXIT_OF_RESULT[result.result];
};

/** Without `--source` the webhook is asked, and takes back changes of the CLI's own source only. */
function foreignChangeError({ idempotencyKey, source }: ChangeRecord['ref']): OpsError {
  const sentence = `"${idempotencyKey}" was submitted by source "${source}", not by the CLI.`;
  const remedy = `Add --source ${source} to cancel it as an operator, or withdraw the approval on the ticket.`;
  return new OpsError(EXIT.usage, 'foreign-change', sentence, remedy);
}

const EXIT_OF_RESULT: Record<CancelResult['result'], ExitCode> = {
  cancelled: EXIT.ok,
  settled: EXIT.failed,
  retried: EXIT.failed,
  'under-way': EXIT.failed,
  unknown: EXIT.notFound,
};
