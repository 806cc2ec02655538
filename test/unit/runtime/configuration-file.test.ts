import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError, readConfiguration } from '../../../shared/runtime/configuration-file.ts';

const good = {
  name: 'demo',
  tenants: { acme: { customerId: '123', vanity: 'acme' } },
  sources: { helpdesk: { system: 'Helpdesk', grants: [{ tenants: ['acme'], actions: ['create'], groups: ['*'] }] } },
};

describe('readConfiguration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'configuration-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function reading(content: unknown): () => unknown {
    const path = join(folder, 'configuration.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return () => readConfiguration(path);
  }

  function faultsOf(read: () => unknown) {
    try {
      read();
    } catch (error) {
      if (error instanceof ConfigurationError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  }

  it('answers the parsed configuration, defaults filled in', () => {
    expect(reading(good)()).toMatchObject({ name: 'demo', tenants: { acme: { cloud: 'PRODUCTION', auth: 'oneapi' } } });
  });

  it('reports every fault with file, path, value and remedy', () => {
    const wrong = {
      name: 'Demo!',
      tenants: { acme: { customerId: 123, vanity: 'acme', colour: 'red' }, other: { customerId: '5' } },
      sources: { helpdesk: { grants: [{ tenants: ['nobody'], actions: [], groups: ['*'] }] } },
    };
    const error = faultsOf(reading(wrong));
    expect(error).toMatchObject({ code: 'bad-configuration', file: expect.stringContaining('configuration.json') });
    expect(error.faults).toEqual(
      expect.arrayContaining([
        { path: 'name', value: '"Demo!"', remedy: expect.stringMatching(/^must match .*a-z/) },
        { path: 'tenants.acme.customerId', value: '123', remedy: 'must be text in quotes' },
        { path: 'tenants.acme.colour', remedy: expect.stringContaining('not a field') },
        { path: 'sources.helpdesk.system', remedy: 'is missing; must be text in quotes' },
        { path: 'sources.helpdesk.grants.0.actions', value: '[]', remedy: 'must have at least 1 entries' },
      ]),
    );
    expect(error.message).toContain(error.file);
    expect(error.message).toContain('  tenants.acme.customerId = 123: must be text in quotes');
  });

  it('reports contradictions between fields', () => {
    const nameless = { ...good, tenants: { acme: { customerId: '123' } } };
    expect(faultsOf(reading(nameless)).faults).toMatchObject([{ path: 'tenants.acme.vanity' }]);
  });

  it('shows no secret that somebody put there, and no text around a fault of the JSON', () => {
    const misplaced = { ...good, name: 'whsec_c2VjcmV0LXNlY3JldA==' };
    expect(faultsOf(reading(misplaced)).message).not.toContain('c2VjcmV0');
    const broken = faultsOf(reading('{"name": "hush" "tenants": {}}'));
    expect(broken.faults).toEqual([{ path: '(file)', remedy: expect.stringMatching(/must be JSON.*position 16/) }]);
    expect(JSON.stringify([broken.message, broken.cause ?? null])).not.toContain('hush');
  });

  it('says which file is missing', () => {
    const path = join(folder, 'none.json');
    const error = faultsOf(() => readConfiguration(path));
    expect(error).toMatchObject({ file: path, code: 'bad-configuration', cause: { code: 'ENOENT' } });
  });
});
