import type { ChangeRef } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import { tenantLanesOf } from '../../../shared/ledger/tenant-lanes.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import type { Ledger, TicketChanges, UnreadableRecord } from '../../../shared/ports/ports.ts';
import { forEachAtOnce } from '../../../shared/runtime/at-once.ts';
import { shellWord } from '../input/shell-word.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { OpsSession } from './compose.ts';

export type KeyOptions = { source?: string; tenant?: string };

/** The parts of a session that find a change. */
type Finder = Pick<OpsSession, 'configuration' | 'knownLanes'> & {
  ledger: Pick<Ledger, 'readChange'> & TicketChanges;
};

type Scope = Omit<ChangeRef, 'idempotencyKey'>;

/** Every lane that a tenant has or had, with every source that the settings have or had: no edit of them hides a change. */
async function scopesOf(session: Finder, { source: from, tenant: named }: KeyOptions): Promise<Scope[]> {
  const known = await session.knownLanes.read();
  const former = (known.sources ?? []).map(({ source }) => source);
  const sources = from === undefined ? [...Object.keys(session.configuration.sources), ...former] : [from];
  const lanes = tenantLanesOf(session.configuration, known).filter(({ tenant }) => (named ?? tenant) === tenant);
  return lanes.flatMap((lane) => [...new Set(sources)].map((source) => ({ ...lane, source })));
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
function readExactly({ ledger }: Finder, scopes: readonly Scope[], key: string): Promise<ChangeRecord[]> {
  return readScopes(scopes, async (scope) => {
    const record = await ledger.readChange({ ...scope, idempotencyKey: key });
    return record === undefined ? [] : [record];
  });
}

/** The changes whose key begins with this text: a ticket, or a ticket's line without the approval. */
async function readByPrefix({ ledger }: Finder, scopes: readonly Scope[], prefix: string) {
  const unreadable: UnreadableRecord[] = [];
  const note = (one: UnreadableRecord) => unreadable.push(one);
  const found = await readScopes(scopes, (scope) => ledger.changesOf(scope, prefix, note));
  return { found, unreadable };
}

/** As `readByPrefix`. Throws an `OpsError` for a record that cannot be read, because that may be one that is meant. */
async function readAllByPrefix(session: Finder, scopes: readonly Scope[], prefix: string): Promise<ChangeRecord[]> {
  const { found, unreadable } = await readByPrefix(session, scopes, prefix);
  const [first] = unreadable;
  if (first === undefined) return found;
  throw unreadableError(prefix, first);
}

/**
 * The changes with this key, or of the ticket or line with this name, in reads of a few items each; records that cannot be read go to
 * `onUnreadable`.
 */
export async function findNamed(
  session: Finder,
  name: string,
  options: KeyOptions,
  onUnreadable: (one: UnreadableRecord) => void,
): Promise<ChangeRecord[]> {
  const scopes = await scopesOf(session, options);
  return readScopes(scopes, async (scope) => {
    const beginnings = [`${name}/`, `${name}@`].map((one) => session.ledger.changesOf(scope, one, onUnreadable));
    const exact = session.ledger.readChange({ ...scope, idempotencyKey: name }).catch((error: unknown) => {
      if (!(error instanceof Error) || errorCode(error) !== 'record-malformed') throw error;
      onUnreadable({ key: name, why: error.message });
      return undefined;
    });
    const found = await Promise.all([exact, ...beginnings]);
    return found.flat().filter((record) => record !== undefined);
  });
}

function unreadableError(prefix: string, { key }: UnreadableRecord): OpsError {
  const sentence = `The record ${key} cannot be read, and its key begins with "${prefix}" too.`;
  const remedy = 'Name another change by its complete key. For this one: docs/runbook.md, `record-malformed`.';
  return new OpsError(EXIT.unreachable, 'record-unreadable', sentence, remedy);
}

const MAX_CANDIDATES = 20;

/**
 * Finds the only change with this key, or the only one of the ticket or line that it names (`CHG0031337`, `CHG0031337/1`). Throws an
 * `OpsError` if there is none, or that names the candidates.
 */
export async function findChange(session: Finder, key: string, options: KeyOptions): Promise<ChangeRecord> {
  const scopes = await scopesOf(session, options);
  const exact = await readExactly(session, scopes, key);
  if (exact.length > 0) return onlyOne(key, exact, options, true);
  return onlyOne(key, await readAllByPrefix(session, scopes, key), options, false);
}

/** Finds the only change with this key, or else all changes of this ticket. Throws an `OpsError` as `findChange` does. */
export async function findChanges(session: Finder, text: string, options: KeyOptions): Promise<ChangeRecord[]> {
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
export async function findTicketChanges(session: Finder, ticket: string, options: KeyOptions) {
  const { found, unreadable } = await readByPrefix(session, await scopesOf(session, options), ticket);
  const records = found.filter((record) => record.ticket.id === ticket).toSorted((a, b) => a.sequence - b.sequence);
  if (records.length > 0) return { records, unreadable };
  const [first] = unreadable;
  if (first !== undefined) throw unreadableError(ticket, first);
  const sentence = `The ledger holds no change of ticket "${ticket}"${within(options)} whose key begins with it.`;
  const remedy = 'Try `changes list --ticket`, which reads all keys.';
  throw new OpsError(EXIT.notFound, 'change-not-found', sentence, remedy);
}

/**
 * True if a text names this change by its ticket, or by its key up to a boundary. `CHG1` begins the key of `CHG10/1` too, which is
 * another ticket's.
 */
function isNamedBy(text: string, { ref, ticket }: ChangeRecord): boolean {
  return ticket.id === text || /[/@]$/.test(text) || /^[/@]/.test(ref.idempotencyKey.slice(text.length));
}

function onlyOne(text: string, found: readonly ChangeRecord[], options: KeyOptions, isExact: boolean): ChangeRecord {
  const named = isExact ? found : found.filter((record) => isNamedBy(text, record));
  const [first, ...others] = named;
  if (first !== undefined && others.length === 0) return first;
  const candidates = first === undefined ? found : named;
  if (candidates.length > 0) throw ambiguousKeyError(text, candidates, isExact);
  const sentence = `There is no change "${text}"${within(options)} in the ledger.`;
  const remedy =
    'Copy the complete key from the ticket or the webhook response, including the part after "@". Keys are case-sensitive.';
  throw new OpsError(EXIT.notFound, 'change-not-found', sentence, remedy);
}

/** The part of the ledger that the options leave. */
const within = ({ source, tenant }: KeyOptions) =>
  `${tenant === undefined ? '' : ` of tenant "${tenant}"`}${source === undefined ? '' : ` from source "${source}"`}`;

function ambiguousKeyError(key: string, found: readonly ChangeRecord[], isExact: boolean): OpsError {
  const shown = found.slice(0, MAX_CANDIDATES).map(({ ref }) => {
    const where = `--source ${ref.source} --tenant ${ref.tenant}`;
    return isExact ? where : `${ref.idempotencyKey} (${where})`;
  });
  const more = found.length > shown.length ? ` | and ${found.length - shown.length} more` : '';
  const count = `${formatCount(found.length, 'change')} ${found.length === 1 ? 'has' : 'have'}`;
  const sentence = `${count} ${isExact ? 'the key' : 'a key that begins with'} "${key}".`;
  const isTicket = found.every(({ ticket }) => ticket.id === key);
  const all = isTicket ? `. All of them: zpa-changes status --ticket ${shellWord(key)}` : '';
  return new OpsError(EXIT.usage, 'which-change', sentence, `Choose one: ${shown.join(' | ')}${more}${all}`);
}
