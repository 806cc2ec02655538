import { type AcceptRequest, type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import { stateOf } from '../change/stated-members.ts';
import type { Effect, GroupSummary } from '../outcome/outcome.ts';
import type { StandingMembers } from '../outcome/standing-members.ts';
import { formatCount } from '../text/sentence.ts';
import { oneLine, truncateText } from '../text/truncate-text.ts';

/** A change in the words of a ticket's table. Every value may be foreign; the destinations escape it. */

/** The most application segments that are named; the others are counted. */
export const APPLICATIONS_SHOWN = 20;

/** How a ticket names an application segment by its id. */
export type NameOf = (id: string) => string;

/** A foreign value on one line, cut to `bytes`. */
export const shownText = (text: string, bytes = 500) => truncateText(oneLine(text), bytes);

/** A name, which has at most 255 characters of at most three bytes each; a longer one is none of ours and is cut. */
export const shownName = (text: string) => shownText(text, 3 * 255);

/** The name by which people know the id, else the id. */
export const byName =
  (names: ReadonlyMap<string, string>): NameOf =>
  (id) =>
    shownName(names.get(id) ?? id);

/**
 * `Enable. Add 2 application segments: Wiki, Docs`; empty if the effect alters nothing. `longest`: the bytes after which
 * the new description is cut.
 */
export function effectText(
  { before, after, added, removed, moves = [] }: Effect,
  nameOf: NameOf,
  longest?: number,
): string {
  const moved = moves.map(
    ({ from, to, applicationIds }) =>
      `Move out of "${shownName(from.name)}" into "${shownName(to.name)}": ${listed(applicationIds.map(nameOf))}`,
  );
  const members = [...memberTexts('Add', added.map(nameOf)), ...memberTexts('Remove', removed.map(nameOf))];
  const fields = after === null ? (before === null ? [] : ['Delete']) : fieldTexts(before, after, longest);
  return [...fields, ...members, ...moved].join('. ');
}

/** `Already there: Wiki`: members that the change names and that needed no write. */
export function standingText({ there, absent }: StandingMembers, nameOf: NameOf): string {
  return [
    ...(there.length === 0 ? [] : [`Already there: ${listed(there.map(nameOf))}`]),
    ...(absent.length === 0 ? [] : [`Already absent: ${listed(absent.map(nameOf))}`]),
  ].join('. ');
}

/** Describes a change that needed no write: the fields that it states, and the members that are as it states them. */
export function unchangedText(
  change: ChangeRequest,
  standing: StandingMembers,
  nameOf: NameOf,
  longest?: number,
): string {
  const members = standingText(standing, nameOf);
  if (change.action !== 'update' || members === '') return requestText(change, longest);
  return [...statedTexts(change.set ?? {}, longest), members].join('. ');
}

function fieldTexts(before: GroupSummary | null, after: GroupSummary, longest?: number): string[] {
  if (before === null) {
    const description = after.description === '' ? [] : [`Description: ${described(after.description, longest)}`];
    return [`Create, ${after.enabled ? 'enabled' : 'disabled'}`, ...description];
  }
  return [
    ...(before.name === after.name ? [] : [`Rename to "${shownName(after.name)}"`]),
    ...(before.enabled === after.enabled ? [] : [after.enabled ? 'Enable' : 'Disable']),
    ...(before.description === after.description
      ? []
      : [`Description: ${described(before.description)} → ${described(after.description, longest)}`]),
  ];
}

const described = (text: string, longest?: number) => (text === '' ? '(empty)' : shownText(text, longest));

/** Describes the request of the ticket, where no effect is known. `longest`: as of `effectText`. */
export function requestText(change: ChangeRequest, longest?: number): string {
  switch (change.action) {
    case 'create':
      return ['Create', ...memberTexts('Add', change.applications.map(nameOfReference))].join('. ');
    case 'delete': {
      const to = change.moveApplicationsTo;
      return `Delete${to === undefined ? '' : `. Move its application segments to ${nameOfReference(to)}`}`;
    }
    case 'accept':
      return acceptText(change);
    case 'update': {
      const membership = membershipOf(change);
      return [
        ...statedTexts(change.set ?? {}, longest),
        ...memberTexts('Add', membership?.add.map(nameOfReference) ?? []),
        ...memberTexts('Remove', membership?.remove.map(nameOfReference) ?? []),
        ...(membership?.replace === undefined ? [] : [wholeText(membership.replace)]),
        ...(change.moveTo === undefined ? [] : [`What leaves goes to ${nameOfReference(change.moveTo)}`]),
      ].join('. ');
    }
  }
}

const nameOfReference = (one: Reference) => ('id' in one ? one.id : shownName(one.name));

type Stated = { name?: string | undefined; description?: string | undefined; enabled?: boolean | undefined };

function statedTexts({ name, description, enabled }: Stated, longest?: number): string[] {
  return [
    ...(name === undefined ? [] : [`Rename to "${shownName(name)}"`]),
    ...(enabled === undefined ? [] : [enabled ? 'Enable' : 'Disable']),
    ...(description === undefined ? [] : [`Description: ${described(description, longest)}`]),
  ];
}

function acceptText(change: AcceptRequest): string {
  return stateOf(change) === undefined ? 'Accept that ZPA no longer has it' : 'Accept it as it is in ZPA';
}

const wholeText = (all: readonly Reference[]) =>
  all.length === 0 ? 'Remove all application segments' : `Application segments: ${listed(all.map(nameOfReference))}`;

function memberTexts(verb: 'Add' | 'Remove', names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`${verb} ${formatCount(names.length, 'application segment')}: ${listed(names)}`];
}

function listed(names: readonly string[]): string {
  const left = names.length - APPLICATIONS_SHOWN;
  return `${names.slice(0, APPLICATIONS_SHOWN).join(', ')}${left > 0 ? ` and ${formatCount(left, 'other')}` : ''}`;
}
