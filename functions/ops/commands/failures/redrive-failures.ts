import type { RedriveDecision } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { previewRedrives } from '../../../../shared/ledger/preview-redrive.ts';
import { findDependents, redriveChange } from '../../../../shared/ledger/redrive-change.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { describeRequest } from '../../output/describe-change.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import { exitIncomplete, warnUnreadable } from '../../output/unreadable.ts';
import type { CommandContext, OpsCommand } from '../../session/command.ts';
import { changesConcerned, recordAct } from '../../session/record-act.ts';
import { type Filters, selectFailures } from './select-failures.ts';
import { drainFailures, nameFailure, reportNoFailures, retryOf } from './show-failures.ts';

type Options = Filters & {
  all?: boolean;
  acceptStale?: boolean;
  withDependents?: boolean;
  dryRun?: boolean;
  yes?: boolean;
};

type Row = { record: ChangeRecord; decision: RedriveDecision };

/**
 * Previews, asks for confirmation, and redrives one by one, each only at the generation that the preview showed
 * (docs/architecture.md#redrive).
 */
export const redrive: OpsCommand<Options> = async (context, options, ...keys) => {
  const { session, terminal } = context;
  const unread = new Map<string, UnreadableRecord>();
  const take = (one: UnreadableRecord) => void unread.set(one.key, one);
  const selected = await selectFailures(session, options, take, keys);
  const chosen = options.withDependents ? await findDependents(session.ledger, selected, take) : selected;
  const unreadable = [...unread.values()];
  warnUnreadable(terminal, unreadable);
  if (chosen.length === 0) return exitIncomplete(reportNoFailures(terminal), unreadable);
  const acceptStale = options.acceptStale ?? false;
  const preview: Row[] = await previewRedrives(session, chosen, { acceptStale });
  const ready = preview.filter(({ decision }) => decision.kind === 'reopen' || decision.kind === 'supersede');
  show(terminal, preview, 'preview');
  if (options.dryRun || ready.length === 0) return exitIncomplete(report(terminal, preview, true), unreadable);
  if (!(await terminal.confirm(question(ready), options.yes ?? false))) return EXIT.interrupted;
  const details = { ...changesConcerned(ready.map(({ record }) => record)), acceptStale };
  const run = () => redriveAll(context, ready, acceptStale);
  const redriven = await recordAct(context, 'failures redrive', details, run, firstRefusal);
  const done = [...preview.filter((row) => !ready.includes(row)), ...redriven];
  await drainFailures(
    session,
    terminal,
    done.filter(({ decision }) => decision.kind !== 'refused').map((row) => row.record),
  );
  show(terminal, done, 'result');
  return exitIncomplete(report(terminal, done, false), unreadable);
};

async function redriveAll(
  { session, terminal, signal }: CommandContext,
  ready: readonly Row[],
  acceptStale: boolean,
): Promise<Row[]> {
  const done: Row[] = [];
  for (const { record } of ready) {
    signal.throwIfAborted();
    terminal.progress(`retrying ${record.ref.idempotencyKey} …`);
    done.push({ record, decision: await redriveChange(session, record.ref, record.generation, { acceptStale }) });
  }
  return done;
}

function firstRefusal(rows: readonly Row[]): string | undefined {
  for (const { decision } of rows) if (decision.kind === 'refused') return decision.refusal.code;
  return undefined;
}

function question(ready: readonly Row[]): string {
  const stale = ready.filter(({ decision }) => decision.kind === 'supersede').length;
  const end = stale === 0 ? '' : ` (${stale} of them will be closed as superseded)`;
  return `Retry ${ready.length === 1 ? 'this change' : `these ${ready.length} changes`}${end}?`;
}

function show(terminal: Terminal, rows: readonly Row[], verb: string): void {
  terminal.table(
    ['change', 'retry', 'request', verb, 'reason'],
    rows.map(({ record, decision }) => [
      record.ref.idempotencyKey,
      retryOf(record),
      describeRequest(record.change).slice(0, 60),
      decisionCell(decision, terminal),
      reasonFor(decision),
    ]),
  );
}

function decisionCell({ kind }: RedriveDecision, { colours }: Terminal): Cell {
  if (kind === 'reopen') return { text: 'retried', colour: colours.green };
  if (kind === 'supersede') return { text: 'superseded', colour: colours.yellow };
  return kind === 'already' ? 'already retried' : { text: 'not retried', colour: colours.red };
}

function reasonFor(decision: RedriveDecision): string {
  if (decision.kind === 'supersede') return `${decision.staleness.by} has since changed ${decision.staleness.what}`;
  if (decision.kind === 'already') return `already at retry ${decision.record.generation - 1}`;
  return decision.kind === 'refused' ? `${decision.refusal.sentence} ${decision.refusal.remedy}` : '';
}

function report(terminal: Terminal, rows: readonly Row[], preview: boolean): ExitCode {
  terminal.document({
    preview,
    changes: rows.map(({ record, decision }) => ({
      ...nameFailure(record),
      result: decision.kind,
      ...(decision.kind === 'refused' && { refusal: decision.refusal }),
      ...(decision.kind === 'supersede' && { staleness: decision.staleness }),
    })),
  });
  return rows.some(({ decision }) => decision.kind === 'refused') ? EXIT.failed : EXIT.ok;
}
