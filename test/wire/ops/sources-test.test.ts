import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

const grants = [{ tenants: ['acme-prod'], actions: ['create', 'update'], groups: ['*'], applications: ['*'] }];
const JSONATA = `{'ticket': number, 'changes': items.{'tenant': 'acme-prod', 'action': 'update',
  'group': {'name': group}, 'applications': {'add': [apps.{'name': $}]}}}`;
const desk = { gate: { ticket: 'number', approved: [{ field: 'state', oneOf: ['approved'] }] } };
const SETTINGS = {
  tenants: { 'acme-prod': { customerId: '1', vanity: 'acme' } },
  sources: {
    servicenow: {
      system: 'ServiceNow',
      grants,
      mapping: { preset: 'servicenow-change' },
      approval: { gate: { preset: 'servicenow-change' } },
    },
    desk: { system: 'Desk', grants, mapping: { jsonata: JSONATA }, approval: desk },
    ops: { system: 'CLI', grants },
  },
};
const SAMPLES = resolve(import.meta.dirname, '../../../local/samples/payloads');
const NORMAL = join(SAMPLES, 'servicenow-normal-change.json');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-sources-'));
  await writeFile(join(folder, 'settings.json'), JSON.stringify(SETTINGS));
});
afterAll(() => rm(folder, { recursive: true }));

/** The command needs no target: it calls nothing. */
async function test(argv: string[], input: unknown = '', settings = 'settings.json') {
  const console = createRecordingConsole({ input: typeof input === 'string' ? input : JSON.stringify(input) });
  const exit = await run([...argv, '--settings', settings], { console, cwd: folder, env: {} });
  return { exit, out: console.stdout(), err: console.stderr() };
}

describe('sources test', () => {
  it('shows what a payload would enqueue, and what the gate says of it', async () => {
    const { exit, out, err } = await test(['sources', 'test', 'servicenow', NORMAL]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('Gate: ticket CHG0031401 is approved');
    expect(out).toContain('CHG0031401/1');
    expect(out).toContain('update "Intranet": +2 application segments');
    expect(out).toContain('2026-12-01T21:00:00Z');
  });

  it('as JSON: the changes as they would be accepted, defaults filled in', async () => {
    const { exit, out } = await test(['--json', 'sources', 'test', 'servicenow', NORMAL]);
    const group = { name: 'Intranet' };
    const ticket = { system: 'ServiceNow', id: 'CHG0031401', requestedBy: 'kim.adeyemi', approvals: [] };
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      source: 'servicenow',
      ticket: { id: 'CHG0031401' },
      changes: [{ idempotencyKey: 'CHG0031401/1', group, takeFromOtherGroups: false, ticket }],
    });
  });

  it('says every fault with source, row and field, and what to do; hostile text is harmless', async () => {
    const variables = { zpa_tenant: 'acme-prod', zpa_action: 'explode', zpa_enabled: 'per\u001B[2Jhaps' };
    const payload = { record: { number: 'CHG1', variables } };
    const { exit, out } = await test(['sources', 'test', 'servicenow', '-'], payload);
    expect(exit).toBe(2);
    expect(out).toContain(
      '✗ Source "servicenow", row "action": record.variables.zpa_action = "explode" is not in the lookup.',
    );
    expect(out).toContain('✗ Source "servicenow", row "group": record.variables.zpa_group is not filled in.');
    expect(out).toContain('"per\\u{1B}[2Jhaps" is neither yes nor no.');
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    const { out: json } = await test(['--json', 'sources', 'test', 'servicenow', '-'], payload);
    expect(JSON.parse(json).faults).toMatchObject([{ row: 'action' }, { row: 'group' }, { row: 'enabled' }]);
  });

  it('holds changes against the source’s grants', async () => {
    const variables = { zpa_tenant: 'acme-prod', zpa_action: 'delete', zpa_group: 'Finance' };
    const { exit, out } = await test(['sources', 'test', 'servicenow', '-'], { record: { number: 'CHG1', variables } });
    expect(exit).toBe(2);
    expect(out).toContain('✗ This source may not ask for a delete in tenant "acme-prod".');
  });

  it('carries out JSONata as the webhook does', async () => {
    const payload = {
      number: 'D-1',
      state: 'open',
      items: [
        { group: 'A', apps: ['x', 'y'] },
        { group: 'B', apps: 'z' },
      ],
    };
    const { exit, out } = await test(['sources', 'test', 'desk', '-'], payload);
    expect(exit).toBe(0);
    expect(out).toContain('Gate: ignored (not-approved)');
    expect(out).toMatch(/D-1\/1 .*update "A": \+2 application segments/);
    expect(out).toMatch(/D-1\/2 .*update "B": \+1 application segment/);
  });

  it('judges our own JSON where there is no mapping', async () => {
    const change = {
      schemaVersion: 1,
      idempotencyKey: 'T-1',
      tenant: 'acme-prod',
      action: 'update',
      group: { id: '7' },
    };
    expect((await test(['sources', 'test', 'ops', '-'], { ...change, set: { enabled: true } })).exit).toBe(0);
    expect((await test(['sources', 'test', 'ops', '-'], change)).out).toContain('changes nothing');
  });

  it('takes settings that are not pushed, and says what is wrong with them', async () => {
    const { sources, ...rest } = SETTINGS;
    const rows = { tenant: { value: 'acme-prod' }, enabled: null };
    const next = { ...sources.servicenow, mapping: { preset: 'servicenow-change', rows } };
    await writeFile(join(folder, 'next.json'), JSON.stringify({ ...rest, sources: { next } }));
    const tested = () => test(['sources', 'test', 'next', NORMAL], '', 'next.json');
    expect((await tested()).exit).toBe(0);
    const broken = { ...next, mapping: { preset: 'servicenow-change', rows: { x: { from: 'a' } } } };
    await writeFile(join(folder, 'next.json'), JSON.stringify({ ...rest, sources: { next: broken } }));
    const { exit, err } = await tested();
    expect(exit).toBe(2);
    expect(err).toContain('sources.next.mapping.rows.x');
  });

  it('knows its sources, and JSON', async () => {
    expect(await test(['sources', 'test', 'nobody', NORMAL])).toMatchObject({ exit: 3 });
    expect((await test(['sources', 'test', 'ops', '-'], '{"a":1,"a":2}')).exit).toBe(2);
  });
});
