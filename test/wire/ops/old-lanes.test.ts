import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createKnownLanes } from '../../../shared/aws/ledger/known-lanes.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { aChange, aRef, aRejected } from '../../fakes/records.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

/** Changes in lanes that no tenant has any more: one tenant was removed, the other one got another customer. */
const OLD = [
  { tenant: 'removed', lane: 'BETA:1' },
  { tenant: 'acme-prod', lane: 'BETA:2' },
];

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-old-lanes-'));
  world = await startWorld({ timeFactor: 20, schedules: false });
  await writeLocalTarget(world, folder);
  const { environment } = world;
  const known = createKnownLanes({ env: environment, tableName: environment.TABLE_NAME ?? '' });
  const { version } = await known.read();
  await known.write({ version, lanes: OLD }, version);
  for (const [index, { lane, tenant }] of OLD.entries()) {
    await put(lane, tenant, `F-${index}`, { state: 'settled', outcome: aRejected(), failed: true });
    await put(lane, tenant, `S-${index}`, { state: 'scheduled', scheduledFor: Date.now() + 1e9 });
  }
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function put(lane: string, tenant: string, key: string, over: Partial<ChangeRecord>): Promise<void> {
  const sequence = await world.ledger.takeSequences(lane, 1);
  const ref = aRef(key, { lane, tenant, source: 'ops' });
  await world.ledger.writeChange(aChange({ ref, sequence, ...over }), 0);
}

async function zpa(...argv: string[]) {
  const console = createRecordingConsole({});
  const exit = await run(['--json', ...argv], { console, cwd: folder, env: {} });
  return { exit, document: console.stdout() === '' ? undefined : JSON.parse(console.stdout()) };
}

describe('changes in a lane that no tenant has any more', () => {
  it('are listed with the failures, and shown', async () => {
    const { document } = await zpa('failures', 'list');
    expect(document.failures.map(({ ref }: ChangeRecord) => ref.idempotencyKey).toSorted()).toEqual(['F-0', 'F-1']);
    for (const key of ['F-0', 'F-1']) expect((await zpa('failures', 'show', key)).exit).toBe(0);
  });

  it.each([0, 1])('are found by their key (%i)', async (index) => {
    expect(await zpa('status', `S-${index}`)).toMatchObject({ exit: 6, document: { ref: OLD[index] } });
  });

  it('stand in the list of lanes, under the name that their tenant had', async () => {
    const { document } = await zpa('lanes', 'list');
    for (const { lane, tenant } of OLD) {
      expect(document.lanes).toContainEqual(expect.objectContaining({ lane, tenants: [], former: [tenant], open: 1 }));
    }
    expect((await zpa('lanes', 'pause', 'BETA:1', '--reason', 'x')).exit).toBe(0);
  });

  it('stand on the page of the local world', async () => {
    const { lanes, changes } = await world.snapshot();
    for (const { lane, tenant } of OLD)
      expect(lanes).toContainEqual(expect.objectContaining({ lane, tenants: [tenant] }));
    expect(changes.map(({ ref }) => ref.idempotencyKey)).toEqual(expect.arrayContaining(['F-0', 'S-0', 'F-1', 'S-1']));
  });

  it('can be cancelled and discarded', async () => {
    expect((await zpa('cancel', 'S-0', '--source', 'ops', '--reason', 'gone', '--yes')).exit).toBe(0);
    expect((await zpa('failures', 'discard', 'F-1', '--reason', 'gone', '--yes')).document.discarded).toHaveLength(1);
  });
});
