import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { discardChange } from '../../../../shared/ledger/redrive-change.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { exitIncomplete, warnUnreadable } from '../../output/unreadable.ts';
import type { OpsCommand } from '../../session/command.ts';
import { type Filters, selectFailures } from './select-failures.ts';
import { drainFailures, nameFailure, reportNoFailures, showFailures } from './show-failures.ts';

type DiscardOptions = Filters & { all?: boolean; by: string; dryRun?: boolean; yes?: boolean };

/** Previews, asks for confirmation, and discards one by one, each only at the generation that the preview showed. */
export const discard: OpsCommand<DiscardOptions> = async ({ session, terminal }, options, ...keys) => {
  const unreadable: UnreadableRecord[] = [];
  const selected = await selectFailures(session, options, (one) => unreadable.push(one), keys);
  const chosen = selected.filter((record) => record.failed);
  warnUnreadable(terminal, unreadable);
  showFailures(terminal, chosen);
  if (chosen.length === 0) return exitIncomplete(reportNoFailures(terminal), unreadable);
  if (options.dryRun) {
    terminal.document({ discarded: [], wouldDiscard: chosen.map(nameFailure) });
    return exitIncomplete(EXIT.ok, unreadable);
  }
  const question = `Discard ${chosen.length === 1 ? 'this failure' : `these ${chosen.length} failures`} for good?`;
  if (!(await terminal.confirm(question, options.yes ?? false))) return EXIT.interrupted;
  const done: ChangeRecord[] = [];
  for (const record of chosen) {
    const { changed } = await discardChange(session, record.ref, record.generation, options.by);
    if (changed) done.push(record);
  }
  await drainFailures(session, terminal, chosen);
  terminal.say(
    `${done.length} discarded${done.length < chosen.length ? ', the others were dealt with meanwhile' : ''}`,
  );
  terminal.document({ discarded: done.map(nameFailure) });
  return exitIncomplete(EXIT.ok, unreadable);
};
