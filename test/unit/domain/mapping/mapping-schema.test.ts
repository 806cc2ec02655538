import { describe, expect, it } from 'vitest';
import { type Mapping, mappingSchema } from '../../../../shared/domain/mapping/mapping-schema.ts';
import { PRESET_NAMES } from '../../../../shared/domain/mapping/table/preset-names.ts';
import { ConfigurationError } from '../../../../shared/runtime/configuration-error.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { MINIMAL, minimal } from './mapping-samples.ts';

/** The faults that the author of the settings reads, one line each. */
function faultsOf(mapping: unknown): string[] {
  const tenants = { 'acme-prod': { customerId: '1', vanity: 'acme' } };
  const sources = { desk: { system: 'Desk', mapping, approval: { gate: { preset: 'jira-issue' } } } };
  try {
    parseSettings(JSON.stringify({ tenants, sources }), 'settings.json');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map(({ path, remedy }) => `${path.replace('sources.desk.mapping.', '')}: ${remedy}`);
  }
}

describe('a mapping in the configuration', () => {
  it.each(PRESET_NAMES)('may be the preset %s alone', (preset) => expect(faultsOf({ preset })).toEqual([]));

  it('may be a table from nothing, or an expression', () => {
    expect(faultsOf(MINIMAL)).toEqual([]);
    expect(faultsOf({ jsonata: '{"ticket": id}', reads: ['id'] })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no path', minimal({ x: { from: 'a..b', to: 'name' } }), 'rows.x.from: must be a field path, for example'],
    ['no target', minimal({ x: { from: 'a' } }), 'rows.x: needs "to": what the row fills in'],
    ['neither', minimal({ x: { to: 'name' } }), 'rows.x: needs exactly one of "from", a field path, and "value"'],
    ['both', minimal({ x: { from: 'a', value: 'b', to: 'name' } }), 'rows.x: needs exactly one of "from"'],
    ['a strange target', minimal({ x: { from: 'a', to: 'nam' } }), 'rows.x.to: must be "ticket" or'],
    [
      'a strange transform',
      minimal({ x: { from: 'a', to: 'name', transform: ['upper'] } }),
      'rows.x.transform.0: must be "trim"',
    ],
    [
      'no zone',
      minimal({ x: { from: 'a', to: 'notBefore', transform: [{ utc: 'Berlin' }] } }),
      'rows.x.transform.0.utc: must be an IANA zone',
    ],
    ['the ticket in a line', minimal({ ticket: { from: '$line.id', to: 'ticket' } }), 'rows.ticket: reads a line'],
    ['no tenant', { rows: { ...MINIMAL.rows, tenant: null } }, 'rows: needs a row to "tenant", for example'],
    ['nothing', {}, 'rows: needs a row to "ticket"'],
    ['both ways', { jsonata: 'a', preset: 'jira-issue' }, 'preset: cannot stand beside "jsonata"'],
    ['reads of a table', minimal({}, { reads: ['a'] }), 'reads: belongs to "jsonata"'],
    ['an unknown field', minimal({}, { row: {} }), 'row: is not a field of the configuration'],
    ['an unknown preset', { preset: 'jira' }, 'preset: must be "servicenow-change" or'],
  ])('is refused with %s', (_, mapping, fault) => {
    const faults = faultsOf(mapping);
    expect(faults.find((one) => one.startsWith(fault)) ?? faults).toContain(fault);
  });

  it('rows named as what every object has are rows like others', () => {
    const rows = JSON.parse('{"constructor": {"value": "x", "to": "description"}, "toString": null}');
    const parsed: Mapping = mappingSchema.parse({ preset: 'own-json', rows });
    expect(Object.keys(parsed.rows ?? {})).toEqual(['constructor', 'toString']);
    expect(faultsOf({ preset: 'own-json', rows })).toEqual([]);
  });
});
