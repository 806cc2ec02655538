import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { clientFrom } from '../../../shared/aws/clients.ts';
import { keyOfLine } from '../../../shared/domain/audit/audit-key.ts';
import { sealLine } from '../../../shared/domain/audit/audit-line.ts';
import { outcomeLineOf } from '../../../shared/domain/audit/outcome-line.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

let world: World;
let folder: string;
let s3: S3Client;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
// A run over midnight settles on two days.
const days = ['--from', day(Date.now()), '--to', day(Date.now() + 86_400_000)];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-audit-'));
  world = await startWorld({ timeFactor: 20, schedules: false });
  await writeLocalTarget(world, folder);
  s3 = clientFrom({ env: world.environment }, S3Client);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function zpa(...argv: string[]) {
  const console = createRecordingConsole();
  const exit = await run(argv, { console, cwd: folder, env: {} });
  return { exit, out: console.stdout(), err: console.stderr() };
}

async function settle(idempotencyKey: string, more: object) {
  await world.deliver('ops', { changes: [{ schemaVersion: 1, idempotencyKey, tenant: 'acme-prod', ...more }] });
  const [record] = await world.awaitSettled(world.refs('ops', [idempotencyKey]));
  if (record === undefined) throw new Error('it is settled');
  await world.runAudit();
  const { key = '', line } = outcomeLineOf(record, 1) ?? {};
  if (line === undefined) throw new Error('it has a line');
  return { record, key, line };
}
const Bucket = () => world.environment.AUDIT_BUCKET;
const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: Bucket(), Key, Body }));

describe('audit', () => {
  it('show says what the trail has of a ticket: who, what, before and after, by which settings', async () => {
    const { record, line } = await settle('AUS-1/1@A', { action: 'create', group: { name: 'Shown' }, enabled: true });
    const { exit, out } = await zpa('audit', 'show', record.ticket.id);
    expect(exit).toBe(0);
    for (const said of ['AUS-1/1@A', 'create "Shown"', 'applied, created', 'by version 1 of the settings', 'requested'])
      expect(out).toContain(said);
    if (line.outcome.writeId === undefined) throw new Error('it was written');
    expect(out).toContain(line.outcome.writeId);
    expect(JSON.parse((await zpa('--json', 'audit', 'show', record.ticket.id)).out)).toEqual([line]);
    expect(await zpa('audit', 'show', 'AUS-99')).toMatchObject({ exit: 3, err: expect.stringContaining('AUS-99') });
  });

  it('export gives every line of the days, as JSON and as CSV, and none of other days', async () => {
    const { line } = await settle('AUE-1/1@A', {
      action: 'update',
      group: { name: 'Nowhere' },
      set: { enabled: true },
    });
    const json = await zpa('audit', 'export', ...days);
    expect(json.exit).toBe(0);
    expect(JSON.parse(json.out)).toContainEqual(line);
    const csv = await zpa('audit', 'export', ...days, '--format', 'csv');
    const rows = csv.out.trimEnd().split('\r\n');
    expect(rows[0]).toContain('"requested by","approved by"');
    expect(
      rows.filter((row) => row.includes('"AUE-1/1@A"') && row.includes('"rejected group-not-found"')),
    ).toHaveLength(1);
    expect(rows).toHaveLength(JSON.parse(json.out).length + 1);
    expect(await zpa('audit', 'export', '--from', '2001-01-01', '--to', '2001-12-31')).toMatchObject({ out: '[]\n' });
    expect(await zpa('audit', 'export', '--from', 'yesterday', '--to', '2001-12-31')).toMatchObject({ exit: 2 });
  });

  it('verify finds nothing while ledger and trail agree', async () => {
    await settle('AUV-1/1@A', { action: 'update', group: { name: 'Nowhere' }, set: { enabled: true } });
    const { exit, out } = await zpa('--json', 'audit', 'verify', ...days);
    const found = JSON.parse(out);
    expect(exit).toBe(0);
    expect(found).toMatchObject({ faults: [], underWay: 0, forgotten: [] });
    expect(found.outcomes).toBe((await world.changes()).length);
  });

  it('verify names an outcome without a line, once that is not on its way any more', async () => {
    const { record } = await settle('AUM-1/1@A', { action: 'create', group: { name: 'Missed' } });
    if (record.outcome === undefined) throw new Error('it is settled');
    const at = Date.parse('2026-02-03T04:05:06Z');
    const ref = { ...record.ref, idempotencyKey: 'AUM-2/1@A' };
    const missed = { ...record, version: 1, ref, outcome: { ...record.outcome, at } };
    await world.ledger.writeChange(missed, 0);
    const { exit, out } = await zpa('--json', 'audit', 'verify', '--from', '2026-02-03', '--to', '2026-02-03');
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      outcomes: 1,
      faults: [{ key: outcomeLineOf(missed, 1)?.key, fault: 'missing' }],
    });
  });

  it('verify names an outcome of a source that neither settings nor list of known sources have', async () => {
    const { record } = await settle('AUF-1/1@A', { action: 'create', group: { name: 'Former' } });
    if (record.outcome === undefined) throw new Error('it is settled');
    const at = Date.parse('2026-02-05T04:05:06Z');
    const missed = {
      ...record,
      version: 1,
      ref: { ...record.ref, source: 'former' },
      outcome: { ...record.outcome, at },
    };
    await world.ledger.writeChange(missed, 0);
    const { exit, out } = await zpa('--json', 'audit', 'verify', '--from', '2026-02-05', '--to', '2026-02-05');
    expect(exit).toBe(1);
    expect(JSON.parse(out).faults).toEqual([{ key: outcomeLineOf(missed, 1)?.key, fault: 'missing' }]);
  });

  it('verify names a line that was changed, put elsewhere, replaced by another outcome, or is no line', async () => {
    const altered = await settle('AUV-2/1@A', { action: 'create', group: { name: 'Two' } });
    const { digest: _, ...content } = altered.line;
    const other = { ...content, ticket: { ...content.ticket, requestedBy: 'mallory@example.org' } };
    await put(altered.key, JSON.stringify({ ...other, digest: altered.line.digest }));
    const replaced = await settle('AUV-3/1@A', { action: 'create', group: { name: 'Three' } });
    const { digest: __, ...whole } = replaced.line;
    await put(replaced.key, JSON.stringify(sealLine({ ...whole, fingerprint: '0'.repeat(64) })));
    const misplaced = replaced.key.replace('~1~', '~2~');
    await put(misplaced, JSON.stringify(replaced.line));
    const malformed = replaced.key.replace('~1~', '~3~');
    await put(malformed, 'text');
    const { exit, out } = await zpa('--json', 'audit', 'verify', ...days);
    expect(exit).toBe(1);
    expect(JSON.parse(out).faults).toEqual(
      expect.arrayContaining([
        { key: altered.key, fault: 'altered' },
        { key: replaced.key, fault: 'differs' },
        { key: misplaced, fault: 'misplaced' },
        { key: malformed, fault: 'malformed' },
      ]),
    );
    expect(JSON.parse(out).faults).toHaveLength(4);
  });

  it('verify names a line of an outcome that the ledger never had, unless it may have forgotten it', async () => {
    const { line } = await settle('AUX-1/1@A', { action: 'create', group: { name: 'Known' } });
    const { digest: _, ...content } = line;
    const forged = async (over: Partial<typeof content>) => {
      const sealed = sealLine({ ...content, ...over });
      await put(keyOfLine(sealed), JSON.stringify(sealed));
      return keyOfLine(sealed);
    };
    const never = await forged({ ref: { ...line.ref, idempotencyKey: 'AUX-2/1@A' } });
    const retried = await forged({ generation: 2 });
    const old = await forged({ at: '2001-02-03T04:05:06.000Z' });
    const { exit, out } = await zpa('--json', 'audit', 'verify', ...days);
    expect(exit).toBe(1);
    expect(JSON.parse(out).faults).toEqual(
      expect.arrayContaining([
        { key: never, fault: 'unexpected' },
        { key: retried, fault: 'unexpected' },
      ]),
    );
    expect(JSON.parse(out).forgotten).toEqual([]);
    const longAgo = await zpa('--json', 'audit', 'verify', '--from', '2001-02-03', '--to', '2001-02-03');
    expect([longAgo.exit, JSON.parse(longAgo.out)]).toMatchObject([0, { faults: [], forgotten: [old] }]);
  });
});
