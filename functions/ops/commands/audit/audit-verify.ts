import type { Command } from 'commander';
import { ACTS_BEGIN, keyOfLine, OUTCOMES_BEGIN } from '../../../../shared/domain/audit/audit-key.ts';
import type { OutcomeLine } from '../../../../shared/domain/audit/audit-line.ts';
import { agrees, type Days, expectedLines, mayBeForgotten } from '../../../../shared/domain/audit/compare-trail.ts';
import { outcomesOf } from '../../../../shared/domain/audit/outcome-line.ts';
import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { AuditReader } from '../../../../shared/ports/audit-trail.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import { exitIncomplete, warnUnreadable } from '../../output/unreadable.ts';
import { openTrail, readDays, readTrail } from '../../session/audit.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { allLanes } from '../../session/lanes.ts';

const HELP = `
Exit code 1 if an outcome has no line, a line has no outcome, or a line is not
what was written. What this can prove, and what not: docs/audit.md.
Example:
  zpa-changes audit verify --from 2026-11-01 --to 2026-11-30`;

/** Adds the command `audit verify`. */
export function addAuditVerify(audit: Command, bind: BindCommand): void {
  audit
    .command('verify')
    .description('Compares the audit trail of some days with the ledger, and each line with its digest.')
    .requiredOption('--from <day>', 'first day, for example 2026-11-01')
    .requiredOption('--to <day>', 'last day')
    .addHelpText('after', HELP)
    .action(bind(verify));
}

/**
 * `missing`: an outcome of the ledger without a line. `altered`: content that is not that of the digest. `malformed`: no line.
 * `misplaced`: a line under another key than its own. `differs`: another outcome than the ledger's. `unexpected`: a line of
 * an outcome that the ledger should have and has not.
 */
type Fault = { key: string; fault: 'missing' | 'altered' | 'malformed' | 'misplaced' | 'differs' | 'unexpected' };

type Stored = { lines: Map<string, OutcomeLine>; faults: Fault[]; acts: number };

/** `forgotten`: keys of lines whose outcome the ledger may have had. */
type Verified = Days & {
  outcomes: number;
  faults: Fault[];
  underWay: number;
  forgotten: string[];
  acts: number;
  unreadable: UnreadableRecord[];
};

const verify: OpsCommand<{ from: string; to: string }> = async ({ session, terminal, processContext }, options) => {
  const days = readDays(options);
  terminal.progress('reading the audit trail …');
  const stored = await readStored(openTrail(session.target, processContext.env), days);
  terminal.progress('reading the ledger …');
  const verified = await compareWithLedger(session, stored, days);
  warnUnreadable(terminal, verified.unreadable);
  show(terminal, verified);
  terminal.document(verified);
  return exitIncomplete(verified.faults.length === 0 ? EXIT.ok : EXIT.failed, verified.unreadable);
};

async function compareWithLedger(session: OpsSession, { lines, faults, acts }: Stored, days: Days): Promise<Verified> {
  const faulty = new Set(faults.map(({ key }) => key));
  const unreadable: UnreadableRecord[] = [];
  const oldest = new Map<string, number>();
  let [outcomes, underWay] = [0, 0];
  for await (const record of allChanges(session, (one) => unreadable.push(one))) {
    oldest.set(refKey(record.ref), outcomesOf(record)[0]?.generation ?? record.generation);
    for (const { key, line, isUnderWay } of expectedLines(record, days, session.clock.now())) {
      outcomes += 1;
      const stored = lines.get(key);
      lines.delete(key);
      if (stored !== undefined && !agrees(stored, line)) faults.push({ key, fault: 'differs' });
      if (stored !== undefined || faulty.has(key)) continue;
      if (isUnderWay) underWay += 1;
      else faults.push({ key, fault: 'missing' });
    }
  }
  const keptSince = session.clock.now() - session.timing.settledKeptMs;
  const forgotten: string[] = [];
  for (const [key, line] of lines) {
    const change = refKey(line.ref);
    const isUnread = unreadable.some((one) => one.key.endsWith(change));
    if (isUnread || mayBeForgotten(line, oldest.get(change), keptSince)) forgotten.push(key);
    else faults.push({ key, fault: 'unexpected' });
  }
  return { ...days, outcomes, faults, underWay, forgotten, acts, unreadable };
}

function show(terminal: Terminal, { outcomes, faults, underWay, forgotten, acts }: Verified): void {
  if (faults.length > 0)
    terminal.table(
      ['fault', 'line'],
      faults.map(({ fault, key }) => [{ text: fault, colour: terminal.colours.red }, key]),
    );
  const counts = [
    `${formatCount(outcomes, 'outcome')} in the ledger`,
    formatCount(faults.length, 'fault'),
    `${underWay} on their way`,
    `${formatCount(forgotten.length, 'line')} of outcomes that the ledger no longer has`,
    `${formatCount(acts, 'line')} of acts`,
  ];
  terminal.say(counts.join(' · '));
}

async function readStored(trail: AuditReader, days: Days): Promise<Stored> {
  const stored: Stored = { lines: new Map(), faults: [], acts: 0 };
  for await (const { key, read } of readTrail(trail, [OUTCOMES_BEGIN, ACTS_BEGIN], days)) {
    if (read.kind !== 'line') stored.faults.push({ key, fault: read.kind });
    else if (keyOfLine(read.line) !== key) stored.faults.push({ key, fault: 'misplaced' });
    else if (read.line.kind === 'act') stored.acts += 1;
    else stored.lines.set(key, read.line);
  }
  return stored;
}

/** Every change that the ledger has, of whatever source and tenant: a list of these could be incomplete. */
async function* allChanges(
  session: OpsSession,
  onUnreadable: (one: UnreadableRecord) => void,
): AsyncIterable<ChangeRecord> {
  for (const lane of (await allLanes(session)).keys()) yield* session.ledger.listChanges(lane, onUnreadable);
}
