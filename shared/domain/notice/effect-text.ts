import { type AcceptRequest, type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import { stateOf } from '../change/stated-members.ts';
import type { Effect, GroupSummary } from '../outcome/outcome.ts';
import { formatCount } from '../text/sentence.ts';
import { oneLine, truncateText } from '../text/truncate-text.ts';

/** A change in the words of a ticket's table. Every value may be foreign; the destinations escape it. */

/** The most application segments that are named; the others are counted. */
export const APPLICATIONS_SHOWN = 20;

/** How a ticket names an application segment by its id. */
export type NameOf = (id: string) => string;

/** A foreign value on one line, cut to `bytes`. */
export const shownText = (text: string, bytes = 500) => truncateText(oneLine(text), bytes);

/** The name by which people know the id, else the id. */
export const byName =
  (names: ReadonlyMap<string, string>): NameOf =>
  (id) =>
    shownText(names.get(id) ?? id, 255);

/** `Enable. Add 2 application segments: Wiki, Docs`; empty if the effect alters nothing. */
export function effectText({ before, after, added, removed, moves = [] }: Effect, nameOf: NameOf): string {
  const moved = moves.map(
    ({ from, to, applicationIds }) =>
      `Move out of "${shownText(from.name, 255)}" into "${shownText(to.name, 255)}": ${listed(applicationIds.map(nameOf))}`,
  );
  const members = [...memberTexts('Add', added.map(nameOf)), ...memberTexts('Remove', removed.map(nameOf))];
  const fields = after === null ? (before === null ? [] : ['Delete']) : fieldTexts(before, after);
  return [...fields, ...members, ...moved].join('. ');
}

function fieldTexts(before: GroupSummary | null, after: GroupSummary): string[] {
  if (before === null) {
    const description = after.description === '' ? [] : [`Description: ${shownText(after.description)}`];
    return [`Create, ${after.enabled ? 'enabled' : 'disabled'}`, ...description];
  }
  return [
    ...(before.name === after.name ? [] : [`Rename to "${shownText(after.name, 255)}"`]),
    ...(before.enabled === after.enabled ? [] : [after.enabled ? 'Enable' : 'Disable']),
    ...(before.description === after.description
      ? []
      : [`Description: ${described(before.description)} → ${described(after.description)}`]),
  ];
}

const described = (text: string) => (text === '' ? '(empty)' : shownText(text));

/** Describes the request of the ticket, where no effect is known. */
export function requestText(change: ChangeRequest): string {
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
        ...statedTexts(change.set ?? {}),
        ...memberTexts('Add', membership?.add.map(nameOfReference) ?? []),
        ...memberTexts('Remove', membership?.remove.map(nameOfReference) ?? []),
        ...(membership?.replace === undefined ? [] : [wholeText(membership.replace)]),
        ...(change.moveTo === undefined ? [] : [`What leaves goes to ${nameOfReference(change.moveTo)}`]),
      ].join('. ');
    }
  }
}

const nameOfReference = (one: Reference) => ('id' in one ? one.id : shownText(one.name, 255));

type Stated = { name?: string | undefined; description?: string | undefined; enabled?: boolean | undefined };

function statedTexts({ name, description, enabled }: Stated): string[] {
  return [
    ...(name === undefined ? [] : [`Rename to "${shownText(name, 255)}"`]),
    ...(enabled === undefined ? [] : [enabled ? 'Enable' : 'Disable']),
    ...(description === undefined ? [] : [`Description: ${described(description)}`]),
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
