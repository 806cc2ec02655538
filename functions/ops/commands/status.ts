import type { Command } from 'commander';
import { type LaneStanding, laneStanding, standingOfChange } from '../../../shared/domain/notice/lane-standing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import type { UnreadableRecord } from '../../../shared/ports/ports.ts';
import { showChanges } from '../output/change-table.ts';
import { changeLines, detailLine, formatTime } from '../output/describe-change.ts';
import { EXIT, type ExitCode, exitOfChanges, OpsError } from '../output/exit-codes.ts';
import { exitIncomplete } from '../output/unreadable.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../session/command.ts';
import type { OpsSession } from '../session/compose.ts';
import { findChange, findTicketChanges, type KeyOptions } from '../session/find-change.ts';

type Options = KeyOptions & { ticket?: string; watch?: boolean };

const HELP = `
Exit code 6 while the change, or one of the ticket, is open. Then 0 if all are
applied or unchanged, otherwise 1.
Examples:
  zpa-changes status CHG0031337/1@APPR0007
  zpa-changes status --ticket CHG0031337 --watch`;

/** Adds the command `status`. */
export function addStatus(program: Command, bind: BindCommand): void {
  program
    .command('status')
    .summary('show where a change, or a ticket, stands')
    .description('Shows a change, or all changes of a ticket: what they wait for and how they ended.')
    .argument('[key]', 'key of the change, or its beginning: a ticket or a line of it')
    .option('--ticket <id>', 'all changes of this ticket instead, as a table')
    .option('--watch', 'wait until all are settled, and say what they wait for')
    .option('--source <name>', 'source of the change, if several use the same key')
    .option('--tenant <name>', 'tenant of the change, if several use the same key')
    .addHelpText('after', HELP)
    .action(bind(status));
}

const status: OpsCommand<Options> = async (context, options, key) => {
  const { session } = context;
  const { ticket, watch = false } = options;
  if (ticket === undefined && key !== undefined) {
    const read = async () => [await findChange(session, key, options)];
    const [record] = watch ? await watchUntilSettled(context, read) : await read();
    return record === undefined ? EXIT.notFound : await showChange(context, record);
  }
  if (ticket === undefined || key !== undefined) throw usageError();
  let unreadable: UnreadableRecord[] = [];
  const read = async () => {
    const found = await findTicketChanges(session, ticket, options);
    unreadable = found.unreadable;
    return found.records;
  };
  const records = watch ? await watchUntilSettled(context, read) : await read();
  showChanges(context.terminal, records, unreadable);
  context.terminal.document({ ticket, changes: records, unreadable });
  return exitIncomplete(exitOfChanges(records), unreadable);
};

function usageError(): OpsError {
  const sentence = 'Name either the key of a change or a ticket.';
  return new OpsError(EXIT.usage, 'bad-option', sentence, 'For example: status --ticket CHG0031337');
}

async function showChange({ session, terminal }: CommandContext, record: ChangeRecord): Promise<ExitCode> {
  const isQueued = record.state !== 'settled' && record.state !== 'scheduled';
  const standing = isQueued ? await standingOf(session, record) : undefined;
  for (const line of changeLines(record, terminal)) terminal.say(line);
  for (const line of standingLines(standing)) terminal.say(line);
  terminal.document({ ...record, ...(standing !== undefined && { lane: standing }) });
  return exitOfChanges([record]);
}

const POLL_MS = 1000;

/**
 * Reads again until all are settled; between, reads the first open one alone, because `read` asks every tenant and source. Says
 * what they wait for, each time that this is another.
 */
async function watchUntilSettled(
  { session, terminal, signal }: CommandContext,
  read: () => Promise<ChangeRecord[]>,
): Promise<ChangeRecord[]> {
  for (let said = ''; ; ) {
    const records = await read();
    let [first, ...others] = records.filter(({ state }) => state !== 'settled');
    if (first === undefined) return records;
    while (first !== undefined && first.state !== 'settled') {
      const line = await waitingLine(session, first, others.length + 1, records.length);
      if (line !== said) terminal.progress(line);
      said = line;
      await session.clock.sleep(POLL_MS, signal);
      first = await session.ledger.readChange(first.ref);
    }
  }
}

async function waitingLine(session: OpsSession, first: ChangeRecord, open: number, all: number): Promise<string> {
  const count = all === 1 ? '' : `${open} of ${formatCount(all, 'change')} open; `;
  if (first.state === 'scheduled') return visible(`${count}${first.ref.idempotencyKey} waits for its time`, 600);
  const { state, note, nextAt } = await standingOf(session, first);
  const lane = note === '' ? state : `${state}: ${asSentence(note)}`;
  const next = nextAt === undefined ? '' : ` Next attempt ${formatTime(nextAt)}.`;
  return visible(`${count}${first.ref.idempotencyKey} is ${first.state}; its lane is ${lane}${next}`, 600);
}

/** Finds the reason that holds the change up: its own error, or the one of its lane. A scheduled change is not in its lane yet. */
async function standingOf({ ledger, clock }: OpsSession, record: ChangeRecord): Promise<LaneStanding> {
  const lane = await ledger.readLane(record.ref.lane);
  return standingOfChange(lane, record, clock.now()) ?? laneStanding(lane, 1, clock.now());
}

function standingLines(standing: LaneStanding | undefined): string[] {
  if (standing === undefined) return [];
  const { state, note, tries, nextAt } = standing;
  return [
    detailLine('lane now', note === '' ? state : `${state}: ${visible(asSentence(note), 600)}`),
    ...(tries === undefined ? [] : [detailLine('failed', tries > 1 ? `${tries} attempts in a row` : '1 attempt')]),
    ...(nextAt === undefined ? [] : [detailLine('next', formatTime(nextAt))]),
  ];
}
