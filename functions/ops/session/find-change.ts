import type { ChangeRef } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { tenantLanes } from '../../../shared/ledger/tenant-lanes.ts';
import type { UnreadableRecord } from '../../../shared/ports/ports.ts';
import { forEachAtOnce } from '../../../shared/runtime/at-once.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { OpsSession } from './compose.ts';

export type KeyOptions = { source?: string; tenant?: string };

type Scope = Omit<ChangeRef, 'idempotencyKey'>;

/** Every lane that a tenant has or had, with every configured source, or the named one, which may be configured no more. */
async function scopesOf(session: OpsSession, { source, tenant: named }: KeyOptions): Promise<Scope[]> {
  const sources = source === undefined ? Object.keys(session.configuration.sources) : [source];
  const lanes = (await tenantLanes(session)).filter(({ tenant }) => (named ?? tenant) === tenant);
  return lanes.flatMap((one) => sources.map((from) => ({ ...one, source: from })));
}

/** Scopes that are asked at a time; there are as many as tenants times sources. */
const AT_ONCE = 20;

/** The changes that each scope has, in the order of the scopes. */
async function readScopes(
  scopes: readonly Scope[],
  read: (scope: Scope) => Promise<ChangeRecord[]>,
): Promise<ChangeRecord[]> {
  const found: ChangeRecord[][] = [];
  await forEachAtOnce(scopes.entries(), AT_ONCE, async ([index, scope]) => {
    found[index] = await read(scope);
  });
  return found.flat();
}

/** Rejects if one of them cannot be read. */
function readExactly({ ledger }: OpsSession, scopes: readonly Scope[], key: string): Promise<ChangeRecord[]> {
  return readScopes(scopes, async (scope) => {
    const record = await ledger.readChange({ ...scope, idempotencyKey: key });
    return record === undefined ? [] : [record];
  });
}

/** The changes whose key begins with this text: a ticket, or a ticket's line without the approval. */
async function readByPrefix({ ledger }: OpsSession, scopes: readonly Scope[], prefix: string) {
  const unreadable: UnreadableRecord[] = [];
  const note = (one: UnreadableRecord) => unreadable.push(one);
  const found = await readScopes(scopes, (scope) => ledger.changesOf(scope, prefix, note));
  return { found, unreadable };
}

/** As `readByPrefix`. Throws an `OpsError` for a record that cannot be read, because that may be one that is meant. */
async function readAllByPrefix(session: OpsSession, scopes: readonly Scope[], prefix: string): Promise<ChangeRecord[]> {
  const { found, unreadable } = await readByPrefix(session, scopes, prefix);
  const [first] = unreadable;
  if (first === undefined) return found;
  throw unreadableError(prefix, first);
}

function unreadableError(prefix: string, { key }: UnreadableRecord): OpsError {
  const sentence = `The record ${key} cannot be read, and its key begins with "${prefix}" too.`;
  const remedy = 'Name another change by its complete key. For this one: docs/runbook.md, `record-malformed`.';
  return new OpsError(EXIT.unreachable, 'record-unreadable', sentence, remedy);
}

const MAX_CANDIDATES = 20;

/**
 * Finds the only change with this key, or the only one whose key begins with it (`CHG0031337/1`, `CHG0031337`). Throws an
 * `OpsError` if there is none, or that names the candidates.
 */
export async function findChange(session: OpsSession, key: string, options: KeyOptions): Promise<ChangeRecord> {
  const scopes = await scopesOf(session, options);
  const exact = await readExactly(session, scopes, key);
  if (exact.length > 0) return onlyOne(key, exact, options, true);
  return onlyOne(key, await readAllByPrefix(session, scopes, key), options, false);
}

/** Finds the only change with this key, or else all changes of this ticket. Throws an `OpsError` as `findChange` does. */
export async function findChanges(session: OpsSession, text: string, options: KeyOptions): Promise<ChangeRecord[]> {
  const scopes = await scopesOf(session, options);
  const exact = await readExactly(session, scopes, text);
  if (exact.length > 0) return [onlyOne(text, exact, options, true)];
  const begin = await readAllByPrefix(session, scopes, text);
  const ofTicket = begin.filter(({ ticket }) => ticket.id === text);
  return ofTicket.length > 0 ? ofTicket : [onlyOne(text, begin, options, false)];
}

/**
 * Finds all changes of a ticket whose keys begin with it, in lane order, and the records that cannot be read. Throws an
 * `OpsError` if no change is found.
 */
export async function findTicketChanges(session: OpsSession, ticket: string, options: KeyOptions) {
  const { found, unreadable } = await readByPrefix(session, await scopesOf(session, options), ticket);
  const records = found.filter((record) => record.ticket.id === ticket).toSorted((a, b) => a.sequence - b.sequence);
  if (records.length > 0) return { records, unreadable };
  const [first] = unreadable;
  if (first !== undefined) throw unreadableError(ticket, first);
  const sentence = `The ledger holds no change of ticket "${ticket}"${within(options)} whose key begins with it.`;
  const remedy = 'Try `changes list --ticket`, which reads all keys.';
  throw new OpsError(EXIT.notFound, 'change-not-found', sentence, remedy);
}

function onlyOne(key: string, found: readonly ChangeRecord[], options: KeyOptions, isExact: boolean): ChangeRecord {
  const [first, ...others] = found;
  if (first === undefined) {
    const sentence = `There is no change "${key}"${within(options)} in the ledger.`;
    const remedy =
      'Copy the complete key from the ticket or the webhook response, including the part after "@". Keys are case-sensitive.';
    throw new OpsError(EXIT.notFound, 'change-not-found', sentence, remedy);
  }
  if (others.length === 0) return first;
  throw ambiguousKeyError(key, found, isExact);
}

/** The part of the ledger that the options leave. */
const within = ({ source, tenant }: KeyOptions) =>
  `${tenant === undefined ? '' : ` of tenant "${tenant}"`}${source === undefined ? '' : ` from source "${source}"`}`;

function ambiguousKeyError(key: string, found: readonly ChangeRecord[], isExact: boolean): OpsError {
  const shown = found.slice(0, MAX_CANDIDATES).map(({ ref }) => {
    const where = `--source ${ref.source} --tenant ${ref.tenant}`;
    return isExact ? where : `${ref.idempotencyKey} ${where}`;
  });
  const more = found.length > shown.length ? ` | and ${found.length - shown.length} more` : '';
  const sentence = `${found.length} changes have ${isExact ? 'the key' : 'a key that begins with'} "${key}".`;
  return new OpsError(EXIT.usage, 'which-change', sentence, `Choose one: ${shown.join(' | ')}${more}`);
}
