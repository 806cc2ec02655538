import type { RedriveDecision } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { describeRecord } from '../../output/describe-request.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import { exitIncomplete, warnUnreadable } from '../../output/unreadable.ts';
import type { OpsCommand } from '../../session/command.ts';
import { isReady, previewRetry, type RetryRow, retryFailures } from './act-on-failures.ts';
import { type Filters, selectFailures } from './select-failures.ts';
import { nameFailure, reportNoFailures, retryOf } from './show-failures.ts';

type Options = Filters & {
  all?: boolean;
  acceptStale?: boolean;
  withDependents?: boolean;
  dryRun?: boolean;
  yes?: boolean;
};

/** Previews, asks for confirmation, and retries what the preview showed. */
export const redrive: OpsCommand<Options> = async (context, options, ...keys) => {
  const { session, terminal } = context;
  const unread = new Map<string, UnreadableRecord>();
  const take = (one: UnreadableRecord) => void unread.set(one.key, one);
  const selected = await selectFailures(session, options, take, keys);
  const acceptStale = options.acceptStale ?? false;
  const how = { acceptStale, withDependents: options.withDependents ?? false };
  const preview = await previewRetry(session, selected, how, take);
  const unreadable = [...unread.values()];
  warnUnreadable(terminal, unreadable);
  if (preview.length === 0) return exitIncomplete(reportNoFailures(terminal), unreadable);
  const ready = preview.filter(isReady);
  show(terminal, preview, 'preview');
  if (options.dryRun || ready.length === 0) return exitIncomplete(report(terminal, preview, true), unreadable);
  if (!(await terminal.confirm(question(ready), options.yes ?? false))) return EXIT.interrupted;
  const done = await retryFailures(context, preview, acceptStale);
  show(terminal, done, 'result');
  return exitIncomplete(report(terminal, done, false), unreadable);
};

function question(ready: readonly RetryRow[]): string {
  const stale = ready.filter(({ decision }) => decision.kind === 'supersede').length;
  const end = stale === 0 ? '' : ` (${stale} of them will be closed as replaced)`;
  return `Retry ${ready.length === 1 ? 'this change' : `these ${ready.length} changes`}${end}?`;
}

function show(terminal: Terminal, rows: readonly RetryRow[], verb: string): void {
  terminal.table(
    ['change', 'retry', 'request', verb, 'reason'],
    rows.map(({ record, decision }) => [
      record.ref.idempotencyKey,
      retryOf(record),
      describeRecord(record).slice(0, 60),
      decisionCell(decision, terminal),
      reasonFor(decision),
    ]),
  );
}

function decisionCell({ kind }: RedriveDecision, { colours }: Terminal): Cell {
  if (kind === 'reopen') return { text: 'retried', colour: colours.green };
  if (kind === 'supersede') return { text: 'replaced', colour: colours.yellow };
  return kind === 'already' ? 'already retried' : { text: 'not retried', colour: colours.red };
}

function reasonFor(decision: RedriveDecision): string {
  if (decision.kind === 'supersede') return `${decision.staleness.by} has since changed ${decision.staleness.what}`;
  if (decision.kind === 'already') return `already at retry ${decision.record.generation - 1}`;
  return decision.kind === 'refused' ? `${decision.refusal.sentence} ${decision.refusal.remedy}` : '';
}

function report(terminal: Terminal, rows: readonly RetryRow[], preview: boolean): ExitCode {
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
