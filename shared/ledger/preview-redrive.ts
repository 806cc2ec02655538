import type { Configuration } from '../domain/configuration/configuration.ts';
import { checkGrants } from '../domain/configuration/grants.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import { scopeMismatch } from '../domain/decide/accepted-scope.ts';
import { microtenantIdOf } from '../domain/decide/permit.ts';
import { type ChangeRef, refKey } from '../domain/lane/change-ref.ts';
import { holderOf, inSetOrder, setKey, stopsOnReject, unstoredMembers } from '../domain/ledger/change-set.ts';
import { withOwed } from '../domain/ledger/desired.ts';
import {
  decideRedrive,
  type RedriveDecision,
  type RedriveFacts,
  type RedriveRefusal,
} from '../domain/ledger/redrive-decision.ts';
import { mayMakeStale, stalenessOf } from '../domain/ledger/shared-objects.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { DesiredGroup } from '../domain/records/desired-group.ts';
import { isUnreadable } from '../ports/error-code.ts';
import type { Clock, Ledger, UnreadableDesired } from '../ports/ports.ts';
import { readEach } from './read-each.ts';

type DecisionPorts = { ledger: Ledger; clock: Pick<Clock, 'now'>; configuration: Configuration };

export type RedriveOptions = {
  /** Re-open although a newer change touched the same group or application. */
  acceptStale?: boolean;
};

/** The lowest open changes, among which settled ones may owe what they approved, or the note of a rejection in their set. */
const LOWEST_READ = 200;

export const NOT_ACCEPTED: RedriveRefusal = {
  code: 'not-accepted',
  sentence: 'The ledger holds no such change.',
  remedy: 'Correct key, source and tenant; changes are kept 400 days after they settled.',
};

/** Answers what `redriveChange` would do now, without writing. */
export async function previewRedrive(
  ports: DecisionPorts,
  ref: ChangeRef,
  generation: number,
  options: RedriveOptions = {},
): Promise<RedriveDecision> {
  return await decideNow(ports, await ports.ledger.readChange(ref), generation, options);
}

/**
 * Answers what redriving all of these would do now, in the order in which it must be done: a member of a change set is not
 * held by one that is redriven before it.
 */
export async function previewRedrives(
  ports: DecisionPorts,
  chosen: readonly ChangeRecord[],
  options: RedriveOptions = {},
): Promise<{ record: ChangeRecord; decision: RedriveDecision }[]> {
  const rows: { record: ChangeRecord; decision: RedriveDecision }[] = [];
  for (const record of inSetOrder(chosen)) {
    const { ref, generation } = record;
    const before = rows.filter(({ decision }) => decision.kind !== 'refused').map((row) => row.record.ref);
    const decision = await decideNow(ports, await ports.ledger.readChange(ref), generation, options, before);
    rows.push({ record, decision });
  }
  return rows;
}

/** Decides by what the ledger and the configuration hold now. `redrivenBefore`: members of its set that hold it no more. */
export async function decideNow(
  ports: DecisionPorts,
  record: ChangeRecord | undefined,
  generation: number,
  { acceptStale = false }: RedriveOptions,
  redrivenBefore: readonly ChangeRef[] = [],
): Promise<RedriveDecision> {
  if (record === undefined) return { kind: 'refused', refusal: NOT_ACCEPTED };
  const { ledger, configuration } = ports;
  const microtenantId = record.microtenantId ?? microtenantIdOf(configuration, record.change) ?? '0';
  const desired: DesiredGroup[] = [];
  const unread: UnreadableDesired[] = [];
  for await (const group of ledger.listDesired(record.ref.lane, (one) => unread.push(one))) desired.push(group);
  const open = await ledger.openChanges(record.ref.lane, LOWEST_READ, undefined, () => undefined);
  const holder = await findHolder(ledger, record, unstoredMembers(record, open), redrivenBefore);
  const [doubtful] = unread.filter(({ groupId }) => mayMakeStale(record, groupId));
  return decideRedrive(record, {
    generation,
    sequence: record.sequence,
    now: ports.clock.now(),
    acceptStale,
    staleness: stalenessOf(record, microtenantId, withOwed(desired, open)),
    heldBy: holder.heldBy,
    unreadable: holder.unreadable ?? (doubtful && { of: 'desired', key: doubtful.key }),
    settingsVersion: configuration.settingsVersion,
    notPermitted: notPermitted(configuration, record),
  });
}

async function findHolder(
  ledger: Ledger,
  record: ChangeRecord,
  unstored: readonly ChangeRef[],
  redrivenBefore: readonly ChangeRef[],
): Promise<Pick<RedriveFacts, 'heldBy' | 'unreadable'>> {
  const set = setKey(record);
  if (set === undefined || !stopsOnReject(record)) return { heldBy: undefined };
  try {
    const excepted = new Set(redrivenBefore.map(refKey));
    const members = [...unstored, ...(await ledger.rejectedMembers(record.ref.lane, set))];
    const refs = members.filter((ref) => !excepted.has(refKey(ref)));
    const { records, unread } = await readEach(ledger, refs);
    const [first] = unread;
    return {
      heldBy: holderOf(record, records),
      ...(first && { unreadable: { of: 'set', key: first.idempotencyKey } }),
    };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { heldBy: undefined, unreadable: { of: 'set', key: `set#${set}` } };
  }
}

/**
 * Checks today's customer, microtenant and grants by the names in the change; the worker checks again with the objects
 * they resolve to.
 */
function notPermitted(configuration: Configuration, record: ChangeRecord) {
  const { source } = record.ref;
  const configured = lookup(configuration.sources, source);
  if (configured === undefined) {
    return {
      sentence: `Source "${source}" is no longer configured.`,
      remedy: 'Ask the owner of the settings.',
    };
  }
  const mismatch = scopeMismatch(configuration, record);
  if (mismatch !== undefined) return { ...mismatch, sentence: `It cannot be retried: ${mismatch.sentence}.` };
  const permission = checkGrants(configured, record.change);
  return permission.ok ? undefined : { sentence: permission.sentence, remedy: permission.remedy };
}
