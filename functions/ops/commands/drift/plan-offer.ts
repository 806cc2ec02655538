import { setTicket } from '../../../../shared/accept/changes/set-ticket.ts';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import type { SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import type { Decision } from '../../../../shared/domain/decide/decision.ts';
import { type Numbered, numberChanges, type Purpose } from '../../../../shared/domain/drift/resolve/number-changes.ts';
import type { Resolution } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { PlannedForSource } from '../../../../shared/reading/plan-for-source.ts';
import type { RuleReadings } from '../../../../shared/reading/read-rules.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import { type Accepted, deliverChanges } from '../../session/deliver.ts';
import { recordAct } from '../../session/record-act.ts';
import { planOne } from '../plan.ts';

/** The changes that answer findings, or undo others, under a ticket. */
export type Offer = { purpose: Purpose; ticket: string; resolution: Resolution };

/** A generated change, and what the webhook will read in it. */
export type Offered = Numbered & { request: ChangeRequest };

/** A ticket's id as the beginning of keys. Throws an `OpsError` if it cannot be one. */
export function checkTicket(ticket: string): string {
  if (/^[\x21-\x7e]{1,100}$/.test(ticket) && !/[/@]/.test(ticket)) return ticket;
  const sentence = `Ticket ${visible(ticket)} cannot begin the key of a change.`;
  throw new OpsError(EXIT.usage, 'bad-option', sentence, 'Name it by its id alone, for example CHG0031337.');
}

/** The changes with their keys. Throws an `OpsError` if one cannot be stated. */
export function offeredChanges({ session }: CommandContext, { purpose, ticket, resolution }: Offer): Offered[] {
  const source = sourceOf(session);
  return numberChanges(resolution.units, ticket, purpose).map((one) => ({
    ...one,
    request: parsed(one.change, source),
  }));
}

/**
 * Plans a change as the source that the CLI sends as. undefined: it cannot be planned before those before it in its set, or
 * states what was read this minute (a baseline).
 */
export async function planOffered(
  context: CommandContext,
  purpose: Purpose,
  { change: { changeSet }, request }: Offered,
  readings?: RuleReadings,
): Promise<PlannedForSource | undefined> {
  const isFirst = changeSet === undefined || changeSet.onReject === 'continue' || changeSet.index === 1;
  if (purpose === 'baseline' || !isFirst) return undefined;
  context.terminal.progress(`planning ${request.idempotencyKey} …`);
  return planOne(context, context.session.target.source, request, readings);
}

/** Sends the changes, with a line of the audit trail for the person who did. Rejects with `OpsError` as the webhook refuses. */
export async function sendOffered(
  context: CommandContext,
  { purpose, ticket }: Offer,
  offered: readonly Offered[],
): Promise<Accepted> {
  const { session, signal } = context;
  const { source } = session.target;
  const changes = offered.map(({ change }) => change);
  const details = {
    changes: changes.map(({ tenant, idempotencyKey }) => ({ source, tenant, idempotencyKey })),
    tickets: [ticket],
    answers: offered.flatMap(({ answers }) => answers),
  };
  const act = purpose === 'undo' ? 'undo' : `drift ${purpose}`;
  return recordAct(context, act, details, () => deliverChanges(session, source, changes, signal));
}

/** The source that the CLI sends as. Throws an `OpsError` if the settings do not name it. */
function sourceOf({ configuration, target }: CommandContext['session']): SourceConfiguration {
  const source = lookup(configuration.sources, target.source);
  if (source !== undefined) return source;
  const sentence = `The CLI sends as source "${target.source}", which the settings do not name.`;
  throw new OpsError(
    EXIT.usage,
    'which-source',
    sentence,
    'Add it to the settings, or name another one in the target.',
  );
}

/** Reads a change as the webhook of its source does. */
function parsed(change: Numbered['change'], source: SourceConfiguration): ChangeRequest {
  const result = parseChange(setTicket(change, source));
  if (result.ok) return result.change;
  const sentence = result.faults.map((fault) => fault.sentence).join('\n');
  const remedy = 'A change cannot state it. Put it right in ZPA, or by a change of your own.';
  throw new OpsError(EXIT.failed, 'cannot-be-stated', `${change.idempotencyKey}: ${sentence}`, remedy);
}

/** The reason to send nothing: a finding has no change, or a change would be rejected. */
export function whyNothingSent(
  { purpose, resolution }: Offer,
  planned: readonly { change: Numbered['change']; decision?: Decision | undefined }[],
): OpsError | undefined {
  const refused = planned.filter(({ decision }) => decision?.kind === 'rejected');
  // A baseline leaves out what it names; it fails if nothing is left.
  const isWhole = purpose === 'baseline' || refused.length + resolution.unresolved.length === 0;
  return isWhole && planned.length > 0 ? undefined : nothingSent(purpose, resolution, refused);
}

function nothingSent(
  purpose: Purpose,
  { unresolved }: Resolution,
  refused: readonly Pick<Numbered, 'change'>[],
): OpsError {
  const sentences = [
    ...unresolved.map(({ id, group, reason }) => `${id}, ${group}: ${ended(reason)}`),
    ...refused.map(({ change }) => `${change.idempotencyKey} would be rejected.`),
  ];
  const without = purpose === 'undo' ? 'Undo the others by their keys.' : 'Repeat it without these findings.';
  const remedy = unresolved.length > 0 ? without : 'Correct what the plan above names.';
  return new OpsError(EXIT.failed, 'nothing-sent', `Nothing was sent:\n${sentences.join('\n')}`, remedy);
}

/** A reason that quotes an answer of ZPA may have its full stop. */
export const ended = (reason: string) => (reason.endsWith('.') ? reason : `${reason}.`);
