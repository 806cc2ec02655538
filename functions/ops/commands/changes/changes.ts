import { type Command, InvalidArgumentError } from 'commander';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { type ChosenOutcome, OUTCOME_WORDS, outcomeNamed, rowOf } from '../../changes/change-row.ts';
import { type ChangeFilters, createMatcher } from '../../changes/matcher.ts';
import { createNewest } from '../../changes/newest.ts';
import { showChanges } from '../../output/change-table.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { exitIncomplete } from '../../output/unreadable.ts';
import { warnUnknownSource } from '../../session/choose.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../../session/command.ts';
import { lanesOfTenant } from '../../session/lanes.ts';
import { forEachOpenChange } from '../../session/open-changes.ts';

type Options = Omit<ChangeFilters, 'text'> & { limit: string; page: string };

const HELP = `
Sorted by the time when a change was settled or, while it is open, accepted. Reads
every change that the ledger keeps of the tenants, which takes a while if there are
many. Quicker: --outcome open (or scheduled) reads open changes only, and
\`failures list\` only the rejected ones that wait for a decision.
Examples:
  zpa-changes changes list --tenant acme-prod --since 2026-11-30
  zpa-changes changes list --group "Remote Access" --outcome rejected
  zpa-changes changes list --ticket CHG0031337 --json`;

/** Adds the command `changes` with its subcommand. */
export function addChanges(program: Command, bind: BindCommand): void {
  const changes = program.command('changes').summary('list changes of all tenants, open and settled');
  changes
    .command('list')
    .description('Lists changes, newest first.')
    .option('--ticket <id>', 'changes of this ticket')
    .option('--group <text>', 'changes of groups with this id, or with this text in the name')
    .option('--tenant <name>', 'changes of this tenant')
    .option('--source <name>', 'changes from this source')
    .option('--outcome <kind>', `changes with this outcome: ${OUTCOME_WORDS.join(', ')}`, readOutcome)
    .option('--since <date>', 'changes settled or accepted at this time or later: 2027-01-15 or 2027-01-15T09:00:00Z')
    .option('--until <date>', 'changes settled or accepted before this time')
    .option('--limit <count>', 'changes on a page', '50')
    .option('--page <number>', 'number of the page to show', '1')
    .addHelpText('after', HELP)
    .action(bind(list));
}

const list: OpsCommand<Options> = async (context, options) => {
  const { terminal } = context;
  const limit = countOf('--limit', options.limit);
  const page = countOf('--page', options.page);
  const { total, read, newest, unreadable } = await select(context, options, limit * page);
  const shown = newest.slice(limit * (page - 1));
  showChanges(terminal, shown, unreadable);
  terminal.say(terminal.colours.dim(summaryOf({ total, read, limit, page, shown: shown.length })));
  if (total === 0) warnUnknownSource(terminal, context.session.configuration, options.source);
  terminal.document({ total, read, page, changes: shown, unreadable });
  return exitIncomplete(EXIT.ok, unreadable);
};

function readOutcome(text: string): ChosenOutcome {
  const outcome = outcomeNamed(text);
  if (outcome !== undefined) return outcome;
  throw new InvalidArgumentError(`Allowed choices are ${OUTCOME_WORDS.join(', ')}.`);
}

type Counts = { total: number; read: number; shown: number; limit: number; page: number };

/** Says which of the changes are shown, or why none is, and what to do next. */
function summaryOf({ total, read, shown, limit, page }: Counts): string {
  if (read === 0) return 'No change yet. Send one: zpa-changes submit FILE.';
  if (total === 0) return `No change matches, of ${read} read. Leave a filter out to see more.`;
  const count = `${formatCount(total, 'change')}, ${read} read`;
  if (shown === 0) return `Page ${page} is after the last one, ${Math.ceil(total / limit)}: ${count}.`;
  const first = limit * (page - 1) + 1;
  const more = total > limit * page ? `; the next with --page ${page + 1}` : '';
  return `${shown === 1 ? first : `${first} to ${first + shown - 1}`} of ${count}${more}`;
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new OpsError(EXIT.usage, 'bad-option', `${option} ${text} is not a count.`, `For example: ${option} 2`);
}

const REPORT_EVERY = 1000;

/** The newest `most` changes that match, and how many match of how many that were read. */
async function select(context: CommandContext, filters: ChangeFilters, most: number) {
  const { session, terminal, signal } = context;
  const matches = createMatcher(filters);
  const newest = createNewest(most);
  const unreadable: UnreadableRecord[] = [];
  let [total, read] = [0, 0];
  for (const [lane, tenants] of await lanesOfTenant(session, filters.tenant)) {
    const report = () =>
      terminal.progress(`reading the changes of ${tenants.join(', ')}: ${read} read, ${total} match …`);
    const take = (record: ChangeRecord) => {
      signal.throwIfAborted();
      read += 1;
      if (read % REPORT_EVERY === 0) report();
      const row = rowOf(record);
      if (!matches(row)) return;
      total += 1;
      newest.add(row, record);
    };
    report();
    if (filters.outcome === 'open' || filters.outcome === 'scheduled') {
      const onUnreadable = (key: string) => unreadable.push({ key, why: 'it cannot be read' });
      await forEachOpenChange(session.ledger, lane, take, onUnreadable);
    } else {
      for await (const record of session.ledger.listChanges(lane, (one) => unreadable.push(one))) take(record);
    }
  }
  return { total, read, newest: newest.list(), unreadable };
}
