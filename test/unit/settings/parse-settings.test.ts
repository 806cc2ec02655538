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
    ]);
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

  it('shows no secret that somebody put there', () => {
    const misplaced = errorOf(YAML.replace('vanity: acme', 'vanity: whsec_c2VjcmV0LXNlY3JldA=='));
    expect(misplaced.message).toContain('tenants.acme.vanity');
    expect(misplaced.message).not.toContain('c2VjcmV0');
  });

  it.each(['', '[]', 'text'])('refuses %j', (text) => {
    expect(errorOf(text).faults).not.toEqual([]);
  });
});
