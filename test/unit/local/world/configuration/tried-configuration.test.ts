import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localConfiguration } from '../../../../../local/world/configuration/local-configuration.ts';
import { asTried, readTriedSettings } from '../../../../../local/world/configuration/tried-configuration.ts';
import { settingsSchema } from '../../../../../shared/domain/configuration/configuration.ts';

const local = localConfiguration('http://127.0.0.1:1');
const addresses = { servicenow: 'http://127.0.0.1:2', jira: 'http://127.0.0.1:3', webhook: 'http://127.0.0.1:4' };
const theirs = settingsSchema.parse({
  tenants: { here: { customerId: '7', vanity: 'acme', budget: { reads: 10 } } },
  sources: {
    tool: { system: 'Tool', tickets: { kind: 'webhook', url: 'https://tool.acme.example/outcomes' } },
    tracker: {
      system: 'Jira',
      allowedCidrs: ['203.0.113.0/24'],
      tickets: { kind: 'jira', url: 'https://acme.atlassian.net', approvedStatuses: ['Go'] },
      grants: [{ tenants: ['here'], actions: ['create'], groups: ['Web *'] }],
    },
  },
});

describe('settings that are tried on this machine', () => {
  const tried = asTried(theirs, local, addresses);

  it('lead to nothing that is real: tenants and ticket systems are the simulated ones', () => {
    const { 'acme-prod': simulated } = local.tenants;
    expect(tried.tenants.here).toMatchObject({ endpoint: 'http://127.0.0.1:1', customerId: simulated?.customerId });
    expect(JSON.stringify(tried)).not.toContain('atlassian.net');
    expect(tried.sources.tool?.tickets?.url).toBe('http://127.0.0.1:4');
  });

  it('are theirs otherwise, and take deliveries from here', () => {
    expect(tried.tenants.here?.budget.reads).toBe(10);
    expect(tried.sources.tracker).toMatchObject({
      tickets: { approvedStatuses: ['Go'], url: 'http://127.0.0.1:3', allowedPrivateCidrs: ['127.0.0.0/8'] },
      grants: theirs.sources.tracker?.grants,
    });
    expect(tried.sources.tracker?.allowedCidrs).toBeUndefined();
    expect(tried.sources.ops?.grants[0]?.tenants).toEqual(['here']);
  });

  it('are refused with the field that is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-tried-'));
    const file = join(folder, 'settings.json');
    await writeFile(file, JSON.stringify({ tenants: {}, sources: { tool: { system: '' } } }));
    await expect(readTriedSettings(file)).rejects.toThrow(/sources\.tool\.system/);
    await rm(folder, { recursive: true });
  });
});
