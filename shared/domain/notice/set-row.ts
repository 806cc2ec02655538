import type { ChangeRequest } from '../change/change.ts';
import { knownNames } from '../outcome/known-names.ts';
import type { Effect, Outcome, Rejection } from '../outcome/outcome.ts';
import { requesterStep } from '../outcome/requester-step.ts';
import { standingMembers } from '../outcome/standing-members.ts';
import { asSentence } from '../text/sentence.ts';
import { byName, effectText, requestText, shownName, shownText, standingText, unchangedText } from './effect-text.ts';

/** The cells of one change, on tickets and on pages. Every value may be foreign; the destinations escape it. */

/** A change and how it ended; undefined: it has not ended (again). */
export type EndedChange = { change: ChangeRequest; outcome: Outcome | undefined };

/** `acme-prod`, or `acme-prod, emea`. */
export const placeOf = ({ tenant, microtenant }: ChangeRequest) =>
  microtenant === undefined ? tenant : `${tenant}, ${microtenant}`;

/** The effect of a change that ended with one. */
const effectOf = ({ outcome }: EndedChange): Effect | undefined =>
  outcome !== undefined && 'effect' in outcome ? outcome.effect : undefined;

/** The group by its name, also where the ticket gives its id. */
export function groupOf(one: EndedChange): string {
  const { group } = one.change;
  const effect = effectOf(one);
  const name = 'id' in group ? (effect?.before?.name ?? effect?.after?.name ?? group.id) : group.name;
  return shownName(name);
}

/** Describes the effect of a change, or its request where it had no effect. */
export function changeCell(one: EndedChange): string {
  const { change } = one;
  const { outcome } = one;
  if (outcome === undefined || !('effect' in outcome) || change.action === 'accept') return requestText(change);
  const name = byName(knownNames(change, outcome.effect));
  const standing = standingMembers(outcome);
  const did = effectText(outcome.effect, name);
  return did === ''
    ? unchangedText(change, standing, name)
    : [did, standingText(standing, name)].filter((text) => text !== '').join('. ');
}

/** How a change ended, and for all but a live one why; for a rejection the next step too. */
export function resultCell(one: EndedChange): string {
  const { outcome } = one;
  if (outcome?.kind === 'rejected') return `${resultWords(one)}: ${rejectionText(outcome)}`;
  if (outcome?.kind === 'cancelled' || outcome?.kind === 'superseded') {
    return `${resultWords(one)} by ${shownText(outcome.by)}: ${asSentence(shownText(outcome.reason, 600))}`;
  }
  return resultWords(one);
}

/** How a change ended, in a few words. */
export function resultWords({ outcome, change }: EndedChange): string {
  if (outcome === undefined) return 'Not finished';
  const retry = outcome.generation > 1 ? ` (retry ${outcome.generation - 1})` : '';
  switch (outcome.kind) {
    case 'applied':
      return `Live${retry}${outcome.overtaken.length > 0 ? ', edited by somebody else since' : ''}`;
    case 'unchanged':
      return `${change.action === 'accept' ? 'Recorded as approved' : 'Live already'}${retry}`;
    case 'rejected':
      return `Rejected${retry}`;
    case 'cancelled':
      return 'Cancelled';
    case 'superseded':
      return 'Replaced';
  }
}

/** Why a change was rejected, and the next step of the person who asked. */
function rejectionText(rejection: Rejection): string {
  const { code, sentence, path, zpaError } = rejection;
  const said = zpaError?.reason;
  return [
    asSentence(shownText(sentence, 600)),
    ...(path === undefined || path === '' ? [] : [`Field: ${shownText(path, 200)}.`]),
    ...(said === undefined || sentence.includes(said) ? [] : [`ZPA said: ${asSentence(shownText(said, 300))}`]),
    `Next step: ${asSentence(shownText(requesterStep(rejection), 600))}`,
    `(${code})`,
  ].join(' ');
}
