import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endings } from './in-world.ts';
import { withCli } from './with-cli.ts';

const SAMPLES = join(import.meta.dirname, '../../local/samples');

describe('the CLI against a local world', () => {
  it('finds it by a file that only its owner can read, without a secret in it', async () => {
    await withCli(async (_ops, world, folder) => {
      const file = join(folder, '.zpa-changes/local.json');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, 'utf8')).not.toContain(await world.sourceSecret('ops'));
    });
  });

  it('plans, submits and gets as the guide does: group 45096653 becomes Development Apps, enabled', async () => {
    await withCli(async (ops) => {
      const ticket = join(SAMPLES, 'jira-zpa-42.json');
      const planned = await ops('plan', ticket);
      expect([planned.exit, planned.out]).toEqual([0, expect.stringContaining('"Staging Apps" → "Development Apps"')]);
      const submitted = await ops('submit', ticket, '--wait', '--json');
      expect(submitted.exit).toBe(0);
      expect(submitted.json<{ changes: unknown[] }>().changes).toEqual([
        expect.objectContaining({ state: 'settled', outcome: expect.objectContaining({ kind: 'applied' }) }),
      ]);
      const got = await ops('groups', 'get', '45096653', '--tenant', 'acme-prod', '--json');
      expect(got.json<{ group: unknown }>().group).toMatchObject({ name: 'Development Apps', enabled: true });
      const listed = await ops('groups', 'list', '--tenant', 'acme-prod', '--json');
      expect(listed.json<{ groups: { name: string }[] }>().groups.map((one) => one.name)).toContain('Development Apps');
    });
  });

  it('shows a failure with its remedy, and redrives it once ZPA was mended', async () => {
    await withCli(async (ops, world, folder) => {
      const file = join(folder, 'delete.json');
      const change = { schemaVersion: 1, idempotencyKey: 'OPS-1', tenant: 'acme-prod', action: 'delete' };
      await writeFile(file, JSON.stringify({ ...change, group: { name: 'Field Service' } }));
      expect((await ops('submit', file, '--wait')).exit).toBe(1);
      const shown = await ops('failures', 'show', 'OPS-1');
      expect(shown.out).toContain('group-in-use');
      expect(shown.out).toContain('Field engineers');

      world.simulator.store.deleteRule('Field engineers');
      expect((await ops('failures', 'retry', 'OPS-1', '--yes')).exit).toBe(0);
      expect(await endings(world, ['OPS-1'])).toEqual(['applied']);
      expect(world.simulator.store.group('Field Service')).toBeUndefined();
      expect((await ops('failures', 'list', '--json')).json()).toEqual({ total: 0, failures: [], unreadable: [] });
      expect((await ops('status', 'OPS-1', '--json')).json()).toMatchObject({ generation: 2, state: 'settled' });
    });
  });

  it('reports what a colleague changed in the console as drift, with who and when', async () => {
    await withCli(async (ops, world) => {
      await ops('submit', join(SAMPLES, 'jira-zpa-42.json'), '--wait');
      expect((await ops('drift', '--tenant', 'acme-prod')).exit).toBe(0);
      world.simulator.store.editGroup('45096653', { enabled: false });
      const drift = await ops('drift', '--tenant', 'acme-prod', '--json');
      expect(drift.exit).toBe(7);
      const [report] = drift.json<{ reports: { findings: { kind: string }[] }[] }>().reports;
      expect(report?.findings.filter((finding) => finding.kind === 'changed')).toEqual([
        expect.objectContaining({
          group: expect.objectContaining({ id: '45096653' }),
          writer: expect.objectContaining({ id: '216196257331372702' }),
        }),
      ]);
    });
  });
});
