import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Configuration, SourceConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { parseStrictJson } from '../../../shared/domain/text/strict-json.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { yamlValue } from '../../../shared/settings/yaml-fault.ts';
import { decodeUtf8 } from '../output/decode-utf8.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import type { ProcessContext } from './command.ts';

/** Chooses the named tenant, or the only configured one. */
export function chooseTenant(configuration: Configuration, name: string | undefined): string {
  const names = Object.keys(configuration.tenants);
  const [only] = names;
  if (only === undefined) {
    const remedy = 'Push settings with a tenant: zpa-changes init writes them, zpa-changes settings push sends them.';
    throw new OpsError(EXIT.notFound, 'no-tenant', 'The settings have no tenant.', remedy);
  }
  if (name === undefined && names.length === 1) return only;
  if (name !== undefined && lookup(configuration.tenants, name) !== undefined) return name;
  const sentence = name === undefined ? 'Several tenants are configured.' : `There is no tenant "${name}".`;
  throw new OpsError(exitFor(name), 'which-tenant', sentence, `Choose one with --tenant: ${names.join(', ')}.`);
}

/** The exit code where the settings do not have what was named, or where nothing was named. */
const exitFor = (name: string | undefined) => (name === undefined ? EXIT.usage : EXIT.notFound);

/** Finds a configured source. Throws an `OpsError` that names the configured ones. */
export function chooseSource({ sources }: Configuration, name: string): SourceConfiguration {
  const source = lookup(sources, name);
  if (source !== undefined) return source;
  const remedy = `Name one of: ${Object.keys(sources).join(', ')}.`;
  throw new OpsError(EXIT.notFound, 'which-source', `There is no source "${name}".`, remedy);
}

/** Warns of a source that the settings do not have: the ledger keeps changes of former sources, and none of a misspelled one. */
export function warnUnknownSource(
  terminal: Pick<Terminal, 'warn'>,
  { sources }: Configuration,
  name: string | undefined,
): void {
  if (name === undefined || lookup(sources, name) !== undefined) return;
  terminal.warn(`The settings have no source "${visible(name)}". They have: ${Object.keys(sources).join(', ')}.`);
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
  throw new OpsError(exitFor(name), 'which-microtenant', sentence, remedy);
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
  return decodeUtf8(await readBytes(path), path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
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
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: true });
  if ('empty' in documents) return [];
  return documents.map((document) => {
    const read = yamlValue(document, text);
    if ('value' in read) return read.value;
    const { line, column, words, shown } = read.fault;
    const quoted = shown.trim() === '' ? '' : `: "${visible(shown.trim(), 80)}"`;
    const sentence = `Line ${line}, column ${column}: ${words}${quoted}.`;
    throw new OpsError(EXIT.usage, 'not-yaml', sentence, 'Correct the file.');
  });
}

function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && 'changes' in value && Array.isArray(value.changes)) return value.changes;
  return [value];
}
