import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { type ChangeRef, laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';

import { parseStrictJson } from '../../../shared/domain/text/strict-json.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { CommandContext } from './command.ts';
import type { Session } from './compose.ts';

/** The tenant asked for, or the only one there is. */
export function chooseTenant(configuration: Configuration, asked: string | undefined): string {
  const names = Object.keys(configuration.tenants);
  const [only] = names;
  if (asked === undefined && only !== undefined && names.length === 1) return only;
  if (asked !== undefined && lookup(configuration.tenants, asked) !== undefined) return asked;
  const sentence = asked === undefined ? 'Several tenants are configured.' : `There is no tenant "${asked}".`;
  throw new OpsError(EXIT.usage, 'which-tenant', sentence, `Name one with --tenant: ${names.join(', ')}.`);
}

/** Scope of reads: the microtenant named, the tenant's only one, or none. */
export function chooseMicrotenant(configuration: Configuration, tenant: string, asked: string | undefined) {
  const microtenants = lookup(configuration.tenants, tenant)?.microtenants ?? {};
  const names = Object.keys(microtenants);
  const id = asked === undefined ? Object.values(microtenants)[0] : lookup(microtenants, asked);
  if (asked === undefined && names.length <= 1) return id === undefined ? {} : { microtenantId: id };
  if (asked !== undefined && id !== undefined) return { microtenantId: id };
  const sentence =
    asked === undefined ? `Tenant "${tenant}" has several microtenants.` : `There is no microtenant "${asked}".`;
  const remedy = names.length === 0 ? 'Leave --microtenant out.' : `Name one with --microtenant: ${names.join(', ')}.`;
  throw new OpsError(EXIT.usage, 'which-microtenant', sentence, remedy);
}

export type KeyOptions = { source?: string; tenant?: string };

/** The changes of this key, over every configured source and tenant. */
async function findChanges(desk: Session, key: string, options: KeyOptions): Promise<ChangeRecord[]> {
  const refs: ChangeRef[] = [];
  for (const [tenant, configured] of Object.entries(desk.configuration.tenants)) {
    if ((options.tenant ?? tenant) !== tenant) continue;
    for (const source of Object.keys(desk.configuration.sources)) {
      if ((options.source ?? source) !== source) continue;
      refs.push({ lane: laneName(configured), source, tenant, idempotencyKey: key });
    }
  }
  const found: ChangeRecord[] = [];
  for (const ref of refs) {
    const record = await desk.ledger.readChange(ref);
    if (record !== undefined) found.push(record);
  }
  return found;
}

/** The one change of this key. */
export async function findChange(desk: Session, key: string, options: KeyOptions): Promise<ChangeRecord> {
  const [first, second, ...more] = await findChanges(desk, key, options);
  if (first === undefined) {
    const remedy = 'Look at the key in the ticket or in the answer of the webhook; it is case-sensitive.';
    throw new OpsError(EXIT.notFound, 'change-not-found', `The ledger holds no change "${key}".`, remedy);
  }
  if (second === undefined) return first;
  const where = [first, second, ...more].map(({ ref }) => `--source ${ref.source} --tenant ${ref.tenant}`);
  const sentence = `${where.length} changes have the key "${key}".`;
  throw new OpsError(EXIT.usage, 'which-change', sentence, `Choose one: ${where.join(' | ')}`);
}

/** Raw changes of a file or of stdin (`-`): JSON or YAML; one change, a list, several documents, or `changes: […]`. */
export async function readChangeFile(file: string, surroundings: CommandContext): Promise<unknown[]> {
  const text = await readFileOrInput(file, surroundings);
  const documents = /^\s*[[{]/.test(text) ? [parseJson(text)] : parseYaml(text);
  const raw = documents.flatMap(listOf);
  if (raw.length > 0) return raw;
  throw new OpsError(EXIT.usage, 'no-changes', 'There is no change in it.', 'See docs/cli.md for an example.');
}

/** A file's text, or that of stdin (`-`). */
export function readFileOrInput(file: string, { console, cwd }: CommandContext): Promise<string> {
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
