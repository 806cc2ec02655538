import type { ChangeRequest } from '../change/change.ts';
import { effectiveAction } from '../change/if-exists.ts';
import { knownNames } from '../outcome/known-names.ts';
import type { Effect, GroupSummary, Outcome } from '../outcome/outcome.ts';
import { reachLines } from '../outcome/reach-text.ts';
import { asSentence, formatCount } from '../text/sentence.ts';
import type { TicketBlock } from '../text/ticket-text.ts';
import { oneLine, truncateText } from '../text/truncate-text.ts';

/** The text about one change in a ticket's comment. Every value may be foreign; the output formats escape it. */

const shown = (text: string, bytes = 500) => truncateText(oneLine(text), bytes);

/** `Update segment group "Web Apps" in acme-prod`; a group referenced by its id has its name too, if that is known. */
export function changeTitle(change: ChangeRequest, outcome: Outcome | undefined): string {
  const effect = outcome !== undefined && 'effect' in outcome ? outcome.effect : undefined;
  const action = effectiveAction(change, effect);
  const verb = `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
  return `${verb} segment group ${groupTitle(change.group, effect)} in ${change.tenant}`;
}

function groupTitle(group: ChangeRequest['group'], effect: Effect | undefined): string {
  if (!('id' in group)) return `"${shown(group.name, 200)}"`;
  const name = effect?.before?.name ?? effect?.after?.name;
  return name === undefined ? group.id : `"${shown(name, 200)}" (${group.id})`;
}

const RECORDED = 'recorded as approved; nothing was written';

/** The outcome in a few words. */
export function endingOf(outcome: Outcome, { action }: Pick<ChangeRequest, 'action'>): string {
  switch (outcome.kind) {
    case 'applied':
      return 'applied';
    case 'unchanged':
      return action === 'accept' ? RECORDED : 'already as approved, nothing to change';
    case 'rejected':
      return `rejected (${outcome.code})`;
    case 'cancelled':
      return 'cancelled';
    case 'superseded':
      return 'superseded';
  }
}

/** The values before and after the change, or why it was not applied and what to do. */
export function outcomeBlocks(outcome: Outcome, change: ChangeRequest): TicketBlock[] {
  switch (outcome.kind) {
    case 'applied':
      return [
        ...effectBlocks(outcome.effect, change),
        ...outcome.overtaken.map((one) =>
          line(`Edited by somebody else meanwhile, and left so: ${one.field} is now "${shown(one.found)}".`),
        ),
        ...reachBlocks(outcome),
      ];
    case 'unchanged':
      return change.action === 'accept' ? [] : reachBlocks(outcome);
    case 'rejected':
      return [
        line(`Why: ${asSentence(shown(outcome.sentence, 1000))}`),
        ...(outcome.path === undefined ? [] : [line(`Field: ${shown(outcome.path)}`)]),
        ...(outcome.zpaError?.reason === undefined ? [] : [line(`ZPA said: ${shown(outcome.zpaError.reason)}`)]),
        line(`What to do: ${asSentence(shown(outcome.remedy, 1000))}`),
      ];
    case 'cancelled':
      return [
        line(`Cancelled by ${shown(outcome.by)}: ${asSentence(shown(outcome.reason, 1000))}`),
        line('What to do: nothing; a new approval brings it back.'),
      ];
    case 'superseded':
      return [
        line(`Superseded by ${shown(outcome.by)}: ${asSentence(shown(outcome.reason, 1000))}`),
        line('What to do: nothing, unless this change is wanted all the same; then approve it again.'),
      ];
  }
}

const line = (text: string): TicketBlock => ({ kind: 'line', text });

function reachBlocks({ reach }: Extract<Outcome, { kind: 'applied' | 'unchanged' }>): TicketBlock[] {
  const [first = '', ...rules] = reachLines(reach, 5);
  const summary = line(`Policy impact: ${asSentence(shown(first, 600))}`);
  return rules.length === 0 ? [summary] : [summary, { kind: 'points', points: rules.map((one) => shown(one)) }];
}

function effectBlocks(effect: Effect, change: ChangeRequest): TicketBlock[] {
  const { before, after, added, removed, moves = [] } = effect;
  const rows = FIELDS.flatMap(({ name, of }) => {
    const was = before === null ? null : of(before);
    const is = after === null ? null : of(after);
    return was === is ? [] : [{ name, before: was, after: is }];
  });
  const names = knownNames(change, effect);
  const members = [
    ...(added.length === 0 ? [] : [line(`Application segments added: ${listed(added, names)}.`)]),
    ...(removed.length === 0 ? [] : [line(`Application segments removed: ${listed(removed, names)}.`)]),
    ...moves.map(({ from, to, applicationIds }) =>
      line(`Moved from "${shown(from.name)}" to "${shown(to.name)}": ${listed(applicationIds, names)}.`),
    ),
  ];
  return [...(rows.length === 0 ? [] : [{ kind: 'changes', rows } as const]), ...members];
}

const FIELDS: { name: string; of: (group: GroupSummary) => string | null }[] = [
  { name: 'name', of: ({ name }) => shown(name, 255) },
  { name: 'enabled', of: ({ enabled }) => (enabled ? 'yes' : 'no') },
  { name: 'description', of: ({ description }) => (description === '' ? null : shown(description)) },
  { name: 'applications', of: ({ applicationCount }) => String(applicationCount) },
];

const MOST_LISTED = 20;

function listed(ids: readonly string[], names: ReadonlyMap<string, string>): string {
  const one = (id: string) => {
    const name = names.get(id);
    return name === undefined ? shown(id) : `${shown(name, 255)} (${shown(id)})`;
  };
  const more = ids.length > MOST_LISTED ? ` and ${formatCount(ids.length - MOST_LISTED, 'other')}` : '';
  return `${ids.slice(0, MOST_LISTED).map(one).join(', ')}${more}`;
}
