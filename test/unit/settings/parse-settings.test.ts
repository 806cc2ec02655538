import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../shared/runtime/configuration-error.ts';
import { parseSettings } from '../../../shared/settings/parse-settings.ts';

const YAML = `
# What the help desk may do.
tenants:
  acme: { customerId: "123", vanity: acme }
sources:
  helpdesk:
    system: Helpdesk
    grants:
      - tenants: [acme]
        actions: [create]
        groups: ["*"]
`;
const WRITTEN = {
  tenants: { acme: { customerId: '123', vanity: 'acme' } },
  sources: { helpdesk: { system: 'Helpdesk', grants: [{ tenants: ['acme'], actions: ['create'], groups: ['*'] }] } },
};

function errorOf(text: string): ConfigurationError {
  try {
    parseSettings(text, 'settings.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseSettings', () => {
  it.each([
    ['YAML', YAML],
    ['JSON', JSON.stringify(WRITTEN, null, '\t')],
    ['JSON that names its schema', JSON.stringify({ $schema: './settings.schema.json', ...WRITTEN })],
  ])('reads %s: the settings with their defaults, and the text as it was written', (_, text) => {
    const parsed = parseSettings(text, 'settings.yaml');
    expect(parsed.settings.tenants.acme).toMatchObject({ cloud: 'PRODUCTION', auth: 'oneapi', membership: 'v2' });
    expect(parsed.text).toBe(JSON.stringify(WRITTEN));
  });

  it('names every fault at once, with file, path, value and remedy', () => {
    const error = errorOf(`
tenants:
  acme: { customerId: 123, vanity: acme, colour: red }
  other: { customerId: "5" }
sources:
  helpdesk: { grants: [{ tenants: [nobody], actions: [], groups: ["*"] }] }
`);
    expect(error).toMatchObject({ code: 'bad-configuration', file: 'settings.yaml' });
    expect(error.faults).toEqual([
      { path: 'tenants.acme.customerId', value: '123', remedy: 'must be text in quotes' },
      { path: 'tenants.acme.colour', remedy: expect.stringContaining('not a field') },
      { path: 'sources.helpdesk.system', remedy: 'is missing; must be text in quotes' },
      { path: 'sources.helpdesk.grants.0.actions', value: '[]', remedy: 'must have at least 1 entries' },
      { path: 'tenants.other.vanity', remedy: 'is needed for OneAPI: the "acme" of acme.zslogin.net' },
      {
        path: 'sources.helpdesk.grants.0.tenants',
        value: '["nobody"]',
        remedy: 'names tenants that are not configured: nobody',
      },
    ]);
  });

  it('judges by several fields only where each of them is as it should be, and tells the faults of the rest', () => {
    const error = errorOf(`
tenants:
  wrong: { customerId: "1", vanity: 7, guards: no, budget: 3, drift: [] }
  nothing:
  other: { customerId: "5", colour: red }
sources:
  one: { system: A, mapping: 3, approval: x, grants: [{ tenants: 5, actions: [create], groups: ["*"] }] }
  two: { system: A, approval: {}, grants: [{ tenants: [wrong, x], actions: [create], groups: ["*"] }] }
  three: { system: A, approval: {}, tickets: no }
`);
    expect(error.faults.map(({ path }) => path)).toEqual([
      'tenants.wrong.vanity',
      'tenants.wrong.budget',
      'tenants.wrong.guards',
      'tenants.wrong.drift',
      'tenants.nothing',
      'tenants.other.colour',
      'sources.one.mapping',
      'sources.one.approval',
      'sources.one.grants.0.tenants',
      'sources.three.tickets',
      'tenants.other.vanity',
      'sources.two.mapping',
      'sources.two.grants.0.tenants',
      'sources.three.mapping',
    ]);
  });

  it.each(['null', '[]', 'tenants: 3', '{ tenants: [], sources: null }', 'sources: { a: 1 }'])('refuses %s', (text) => {
    expect(errorOf(text).faults).not.toEqual([]);
  });

  it.each([
    ['a tenant in YAML', YAML.replace('  acme: {', '  __proto__: { customerId: "9" }\n  acme: {'), 'tenants.__proto__'],
    ['a source in YAML', YAML.replace('  helpdesk:', '  __proto__: {}\n  helpdesk:'), 'sources.__proto__'],
    [
      'a tenant in JSON',
      JSON.stringify(WRITTEN).replace('"acme":', '"__proto__":{"customerId":"9"},"acme":'),
      'tenants.__proto__',
    ],
    [
      'a microtenant',
      YAML.replace('vanity: acme', 'vanity: acme, microtenants: { __proto__: "1001" }'),
      'tenants.acme.microtenants.__proto__',
    ],
  ])('refuses the name __proto__, which would be lost: %s', (_, text, path) => {
    expect(errorOf(text).faults).toEqual([{ path, remedy: 'cannot be a name; choose another one' }]);
  });

  it('names contradictions between fields', () => {
    const unknown = errorOf(YAML.replace('tenants: [acme]', 'tenants: [globex]'));
    expect(unknown.faults).toMatchObject([{ path: 'sources.helpdesk.grants.0.tenants' }]);
    const nameless = errorOf('tenants: { acme: { customerId: "1" } }\nsources: {}');
    expect(nameless.faults).toMatchObject([{ path: 'tenants.acme.vanity' }]);
  });

  it.each([
    ['the name of a stack', 'name: zpa-changes'],
    ['a schedule', 'schedules: { sweep: rate(1 minute) }'],
    ['a version', 'settingsVersion: 3'],
  ])('refuses %s, which is no setting', (_, line) => {
    expect(errorOf(`${line}\n${YAML}`).faults).toMatchObject([{ remedy: expect.stringContaining('not a field') }]);
  });

  it.each([
    [
      'a key that is named twice',
      'tenants: {}\ntenants: {}\nsources: {}',
      'line 2, column 1: the field is stated twice',
    ],
    ['a second document', 'tenants: {}\nsources: {}\n---\ntenants: {}', 'line 3, column 1: a line of three dashes'],
    ['broken JSON', '{"tenants": {} "hush": 1}', 'line 1, column 16'],
  ])('says where %s is, and nothing of the text around it', (_, text, where) => {
    const error = errorOf(text);
    expect(`${error.faults[0]?.path}: ${error.faults[0]?.remedy}`).toContain(where);
    expect(error.faults).toHaveLength(1);
    expect(error.message).not.toContain('hush');
  });

  it('reads settings whose sources share what an anchor names, however many they are', () => {
    const shared = Array.from({ length: 300 }, (_, index) => `  s${index}: { system: "S${index}", grants: *all }`);
    const text = `
tenants: { acme: { customerId: "1", vanity: acme } }
sources:
  first: { system: First, grants: &all [{ tenants: [acme], actions: [create], groups: ["*"] }] }
${shared.join('\n')}
`;
    const { sources } = parseSettings(text, 'settings.yaml').settings;
    expect(sources.s299?.grants).toEqual(sources.first?.grants);
  });

  it.each([
    [
      'an alias without an anchor',
      'tenants: {}\nsources: *desk',
      'line 2, column 10: no anchor (&name) above names what this alias stands for',
    ],
    [
      'aliases that multiply',
      [
        'a: &a [x, x]',
        ...Array.from(
          { length: 16 },
          (_, at) =>
            `${'bcdefghijklmnopq'[at]}: &${'bcdefghijklmnopq'[at]} [*${'abcdefghijklmnop'[at]}, *${'abcdefghijklmnop'[at]}]`,
        ),
      ].join('\n'),
      'the aliases (*name) repeat each other too often',
    ],
  ])('refuses %s', (_, text, words) => {
    expect(errorOf(text).faults.map(({ path, remedy }) => `${path}: ${remedy}`)).toEqual([
      expect.stringContaining(words),
    ]);
  });

  it.each([
    [
      'a tenant',
      'tenants: { Acme Prod: { customerId: "1", vanity: a } }\nsources: {}',
      'tenants.Acme Prod',
      'up to 64 letters',
    ],
    [
      'a last writer',
      YAML.replace('vanity: acme', 'vanity: acme, writers: { abc: { name: Kim, kind: own } }'),
      'tenants.acme.writers.abc',
      'digits',
    ],
  ])('says what the name of %s must be', (_, text, path, remedy) => {
    expect(errorOf(text).faults).toEqual([
      { path, value: expect.any(String), remedy: expect.stringContaining(remedy) },
    ]);
  });

  it.each([
    [
      'a time without its zero',
      '{ from: "fri 16:00", until: "mon 8:00", timeZone: Europe/Berlin }',
      '.until',
      'fri 16:00',
    ],
    [
      'a zone that does not exist',
      '{ from: "fri 16:00", until: "mon 08:00", timeZone: Europe/Berlim }',
      '.timeZone',
      'Europe/Berlin',
    ],
    ['a week without its zone', '{ from: "fri 16:00", until: "mon 08:00" }', '.from', 'timeZone'],
    [
      'a period that ends before it begins',
      '{ from: 2027-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z }',
      '',
      'end after',
    ],
  ])('names the fault of a freeze: %s', (_, freeze, field, remedy) => {
    const text = YAML.replace('vanity: acme', `vanity: acme, freezes: [${freeze}]`);
    expect(errorOf(text).faults).toContainEqual(
      expect.objectContaining({ path: `tenants.acme.freezes.0${field}`, remedy: expect.stringContaining(remedy) }),
    );
  });

  it.each([
    ['a week', '{ from: "fri 16:00", until: "mon 08:00", timeZone: Europe/Berlin, reason: 5 }'],
    ['a period', '{ from: 2027-01-01T00:00:00Z, until: 2027-02-01T00:00:00Z, reason: 5 }'],
  ])('takes a freeze with a fault for what it is meant to be: %s', (_, freeze) => {
    const text = YAML.replace('vanity: acme', `vanity: acme, freezes: [${freeze}]`);
    expect(errorOf(text).faults).toMatchObject([{ path: 'tenants.acme.freezes.0.reason' }]);
  });

  it('refuses a second spelling of a customer id, which would get a lane of its own', () => {
    const text = YAML.replace('sources:', '  twin: { customerId: "0123", vanity: acme }\nsources:');
    expect(errorOf(text).faults).toMatchObject([{ path: 'tenants.twin.customerId', value: '"0123"' }]);
  });

  it('refuses a tenant named constructor, whose lane could not be stored', () => {
    const text = YAML.replace('sources:', '  constructor: { customerId: "5", vanity: acme }\nsources:');
    expect(errorOf(text).faults).toMatchObject([{ path: 'tenants.constructor', remedy: 'must be another name' }]);
  });

  it('knows no tenant by a name that every object inherits', () => {
    const error = errorOf(YAML.replace('tenants: [acme]', 'tenants: [constructor]'));
    expect(error.faults).toMatchObject([{ path: 'sources.helpdesk.grants.0.tenants' }]);
  });

  it('shows no secret that somebody put there', () => {
    const misplaced = errorOf(YAML.replace('vanity: acme', 'vanity: whsec_c2VjcmV0LXNlY3JldA=='));
    expect(misplaced.message).toContain('tenants.acme.vanity');
    expect(misplaced.message).not.toContain('c2VjcmV0');
  });

  it.each(['', '[]', 'text'])('refuses %j', (text) => {
    expect(errorOf(text).faults).toMatchObject([{ path: '(file)', remedy: 'must be an object' }]);
  });
});
