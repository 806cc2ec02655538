import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { aChange, anApplied, anUpdate, aRef } from '../../fakes/records.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

const WHY = ['--reason', 'nobody can look', '--by', 'lena'];

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-release-'));
  world = await startWorld({ timeFactor: 20, schedules: false });
  await writeLocalTarget(world, folder);
});
afterEach(() => world.simulator.faults.clear());
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function zpa(argv: string[], over: { interactive?: boolean; answer?: boolean } = {}) {
  const console = createRecordingConsole(over);
  const exit = await run(argv, { console, cwd: folder, env: {} });
  return { exit, out: console.stdout(), err: console.stderr(), asked: console.asked };
}

/** Leaves an open intent in a lane, and no message that would wake a worker for it. */
async function leaveIntent(key: string): Promise<string> {
  const tenant = world.configuration.tenants['globex-prod'];
  if (tenant === undefined) throw new Error('the local world has this tenant');
  const lane = laneName(tenant);
  const before = world.simulator
    .storeOf(tenant.customerId)
    .createGroup({ name: `Group of ${key}`, description: 'as it was' });
  const ref = aRef(key, { lane, source: 'ops', tenant: 'globex-prod' });
  const change = anUpdate({ tenant: 'globex-prod', idempotencyKey: key });
  const sequence = await world.ledger.takeSequences(lane, 1);
  await world.ledger.writeChange(aChange({ ref, change, sequence, version: 0, state: 'queued' }), 0);
  const { effect, approved, reach } = anApplied();
  const fields = { name: before.name, description: 'as intended', enabled: true, configSpace: 'DEFAULT' };
  const write = { kind: 'update', via: 'v2', groupId: before.id, microtenantId: '0', fields } as const;
  const group = { id: before.id, ...fields, description: 'as it was', microtenantId: '0', applicationIds: [] };
  const intent: Intent = {
    writeId: 'w1',
    tenant: 'globex-prod',
    members: [{ ref, generation: 1, sequence, ending: { kind: 'applied', effect, approved, reach } }],
    writes: [
      {
        write: { ...write, addedApps: ['926196382959075422'], deletedApps: [] },
        before: {
          ...{ ...group, readOnly: false },
          ...{ modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined },
        },
      },
    ],
    cursor: 0,
    sendBefore: Date.now() - 60_000,
  };
  const record = await world.ledger.readLane(lane);
  await world.ledger.writeLane({ ...record, intent }, record.version);
  return lane;
}

describe('lanes release', () => {
  it('settles a write whose tenant answers nobody, after it showed all that is known', async () => {
    const lane = await leaveIntent('R-1');
    const ref = aRef('R-1', { lane, source: 'ops', tenant: 'globex-prod' });
    world.simulator.faults.script({ method: 'GET' }, { kind: 'error' }, Number.POSITIVE_INFINITY);
    const script = await zpa(['lanes', 'release', 'globex-prod', ...WHY]);
    expect(script).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    const no = await zpa(['lanes', 'release', 'globex-prod', ...WHY], { interactive: true, answer: false });
    expect(no).toMatchObject({ exit: 130, asked: ['Settle this change as outcome-unknown?'] });
    expect(no.out).toContain('not readable');
    expect(no.err).toContain('It is not readable now');
    expect(no.out).toMatch(/R-1 .*update/);

    const done = await zpa(['lanes', 'release', 'R-1', ...WHY, '--yes']);
    expect(done).toMatchObject({
      exit: 0,
      out: expect.stringContaining('R-1 (generation 1) is settled: outcome-unknown'),
    });
    const record = await world.ledger.readChange(ref);
    expect(record).toMatchObject({
      state: 'settled',
      pending: [],
      failed: true,
      outcome: {
        code: 'outcome-unknown',
        details: { releasedBy: 'lena (operator)', intended: { description: 'as intended' } },
      },
    });
    expect(record?.outcome).toMatchObject({ sentence: expect.stringContaining('nobody can look') });
    expect(world.failures().map((one) => one.ref?.idempotencyKey)).toContain('R-1');
    expect(world.outcomes().filter((one) => one.ref.idempotencyKey === 'R-1')).toHaveLength(1);
    expect(await zpa(['lanes', 'release', 'globex-prod', ...WHY, '--yes'])).toMatchObject({
      exit: 3,
      err: expect.stringContaining('no-open-intent'),
    });

    world.simulator.faults.clear();
  });

  it('shows the group before, as intended and as it lives', async () => {
    const lane = await leaveIntent('R-3');
    const shown = await zpa(['lanes', 'release', 'globex-prod', ...WHY], { interactive: true, answer: false });
    expect(shown.out).toMatch(/description\s+as it was\s+as intended\s+as it was/);
    expect(shown.out).toMatch(/926196382959075422\s+not in it\s+in it\s+not in it/);
    expect((await world.ledger.readLane(lane)).intent).toBeDefined();
    const json = await zpa(['--json', 'lanes', 'release', lane, ...WHY, '--yes']);
    expect(JSON.parse(json.out)).toMatchObject({
      lane,
      settled: [{ idempotencyKey: 'R-3', outcome: { details: { live: { description: 'as it was' } } } }],
    });
    expect(await world.ledger.readLane(lane)).not.toHaveProperty('lease');
  });

  it('is refused while a worker holds the lane, and says until when', async () => {
    const lane = await leaveIntent('R-4');
    const record = await world.ledger.readLane(lane);
    const until = Date.now() + 60_000;
    await world.ledger.writeLane({ ...record, lease: { owner: 'w', until } }, record.version);
    const refused = await zpa(['lanes', 'release', lane, ...WHY, '--yes']);
    expect(refused.exit).toBe(4);
    expect(refused.err).toMatch(/lane-busy[\s\S]*Try again after \d{4}-/);
    expect((await zpa(['lanes', 'release', 'nowhere', ...WHY])).exit).toBe(3);
  });
});
