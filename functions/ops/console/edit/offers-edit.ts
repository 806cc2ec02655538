import type { SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { checkTicket } from '../../commands/drift/plan-offer.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { OpsSession } from '../../session/compose.ts';

/**
 * An edited change is one of the operator's own: it is sent as the source that the command line sends as, whose grants and
 * guards decide, under a ticket that the person names, and it carries no approval of the change as it was.
 */
export type EditOffer = { source: string; configured: SourceConfiguration };

/** The source that an edited change is sent as. Throws an `OpsError` that says why it cannot be. */
export function editOffer({ target, configuration }: OpsSession): EditOffer {
  const { source } = target;
  const configured = lookup(configuration.sources, source);
  const refuse = (sentence: string, remedy: string) => new OpsError(EXIT.failed, 'edit-not-offered', sentence, remedy);
  if (configured === undefined) {
    const sentence = `Edited changes are sent as source "${source}", which the settings do not name.`;
    throw refuse(sentence, 'Add it to the settings, or have the ticket corrected and approved again.');
  }
  if (configured.approval === undefined) return { source, configured };
  const sentence = `Edited changes are sent as source "${source}", which takes nothing but approved tickets.`;
  throw refuse(sentence, 'Have the ticket corrected and approved again.');
}

/**
 * The ticket that stands for an edited change. Throws an `OpsError` for the one under which the change was approved as it was:
 * its approval is none of another change (docs/approvals.md).
 */
export function ticketForEdit(ticket: string, { ref, ticket: old }: ChangeRecord, { source }: EditOffer): string {
  const checked = checkTicket(ticket);
  if (checked.toLowerCase() !== old.id.toLowerCase() || ref.source === source) return checked;
  const sentence = `The approval of ${old.id} is for the change as it was.`;
  const remedy = `Name the ticket that approves the edited change. Or correct ${old.id} itself and have it approved again: then the change comes by itself.`;
  throw new OpsError(EXIT.usage, 'approval-of-other-change', sentence, remedy);
}
