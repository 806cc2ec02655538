import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import type { ChangeRef } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { parseStrictJson } from '../../../shared/domain/text/strict-json.ts';
import { tenantLanes } from '../../../shared/ledger/tenant-lanes.ts';
import type { UnreadableRecord } from '../../../shared/ports/ports.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { ProcessContext } from './command.ts';
import type { OpsSession } from './compose.ts';

/** Chooses the named tenant, or the only configured one. */
export function chooseTenant(configuration: Configuration, name: string | undefined): string {
  const names = Object.keys(configuration.tenants);
  const [only] = names;
  if (name === undefined && only !== undefined && names.length === 1) return only;
  if (name !== undefined && lookup(configuration.tenants, name) !== undefined) return name;
  const sentence = name === undefined ? 'Several tenants are configured.' : `There is no tenant "${name}".`;
  throw new OpsError(EXIT.usage, 'which-tenant', sentence, `Choose one with --tenant: ${names.join(', ')}.`);
}

/** Chooses the scope of reads: the named microtenant, the tenant's only one, or none. */
export function chooseMicrotenant(configuration: Configuration, tenant: string, name: string | undefined) {
  const microtenants = lookup(configuration.tenants, tenant)?.microtenants ?? {};
  const names = Object.keys(microtenants);
  const id = name === undefined ? Object.values(microtenants)[0] : lookup(microtenants, name);
  if (name === undefined && names.length <= 1) return id === undefined ? {} : { microtenantId: id };
  if (name !== undefined && id !== undefined) return { microtenantId: id };
  const sentence =
    name === undefined ? `Tenant "${tenant}" has several microtenants.` : `There is no microtenant "${name}".`;
  const remedy =
    names.length === 0 ? 'Leave --microtenant out.' : `Choose one with --microtenant: ${names.join(', ')}.`;
  throw new OpsError(EXIT.usage, 'which-microtenant', sentence, remedy);
}

export type KeyOptions = { source?: string; tenant?: string };

type Scope = Omit<ChangeRef, 'idempotencyKey'>;
type OnUnreadable = (one: UnreadableRecord) => void;

/** Every lane that a tenant has or had, with every configured source, as far as the options let it. */
async function scopesOf(session: OpsSession, options: KeyOptions): Promise<Scope[]> {
  const sources = Object.keys(session.configuration.sources).filter((source) => (options.source ?? source) === source);
  const lanes = (await tenantLanes(session)).filter(({ tenant }) => (options.tenant ?? tenant) === tenant);
  return lanes.flatMap((one) => sources.map((source) => ({ ...one, source })));
}

async function readExactly(session: OpsSession, scopes: readonly Scope[], key: string): Promise<ChangeRecord[]> {
  const found: ChangeRecord[] = [];
  for (const scope of scopes) {
    const record = await session.ledger.readChange({ ...scope, idempotencyKey: key });
    if (record !== undefined) found.push(record);
  }
  return found;
}

/** The changes whose key begins with this text: a ticket, or a ticket's line without the approval. */
async function readByPrefix(
  session: OpsSession,
  scopes: readonly Scope[],
  prefix: string,
  onUnreadable: OnUnreadable,
): Promise<ChangeRecord[]> {
  const found: ChangeRecord[] = [];
  for (const scope of scopes) found.push(...(await session.ledger.changesOf(scope, prefix, onUnreadable)));
  return found;
}

const MAX_CANDIDATES = 20;

/**
 * Finds the only change with this key, or the only one whose key begins with it (`CHG0031337/1`, `CHG0031337`). Throws an
 * `OpsError` if there is none, or that names the candidates.
 */
export async function findChange(session: OpsSession, key: string, options: KeyOptions): Promise<ChangeRecord> {
  const scopes = await scopesOf(session, options);
  const exact = await readExactly(session, scopes, key);
  // A record that cannot be read is not the one that the person looks for by its beginning; `lanes list` names it.
  const found = exact.length > 0 ? exact : await readByPrefix(session, scopes, key, () => undefined);
  return onlyOne(key, found, exact.length > 0);
}

/**
 * Finds the only change with this key, or else all changes of this ticket. Throws an `OpsError` as `findChange` does.
 * `onUnreadable` gets the records whose keys begin so and that cannot be read.
 */
export async function findChanges(
  session: OpsSession,
  text: string,
  options: KeyOptions,
  onUnreadable: OnUnreadable,
): Promise<ChangeRecord[]> {
  const scopes = await scopesOf(session, options);
  const exact = await readExactly(session, scopes, text);
  if (exact.length > 0) return [onlyOne(text, exact, true)];
  const begin = await readByPrefix(session, scopes, text, onUnreadable);
  const ofTicket = begin.filter(({ ticket }) => ticket.id === text);
  return ofTicket.length > 0 ? ofTicket : [onlyOne(text, begin, false)];
}

/** Finds all changes of a ticket whose keys begin with it, in lane order. Throws an `OpsError` if there is none. */
export async function findTicketChanges(
  session: OpsSession,
  ticket: string,
  options: KeyOptions,
  onUnreadable: OnUnreadable,
): Promise<ChangeRecord[]> {
  const begin = await readByPrefix(session, await scopesOf(session, options), ticket, onUnreadable);
  const found = begin.filter((record) => record.ticket.id === ticket);
  if (found.length > 0) return found.toSorted((a, b) => a.sequence - b.sequence);
  const sentence = `The ledger holds no change of ticket "${ticket}" whose key begins with it.`;
  throw new OpsError(
    EXIT.notFound,
    'change-not-found',
    sentence,
    'Look at `changes list --ticket`, which reads all keys.',
  );
}

function onlyOne(key: string, found: readonly ChangeRecord[], isExact: boolean): ChangeRecord {
  const [first, ...others] = found;
  if (first === undefined) {
    const remedy =
      'Copy the complete key from the ticket or the webhook response, including the part after "@". Keys are case-sensitive.';
    throw new OpsError(EXIT.notFound, 'change-not-found', `There is no change "${key}" in the ledger.`, remedy);
  }
  if (others.length === 0) return first;
  throw ambiguousKeyError(key, found, isExact);
}

function ambiguousKeyError(key: string, found: readonly ChangeRecord[], isExact: boolean): OpsError {
  const shown = found.slice(0, MAX_CANDIDATES).map(({ ref }) => {
    const where = `--source ${ref.source} --tenant ${ref.tenant}`;
    return isExact ? where : `${ref.idempotencyKey} ${where}`;
  });
  const more = found.length > shown.length ? ` | and ${found.length - shown.length} more` : '';
  const sentence = `${found.length} changes have ${isExact ? 'the key' : 'a key that begins with'} "${key}".`;
  return new OpsError(EXIT.usage, 'which-change', sentence, `Choose one: ${shown.join(' | ')}${more}`);
}

/**
 * Reads raw changes from a file or from stdin (`-`): JSON or YAML; one change, a list, several documents, or `changes:
 * […]`.
 */
export async function readChangeFile(file: string, processContext: ProcessContext): Promise<unknown[]> {
  const text = await readFileOrInput(file, processContext);
  const documents = /^\s*[[{]/.test(text) ? [parseJson(text)] : parseYaml(text);
  const raw = documents.flatMap(listOf);
  if (raw.length > 0) return raw;
  throw new OpsError(EXIT.usage, 'no-changes', 'The file contains no change.', 'See docs/cli.md for an example.');
}

/** Reads the text of a file or of stdin (`-`). */
export function readFileOrInput(file: string, { console, cwd }: ProcessContext): Promise<string> {
  return file === '-' ? console.readInput() : readText(isAbsolute(file) ? file : resolve(cwd, file));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new OpsError(EXIT.usage, 'file-unreadable', `${path} cannot be read.`, 'Correct the path.', cause);
  }
}

function parseJson(text: string): unknown {
  const parsed = parseStrictJson(text);
  if (parsed.ok) return parsed.value;
  throw new OpsError(EXIT.usage, 'not-json', parsed.sentence, 'Correct the file.');
}

function parseYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text, { prettyErrors: true, uniqueKeys: true });
  if ('empty' in documents) return [];
  const error = documents.flatMap((document) => document.errors)[0];
  if (error !== undefined) throw new OpsError(EXIT.usage, 'not-yaml', error.message, 'Correct the file.', error);
  return documents.map((document): unknown => document.toJS({ maxAliasCount: 100 }));
}

function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && 'changes' in value && Array.isArray(value.changes)) return value.changes;
  return [value];
}
