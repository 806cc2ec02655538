import type { Command } from 'commander';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { byOption, reasonOption } from '../../input/decision-options.ts';
import { changeLines, stateWord } from '../../output/describe-change.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { showDetails } from '../../output/show-details.ts';
import { exitIncomplete } from '../../output/unreadable.ts';
import { warnUnknownSource } from '../../session/choose.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { findChange, type KeyOptions } from '../../session/find-change.ts';
import { discard } from './discard-failures.ts';
import { redrive } from './redrive-failures.ts';
import { type Filters, selectFailures } from './select-failures.ts';
import { showFailures } from './show-failures.ts';

/** Adds the command `failures` with its subcommands. */
export function addFailures(program: Command, bind: BindCommand): void {
  const failures = program
    .command('failures')
    .summary('list rejected changes; retry or dismiss them')
    .description('Rejected changes that wait for an operator: retry or dismiss them.')
    .addHelpText('after', HELP);
  addFilters(failures.command('list').description('Lists failures, oldest first.'))
    .option('--limit <count>', 'maximum number of rows', '100')
    .action(bind(list));
  failures
    .command('show')
    .description('Shows one failure: reason, remedy, ZPA error, ticket, earlier attempts.')
    .argument('<key>', 'idempotency key')
    .option('--source <name>', 'source of the change, if several use the same key')
    .option('--tenant <name>', 'tenant of the change, if several use the same key')
    .action(bind(show));
  addFilters(failures.command('retry').alias('redrive').description('Retries failures after a preview.'))
    .argument('[keys...]', 'idempotency keys (or use filters, or --all)')
    .option('--all', 'all failures')
    .option('--accept-stale', 'also retry where a newer change affects the same group or application segment')
    .option('--with-dependents', 'also retry changes of the same ticket that were skipped because of them, in order')
    .option('--dry-run', 'preview only')
    .option('--yes', 'do not ask')
    .addHelpText('after', RETRY_HELP)
    .action(bind(redrive));
  addFilters(
    failures
      .command('dismiss')
      .alias('discard')
      .description('Dismisses failures: they are no longer listed and never applied.'),
  )
    .argument('[keys...]', 'idempotency keys (or use filters, or --all)')
    .option('--all', 'all failures')
    .addOption(reasonOption('why, for the record; asked for on a terminal'))
    .addOption(byOption())
    .option('--dry-run', 'preview only')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExample:\n  zpa-changes failures dismiss --code group-exists --older-than 30d --reason "made by hand"',
    )
    .action(bind(discard));
}

const HELP = `
Examples:
  zpa-changes failures list --newer-than 1d
  zpa-changes failures show CHG0031337/1@APPR0007
  zpa-changes failures retry --code group-in-use --dry-run
  zpa-changes failures dismiss CHG0031337/1@APPR0007 --reason "sent again"`;

const RETRY_HELP = `
Only the failures shown in the preview are retried. If somebody else retried one
in the meantime, nothing is applied twice. A failure with a newer change to the same
group or application segment is closed as replaced, unless --accept-stale is given.
Examples:
  zpa-changes failures retry CHG0031337/1@APPR0007
  zpa-changes failures retry CHG0031337/1@APPR0007 --with-dependents
  zpa-changes failures retry --code group-in-use --newer-than 2d --yes`;

function addFilters(command: Command): Command {
  return command
    .option('--code <code>', 'rejection code, for example group-in-use')
    .option('--tenant <name>', 'tenant of the change')
    .option('--source <name>', 'source of the change')
    .option('--ticket <id>', 'ticket of the change')
    .option('--group <text>', 'group id, or text in the group name')
    .option('--newer-than <age>', 'rejected within this time, for example 90m, 2h, 3d')
    .option('--older-than <age>', 'rejected before this time, for example 3d');
}

const list: OpsCommand<Filters & { limit: string }> = async ({ session, terminal }, options) => {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new OpsError(EXIT.usage, 'bad-option', `--limit ${options.limit} is not a count.`, 'For example: --limit 20');
  }
  const unreadable: UnreadableRecord[] = [];
  const found = await selectFailures(session, options, (one) => unreadable.push(one));
  showFailures(terminal, found.slice(0, limit), unreadable);
  terminal.say(terminal.colours.dim(summaryOf(limit, found.length)));
  if (found.length === 0) warnUnknownSource(terminal, session.configuration, options.source);
  terminal.document({ total: found.length, failures: found.slice(0, limit), unreadable });
  return exitIncomplete(EXIT.ok, unreadable);
};

function summaryOf(limit: number, count: number): string {
  if (count === 0) return 'No failure waits for a decision here. All changes: zpa-changes changes list.';
  if (count <= limit) return formatCount(count, 'failure');
  return `the first ${limit} of ${formatCount(count, 'failure')}; more with --limit ${count}`;
}

const show: OpsCommand<KeyOptions> = async ({ session, terminal }, options, key = '') => {
  const record = await findChange(session, key, options);
  const rejections = [record.outcome, ...record.history].filter((outcome) => outcome?.kind === 'rejected');
  if (rejections.length === 0) {
    const sentence = `The change "${key}" was never rejected; it is ${stateWord(record)}.`;
    throw new OpsError(EXIT.notFound, 'not-a-failure', sentence, 'Show it with `status`.');
  }
  for (const line of changeLines(record, terminal)) terminal.say(line);
  if (record.outcome?.kind === 'rejected') showDetails(terminal, record.outcome);
  terminal.document(record);
  return EXIT.ok;
};
