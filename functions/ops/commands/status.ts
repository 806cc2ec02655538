import type { Command } from 'commander';
import { type LaneStanding, laneStanding, standingOfChange } from '../../../shared/domain/notice/lane-standing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { changeLines, detailLine, formatTime } from '../output/describe-change.ts';
import { EXIT } from '../output/exit-codes.ts';
import { findChange, type KeyOptions } from '../session/choose.ts';
import type { BindCommand, OpsCommand } from '../session/command.ts';
import type { OpsSession } from '../session/compose.ts';

const HELP = `
Exit code 0 if the change is applied or unchanged, 1 if it was rejected, 6 while
it is open.
Example:
  zpa-changes status CHG0031337/1@APPR0007`;

/** Adds the command `status`. */
export function addStatus(program: Command, bind: BindCommand): void {
  program
    .command('status')
    .summary('show the status of a change')
    .description('Shows one change: ticket, state, what it waits for, outcome and earlier outcomes.')
    .argument('<key>', 'key of the change, or the start of it, for example the ticket number')
    .option('--source <name>', 'source of the change, if several use the same key')
    .option('--tenant <name>', 'tenant of the change, if several use the same key')
    .addHelpText('after', HELP)
    .action(bind(status));
}

const status: OpsCommand<KeyOptions> = async ({ session, terminal }, options, key = '') => {
  const record = await findChange(session, key, options);
  const standing = record.state === 'settled' ? undefined : await standingOf(session, record);
  for (const line of changeLines(record, terminal)) terminal.say(line);
  for (const line of standingLines(standing)) terminal.say(line);
  terminal.document({ ...record, ...(standing !== undefined && { lane: standing }) });
  if (record.state !== 'settled') return EXIT.open;
  return record.outcome?.kind === 'rejected' ? EXIT.failed : EXIT.ok;
};

/** What holds the change up: its own error, or what its lane waits for. */
async function standingOf({ ledger, clock }: OpsSession, { ref }: ChangeRecord): Promise<LaneStanding> {
  const lane = await ledger.readLane(ref.lane);
  return standingOfChange(lane, ref) ?? laneStanding(lane, 1, clock.now());
}

function standingLines(standing: LaneStanding | undefined): string[] {
  if (standing === undefined) return [];
  const { state, note, tries, nextAt } = standing;
  return [
    detailLine('lane now', note === '' ? state : `${state}: ${visible(asSentence(note), 600)}`),
    ...(tries === undefined ? [] : [detailLine('failed', `${formatCount(tries, 'attempt')} in a row`)]),
    ...(nextAt === undefined ? [] : [detailLine('next', formatTime(nextAt))]),
  ];
}
