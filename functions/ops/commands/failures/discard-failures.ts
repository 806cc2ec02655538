import { dismissedBy } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { askReason } from '../../input/decision-options.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { exitIncomplete, warnUnreadable } from '../../output/unreadable.ts';
import type { OpsCommand } from '../../session/command.ts';
import { dismissFailures } from './act-on-failures.ts';
import { type Filters, selectFailures } from './select-failures.ts';
import { nameFailure, reportNoFailures, showFailures } from './show-failures.ts';

type DiscardOptions = Filters & { all?: boolean; by: string; reason?: string; dryRun?: boolean; yes?: boolean };

/** Says why a change that was named is left out. */
function noFailure({ ref, discarded, outcome, state }: ChangeRecord): string {
  const now =
    discarded === undefined ? (outcome?.kind ?? state) : `already dismissed by ${visible(dismissedBy(discarded), 600)}`;
  return asSentence(`${visible(ref.idempotencyKey)} is not a failure: ${now}`);
}

/** Previews, asks for confirmation, and dismisses what the preview showed. */
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
  const reason = await askReason(terminal, options.reason);
  const question = `Dismiss ${chosen.length === 1 ? 'this failure' : `these ${chosen.length} failures`}?`;
  if (!(await terminal.confirm(question, options.yes ?? false))) return EXIT.interrupted;
  const done = await dismissFailures(context, chosen, { by: options.by, reason });
  terminal.say(
    `${done.length} dismissed${done.length < chosen.length ? '; the others were handled in the meantime' : ''}`,
  );
  terminal.document({ discarded: done.map(nameFailure) });
  return exitIncomplete(EXIT.ok, unreadable);
};
