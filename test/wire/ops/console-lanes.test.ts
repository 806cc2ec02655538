import { afterEach, describe, expect, it } from 'vitest';
import type { ConsoleAct } from '../../../functions/ops/console/contract.ts';
import { releaseAct } from '../../../functions/ops/console/lanes/lane-acts.ts';
import { aRef } from '../../fakes/records.ts';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { leaveIntent } from './leave-intent.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

/** Lanes in the console, over HTTP, against the local world. */
const scene = useScene({ timeFactor: 20, schedules: false });
const { zpa } = scene;

afterEach(() => scene.world.simulator.faults.clear());

const LANE = 'PRODUCTION:216196257331281920';
const laneOf = (lane: string) => `/lane?${new URLSearchParams({ lane })}`;

describe('the lanes', () => {
  it('tell state, open changes and the rate limit with who uses it', async () => {
    await zpa(['groups', 'list', '--tenant', 'acme-prod']);
    await withConsole(scene.folder, async ({ get }) => {
      const { status, body } = await get('/lanes');
      expect(status).toBe(200);
      expect(textOf(body)).toMatch(/acme-prod .*idle .*Open changes 0 .*reads and 10 writes in [\d.]+ s/);
      expect(textOf(body)).toMatch(/worker of the lane: reads \d+ of 16/);
      expect(textOf(body)).toMatch(/drift reports and plans: reads \d+ of 2/);
      const none = await get('/lane?lane=nobody');
      expect([none.status, none.body]).toEqual([404, expect.stringContaining('acme-prod')]);
    });
  });
});

describe('a lane', () => {
  it('is paused once, by whoever is first, and resumed by the button of that pause alone', async () => {
    await withConsole(scene.folder, async (one) => {
      await withConsole(scene.folder, async (other) => {
        const pause = formOf((await one.get(laneOf(LANE))).body, '/lane/pause');
        const first = await one.press(pause.path, { ...pause.fields, reason: 'maintenance <b>' });
        expect(noticeOf(first.body)).toContain('is paused: maintenance &lt;b&gt;');
        expect(textOf(first.body)).toMatch(/paused .*Nothing is written until somebody resumes it/);
        const second = await other.press(pause.path, { ...pause.fields, reason: 'mine' });
        expect(noticeOf(second.body)).toMatch(/has paused .* already.*maintenance/);

        const old = formOf(second.body, '/lane/resume');
        expect(noticeOf((await one.press(old.path, old.fields)).body)).toContain('is resumed');
        expect(noticeOf((await other.press(old.path, old.fields)).body)).toContain('is resumed');
        await one.press(pause.path, { ...pause.fields, reason: 'another one' });
        expect(noticeOf((await other.press(old.path, old.fields)).body)).toMatch(
          /paused .* anew.*another one.*Nothing was done/,
        );
        const now = formOf((await other.get(laneOf(LANE))).body, '/lane/resume');
        expect(noticeOf((await other.press(now.path, now.fields)).body)).toContain('is resumed');
      });
    });
    const { out } = await zpa(['--json', 'audit', 'export', '--from', today(), '--to', today()]);
    expect(out.match(/"act":\s*"lanes pause"/g)?.length).toBeGreaterThan(1);
  });

  it('asks for a reason', async () => {
    await withConsole(scene.folder, async ({ get, press }) => {
      const { path, fields } = formOf((await get(laneOf(LANE))).body, '/lane/pause');
      const pressed = await press(path, { ...fields, reason: '  ' }, laneOf(LANE));
      expect(noticeOf(pressed.body)).toContain('&quot;reason&quot; is missing');
    });
    expect(await scene.world.ledger.readLane(LANE)).not.toHaveProperty('paused');
  });

  it('shows its open changes in order', async () => {
    await zpa(['lanes', 'pause', 'acme-prod', '--reason', 'to look']);
    const changes = ['O-1', 'O-2'].map((idempotencyKey) => ({
      ...{
        schemaVersion: 1,
        idempotencyKey,
        tenant: 'acme-prod',
        action: 'create',
        group: { name: `Open ${idempotencyKey}` },
      },
    }));
    await zpa(['submit', '-'], { input: JSON.stringify({ changes }) });
    await withConsole(scene.folder, async ({ get }) => {
      const text = textOf((await get(laneOf('acme-prod'))).body);
      expect(text).toMatch(/Open changes 2 .*Open O-1.*Open O-2/);
    });
    await zpa(['lanes', 'resume', 'acme-prod']);
  });
});

describe('a release', () => {
  it('shows each group before, as intended and as it lives, and does it once', async () => {
    const lane = await leaveIntent(scene.world, 'REL-1');
    await withConsole(scene.folder, async ({ get, press }) => {
      expect(textOf((await get(laneOf(lane))).body)).toMatch(
        /In progress Worker none at the moment .*not confirmed yet/,
      );
      const page = await get(`/lane/release?${new URLSearchParams({ lane })}`);
      expect(textOf(page.body)).toMatch(/description as it was as intended as it was/);
      const { path, fields } = formOf(page.body, '/lane/release');
      expect(noticeOf((await press(path, fields, laneOf(lane))).body)).toContain('&quot;reason&quot; is missing');
      const pressed = await press(path, { ...fields, reason: 'nobody can look' });
      expect(noticeOf(pressed.body)).toContain('1 change closed');
      const again = await press(path, { ...fields, reason: 'nobody can look' }, laneOf(lane));
      expect(noticeOf(again.body)).toContain('no unconfirmed write');
    });
    const record = await scene.world.ledger.readChange(aRef('REL-1', { lane, source: 'ops', tenant: 'globex-prod' }));
    expect(record).toMatchObject({
      outcome: { code: 'outcome-unknown', details: { live: { description: 'as it was' } } },
    });
    const { out } = await zpa(['audit', 'show', record?.ticket.id ?? '']);
    expect(out).toMatch(/^lanes release done$/m);
  });

  it('does nothing by an old page: of the lane, or of a group that somebody edited since', async () => {
    const lane = await leaveIntent(scene.world, 'REL-2');
    const ref = aRef('REL-2', { lane, source: 'ops', tenant: 'globex-prod' });
    await withConsole(scene.folder, async ({ get, press }) => {
      const page = () => get(`/lane/release?${new URLSearchParams({ lane })}`);
      const ofLane = formOf((await page()).body, '/lane/release');
      const record = await scene.world.ledger.readLane(lane);
      await scene.world.ledger.writeLane(record, record.version);
      const refused = await press(ofLane.path, { ...ofLane.fields, reason: 'r' });
      expect(noticeOf(refused.body)).toContain('not as the page showed. Nothing was done.');

      const ofGroup = formOf((await page()).body, '/lane/release');
      const tenant = scene.world.configuration.tenants['globex-prod'];
      const write = record.intent?.writes[0]?.write;
      if (tenant === undefined || write?.kind !== 'update') throw new Error('the intent updates a group');
      scene.world.simulator.storeOf(tenant.customerId).editGroup(write.groupId, { description: 'edited since' });
      expect(noticeOf((await press(ofGroup.path, { ...ofGroup.fields, reason: 'r' })).body)).toContain(
        'Nothing was done.',
      );
      expect((await scene.world.ledger.readChange(ref))?.state).toBe('queued');
    });
    await zpa(['lanes', 'release', lane, '--reason', 'end of the test', '--yes']);
  });
});

describe('a release whose lane cannot be woken', () => {
  it('tells what was closed, which no later run could, and how to wake the lane', async () => {
    const lane = await leaveIntent(scene.world, 'REL-3');
    const sleepy: ConsoleAct = {
      ...releaseAct,
      run({ session, ...context }, form) {
        const openChanges = () => Promise.reject(new Error('no answer'));
        return releaseAct.run(
          { ...context, session: { ...session, ledger: { ...session.ledger, openChanges } } },
          form,
        );
      },
    };
    await withConsole(
      scene.folder,
      async ({ get, press }) => {
        const { path, fields } = formOf(
          (await get(`/lane/release?${new URLSearchParams({ lane })}`)).body,
          '/lane/release',
        );
        const { body } = await press(path, { ...fields, reason: 'nobody can look' });
        expect(noticeOf(body)).toContain('1 change closed');
        expect(noticeOf(body)).toMatch(/could not be woken .*no answer.* lanes resume /);
      },
      { acts: [sleepy] },
    );
  });
});

const today = () => new Date().toISOString().slice(0, 10);
