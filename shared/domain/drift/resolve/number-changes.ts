import { createHash } from 'node:crypto';
import { type ChangeBody, chunksOf, type Draft } from './resolution.ts';

/** Why changes are generated; it is part of their keys. */
export type Purpose = 'accept' | 'revert' | 'baseline' | 'undo';

type ChangeSet = { id: string; index: number; size: number; onReject: 'stop' | 'continue' };

/** A change as a file may hold it and the webhook takes it. */
export type GeneratedChange = {
  schemaVersion: 1;
  idempotencyKey: string;
  tenant: string;
  microtenant?: string;
  changeSet?: ChangeSet;
} & ChangeBody;

/** A generated change, and the findings that it answers or the changes that it undoes. */
export type Numbered = { change: GeneratedChange; answers: string[] };

/** Most changes of one set (the contract's limit). */
const MAX_SET = 1000;

/**
 * Gives drafts their keys and sets. A key depends on ticket, purpose, findings, the approvals it replaces, content and set
 * alone: the same command under the same ticket makes the same changes, and a finding that returns after its change makes
 * another. A unit of several drafts is a set that stops at the first refusal; units of one draft are the set of their tenant.
 */
export function numberChanges(units: readonly Draft[][], ticket: string, purpose: Purpose): Numbered[] {
  const single = inGroupOrder(units.flatMap((unit) => (unit.length === 1 ? unit : [])));
  const sets = [
    ...units.filter((unit) => unit.length > 1).map((drafts) => ({ drafts, onReject: 'stop' as const })),
    ...[...Map.groupBy(single, ({ tenant }) => tenant).values()].flatMap((drafts) =>
      chunksOf(drafts, MAX_SET).map((chunk) => ({ drafts: chunk, onReject: 'continue' as const })),
    ),
  ];
  return sets.flatMap(({ drafts, onReject }) => {
    const size = drafts.length;
    const set = digest(drafts.map(digestOf));
    const id = `${ticket}/${purpose}-set-${set}`;
    return drafts.map((draft, index) => ({
      change: toChange(
        draft,
        `${ticket}/${purpose}-${size === 1 ? digestOf(draft) : digest([set, digestOf(draft)])}`,
        size === 1 ? {} : { changeSet: { id, index: index + 1, size, onReject } },
      ),
      answers: draft.answers,
    }));
  });
}

/** The order of findings, which differs from report to report, is no part of a set. */
function inGroupOrder(drafts: readonly Draft[]): Draft[] {
  const keyed = drafts.map((draft) => ({ draft, key: `${JSON.stringify(draft.body.group)} ${digestOf(draft)}` }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ draft }) => draft);
}

function toChange(draft: Draft, idempotencyKey: string, set: { changeSet?: ChangeSet }): GeneratedChange {
  const { tenant, microtenant, body } = draft;
  const place = microtenant === undefined ? { tenant } : { tenant, microtenant };
  return { schemaVersion: 1, idempotencyKey, ...place, ...set, ...body };
}

const digestOf = ({ tenant, microtenant, body, answers, replaces }: Draft) =>
  digest([tenant, microtenant ?? '', body, answers, replaces]);

const digest = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
