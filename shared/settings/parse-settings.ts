import { parseDocument } from 'yaml';
import { type Settings, settingsSchema } from '../domain/configuration/configuration.ts';
import { ConfigurationError, parseConfiguration } from '../runtime/configuration-error.ts';
import { yamlValue } from './yaml-fault.ts';

/** `text`: the settings as they were written, in JSON on one line. Defaults are not filled in (docs/adr/0014). */
export type ParsedSettings = { settings: Settings; text: string };

/**
 * Parses the text of a settings file, YAML or JSON. Throws `ConfigurationError` with every fault. A field `$schema`, by
 * which editors know the schema, is left out.
 */
export function parseSettings(text: string, file: string): ParsedSettings {
  const value = withoutSchema(parseText(text, file));
  return { settings: parseConfiguration(settingsSchema, value, file), text: JSON.stringify(value) };
}

/** JSON is YAML too. The line of a fault is not shown, because it may hold a text that does not belong here. */
function parseText(text: string, file: string): unknown {
  const read = yamlValue(parseDocument(text, { uniqueKeys: true, prettyErrors: false }), text);
  if ('value' in read) return read.value;
  const { line, column, words } = read.fault;
  throw new ConfigurationError(file, [{ path: `line ${line}, column ${column}`, remedy: words }]);
}

function withoutSchema(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { $schema: _, ...rest } = value as Record<string, unknown>;
  return rest;
}
