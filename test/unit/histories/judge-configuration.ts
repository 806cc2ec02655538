import type { RejectionCode } from '../../../shared/domain/change/rejection-codes.ts';
import type { Effect, Settle } from './chronicle.ts';
import { GRANTED_GROUP, spanOf } from './configuration-edits.ts';
import type { ConfigurationEdit, History } from './history.ts';
import type { Scene } from './scene.ts';

/** A change that an edit of the configuration forbids is not begun under it, and is refused for no other reason. */

/** A process that began before an edit may act on the configuration of before for a whole invocation. */
const INVOCATION_MS = 60_000;

const CODES: Partial<Record<RejectionCode, readonly ConfigurationEdit['kind'][]>> = {
  'not-permitted': ['tenant removed', 'customer edited', 'source removed', 'grant narrowed'],
  guarded: ['guard added', 'plan only'],
};

export function judgeConfiguration({ chronicle, history }: Scene): string[] {
  const { configurations = [] } = history;
  const forbidden = chronicle.effects.flatMap((effect) => {
    const edit = configurations.find((one, index) => isWithin(effect, configurations, index) && forbids(one, effect));
    return edit === undefined ? [] : [`a ${effect.write.kind} was begun while ${edit.kind}`];
  });
  const causeless = chronicle.settles.filter(({ outcome, firstTakenUpAt, at }) => {
    const kinds = outcome.kind === 'rejected' ? CODES[outcome.code] : undefined;
    return kinds !== undefined && !isEdited(history, kinds, firstTakenUpAt, at);
  });
  return [...forbidden, ...causeless.map(({ unit }) => `${unit} was refused by no configuration`)];
}

/** The edit, and no other before it in the list, was in force when the process that sent this must have begun. */
function isWithin({ sentAt }: Effect, edits: readonly ConfigurationEdit[], index: number): boolean {
  const spans = edits.map(spanOf);
  const own = spans[index];
  if (own === undefined || sentAt < own.from + INVOCATION_MS || sentAt >= own.until) return false;
  return !spans.slice(0, index).some(({ from, until }) => from <= sentAt && sentAt - INVOCATION_MS < until);
}

/** A change that has begun is finished or compensated, whatever the grants and guards say. */
function forbids({ kind }: ConfigurationEdit, { intent }: Effect): boolean {
  if (intent === undefined || intent.cursor > 0 || intent.takingBack !== undefined) return false;
  if (kind !== 'grant narrowed') return true;
  const names = intent.writes.flatMap(({ write, before }) => [
    ...(before === null ? [] : [before.name]),
    ...(write.kind === 'update' ? [write.fields.name] : write.kind === 'create' ? [write.name] : []),
  ]);
  return names.some((name) => name !== GRANTED_GROUP);
}

/** An edit of one of these kinds was in force at some time between these instants, or when a process of that time began. */
export function isEdited(
  { configurations = [] }: History,
  kinds: readonly ConfigurationEdit['kind'][],
  since: Settle['at'],
  until: Settle['at'],
): boolean {
  return configurations.some((edit) => {
    const span = spanOf(edit);
    return kinds.includes(edit.kind) && span.from <= until && since - INVOCATION_MS < span.until;
  });
}
