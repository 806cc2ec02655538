import { afterEach, describe, expect, it } from 'vitest';
import { aRef } from '../../fakes/records.ts';
import { leaveIntent } from './leave-intent.ts';
import { useScene } from './use-scene.ts';

const WHY = ['--reason', 'nobody can look', '--by', 'lena'];

const scene = useScene({ timeFactor: 20, schedules: false });
const { zpa } = scene;

afterEach(() => scene.world.simulator.faults.clear());

describe('lanes release', () => {
  it('settles a write whose tenant answers nobody, after it showed all that is known', async () => {
    const lane = await leaveIntent(scene.world, 'R-1');
    const ref = aRef('R-1', { lane, source: 'ops', tenant: 'globex-prod' });
    scene.world.simulator.faults.script({ method: 'GET' }, { kind: 'error' }, Number.POSITIVE_INFINITY);
    const script = await zpa(['lanes', 'release', 'globex-prod', ...WHY]);
    expect(script).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    const no = await zpa(['lanes', 'release', 'globex-prod', ...WHY], { interactive: true, answer: false });
    expect(no).toMatchObject({ exit: 130, asked: ['Close this change as outcome-unknown?'] });
    expect(no.out).toContain('not readable');
    expect(no.err).toContain('It cannot be read from ZPA');
    expect(no.out).toMatch(/R-1 .*update/);

    const done = await zpa(['lanes', 'release', 'R-1', ...WHY, '--yes']);
    expect(done).toMatchObject({
      exit: 0,
      out: expect.stringContaining('R-1 is closed: outcome-unknown'),
    });
    const record = await scene.world.ledger.readChange(ref);
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
    expect(scene.world.failures().map((one) => one.ref?.idempotencyKey)).toContain('R-1');
    expect(scene.world.outcomes().filter((one) => one.ref.idempotencyKey === 'R-1')).toHaveLength(1);
    expect(await zpa(['lanes', 'release', 'globex-prod', ...WHY, '--yes'])).toMatchObject({
      exit: 3,
      err: expect.stringContaining('no-open-intent'),
    });

    const { out } = await zpa(['audit', 'show', record?.ticket.id ?? '']);
    expect(out).toMatch(/^lanes release begun$/m);
    expect(out).toMatch(/^ {2}decided by {2}lena\n {2}reason {6}nobody can look$/m);
    scene.world.simulator.faults.clear();
  });

  it('shows the group before, as intended and as it lives', async () => {
    const lane = await leaveIntent(scene.world, 'R-3');
    const shown = await zpa(['lanes', 'release', 'globex-prod', ...WHY], { interactive: true, answer: false });
    expect(shown.out).toMatch(/description\s+as it was\s+as intended\s+as it was/);
    expect(shown.out).toMatch(/926196382959075422\s+not a member\s+member\s+not a member/);
    expect((await scene.world.ledger.readLane(lane)).intent).toBeDefined();
    const json = await zpa(['--json', 'lanes', 'release', lane, ...WHY, '--yes']);
    expect(JSON.parse(json.out)).toMatchObject({
      lane,
      settled: [{ idempotencyKey: 'R-3', outcome: { details: { live: { description: 'as it was' } } } }],
    });
    expect(await scene.world.ledger.readLane(lane)).not.toHaveProperty('lease');
  });

  it('does nothing to a lane that was written while somebody was asked, and does not end as done', async () => {
    const lane = await leaveIntent(scene.world, 'R-5');
    const ask = async () => {
      const record = await scene.world.ledger.readLane(lane);
      await scene.world.ledger.writeLane(record, record.version);
      return true;
    };
    const refused = await zpa(['lanes', 'release', lane, ...WHY], { interactive: true, ask });
    expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining('lane-changed') });
    const record = await scene.world.ledger.readChange(aRef('R-5', { lane, source: 'ops', tenant: 'globex-prod' }));
    expect(record?.state).not.toBe('settled');
    const { out } = await zpa(['--json', 'audit', 'show', record?.ticket.id ?? '']);
    const lines: object[] = JSON.parse(out);
    const ofChange = lines.filter((line) => JSON.stringify(line).includes('R-5'));
    expect(ofChange).toMatchObject([{ phase: 'begun' }, { result: 'failed', error: 'lane-changed' }]);
    expect(await zpa(['lanes', 'release', lane, ...WHY, '--yes'])).toMatchObject({ exit: 0 });
  });

  it('is refused while a worker holds the lane, and says until when', async () => {
    const lane = await leaveIntent(scene.world, 'R-4');
    const record = await scene.world.ledger.readLane(lane);
    const until = Date.now() + 60_000;
    await scene.world.ledger.writeLane({ ...record, lease: { owner: 'w', until } }, record.version);
    const refused = await zpa(['lanes', 'release', lane, ...WHY, '--yes']);
    expect(refused.exit).toBe(4);
    expect(refused.err).toMatch(/lane-busy[\s\S]*Try again after \d{4}-/);
    expect((await zpa(['lanes', 'release', 'nowhere', ...WHY])).exit).toBe(3);
  });
});
