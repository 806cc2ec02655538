import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { discardChange } from '../../../../shared/ledger/redrive-change.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { exitIncomplete, warnUnreadable } from '../../output/unreadable.ts';
import type { OpsCommand } from '../../session/command.ts';
import { changesConcerned, recordAct } from '../../session/record-act.ts';
import { type Filters, selectFailures } from './select-failures.ts';
import { drainFailures, nameFailure, reportNoFailures, showFailures } from './show-failures.ts';

type DiscardOptions = Filters & { all?: boolean; by: string; dryRun?: boolean; yes?: boolean };

/** Says why a change that was named is left out. */
function noFailure({ ref, discarded, outcome, state }: ChangeRecord): string {
  const now = discarded === undefined ? (outcome?.kind ?? state) : `already dismissed by ${visible(discarded.by)}`;
  return `${visible(ref.idempotencyKey)} is not a failure: ${now}.`;
}

/** Previews, asks for confirmation, and discards one by one, each only at the generation that the preview showed. */
export const discard: OpsCommand<DiscardOptions> = async (context, options, ...keys) => {
  const { session, terminal } = context;
  const unreadable: UnreadableRecord[] = [];
  const selected = await selectFailures(session, options, (one) => unreadable.push(one), keys);
  const chosen = selected.filter((record) => record.failed);
  warnUnreadable(terminal, unreadable);
  showFailures(terminal, chosen);
  for (const record of selected.filter(({ failed }) => !failed)) terminal.say(noFailure(record));
  if (chosen.length === 0) return exitIncomplete(reportNoFailures(terminal, keys.length > 0), unreadable);
  if (options.dryRun) {
    terminal.document({ discarded: [], wouldDiscard: chosen.map(nameFailure) });
    return exitIncomplete(EXIT.ok, unreadable);
  }
  const question = `Dismiss ${chosen.length === 1 ? 'this failure' : `these ${chosen.length} failures`}?`;
  if (!(await terminal.confirm(question, options.yes ?? false))) return EXIT.interrupted;
  const done: ChangeRecord[] = [];
  const run = async () => {
    for (const record of chosen) {
      const { changed } = await discardChange(session, record.ref, record.generation, options.by);
      if (changed) done.push(record);
    }
  };
  const details = { ...changesConcerned(chosen), by: options.by };
  await recordAct(context, 'failures dismiss', details, run, () =>
    done.length < chosen.length ? 'failure-changed' : undefined,
  );
  await drainFailures(session, terminal, chosen);
  terminal.say(
    `${done.length} dismissed${done.length < chosen.length ? '; the others were handled in the meantime' : ''}`,
  );
  terminal.document({ discarded: done.map(nameFailure) });
  return exitIncomplete(EXIT.ok, unreadable);
};
