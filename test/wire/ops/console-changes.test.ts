import { beforeAll, describe, expect, it } from 'vitest';
import { createAuditWriter } from '../../../shared/aws/audit-store.ts';
import { actKey } from '../../../shared/domain/audit/audit-key.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

/** The console's pages of changes over the whole local system. */
const scene = useScene({ timeFactor: 40, schedules: false });

const HOSTILE = `<img src=x onerror=alert(1)>\u202e"'& ${'long '.repeat(20)}`;

beforeAll(async () => {
  const update = { action: 'update', group: { name: 'Intranet' }, set: { description: 'one' } };
  await deliver('CHG1/1@A', { ...update, changeSet: setOf(1) });
  await deliver('CHG1/2@A', { ...update, group: { name: 'Nowhere at all' }, changeSet: setOf(2) });
  await deliver('CHG10/1@A', { action: 'create', group: { name: 'Safe' }, description: HOSTILE });
  await scene.world.awaitSettled(scene.world.refs('servicenow', ['CHG1/1@A', 'CHG1/2@A', 'CHG10/1@A']));
  await deliver('CHG2/1@A', { action: 'create', group: { name: 'Later' }, notBefore: '2099-01-01T00:00:00Z' });
});

type Owner = Parameters<Parameters<typeof withConsole>[1]>[0];

const setOf = (index: number) => ({ id: 'CHG1', index, size: 2, onReject: 'continue' });

async function deliver(key: string, over: object): Promise<void> {
  const ticket = {
    id: key.split('/')[0],
    requestedBy: 'lena@acme.example',
    approvals: [{ by: '<b>max</b>', at: '2026-11-01T08:00:00Z', ref: 'APPR1' }],
  };
  const change = { schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', ticket, ...over };
  const answer = await scene.world.deliver('servicenow', change);
  expect(answer, JSON.stringify(answer)).toMatchObject({ status: 202 });
}

const address = (key: string) => `/change?${new URLSearchParams({ source: 'servicenow', tenant: 'acme-prod', key })}`;

const textOf = (page: string) =>
  page
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('the list of changes', () => {
  it('says that it is being read, and is complete when it is asked again', async () => {
    await withConsole(scene.folder, async ({ get }) => {
      expect(await get('/changes')).toMatchObject({ status: 200, body: expect.stringContaining('Reading the ledger') });
      const page = await until(get, '/changes', (body) => body.includes('changes that the ledger held'));
      expect(textOf(page)).toContain('1–4 of 4 changes, newest first.');
      expect(page.indexOf('CHG2/1@A')).toBeLessThan(page.indexOf('CHG1/1@A'));
      expect(/<img|\u202e/.exec(page)).toBeNull();
      const chosen = await get('/changes?outcome=rejected&tenant=acme-prod');
      expect(textOf(chosen.body)).toContain('1–1 of 1 change, newest first.');
      expect(textOf((await get('/changes?q=nowhere')).body)).toContain('CHG1/2@A');
      expect(textOf((await get('/changes?outcome=scheduled')).body)).toContain('not before 2099-01-01 00:00:00 UTC');
    });
  });

  it('tells what is wrong with an address', async () => {
    await withConsole(scene.folder, async ({ get }) => {
      expect(await get('/changes?since=soon')).toMatchObject({
        status: 400,
        body: expect.stringContaining('soon is not a date'),
      });
      expect(await get('/change?key=CHG1')).toMatchObject({
        status: 400,
        body: expect.stringContaining('names no change'),
      });
      expect(await get(address('CHG9'))).toMatchObject({ status: 404 });
      expect(textOf((await get(address('CHG1/1'))).body)).toContain('CHG1/1@A');
    });
  });
});

async function until(get: (path: string) => Promise<{ body: string }>, path: string, isSo: (body: string) => boolean) {
  for (;;) {
    const { body } = await get(path);
    if (isSo(body)) return body;
  }
}

describe('the story of a change', () => {
  it('tells who asked and approved, its set, its steps with their times, its effect, and its line of the audit trail', async () => {
    await scene.world.runAudit();
    await withConsole(scene.folder, async ({ get }) => {
      const { body } = await get(address('CHG1/1@A'));
      const text = textOf(body);
      for (const part of [
        '1 of 2 on this ticket',
        'lena@acme.example',
        '&lt;b&gt;max&lt;/b&gt;',
        'Changes on this ticket',
        'Nowhere at all',
        'settings version 1',
        'Written to ZPA and read back.',
        'What changed',
        'The line of the outcome is written.',
        'Draft the undo',
      ])
        expect(text).toContain(part);
      expect(body).toContain(address('CHG1/2@A').replaceAll('&', '&amp;'));
      for (const step of ['Approved', 'Accepted', 'Queued', 'Live']) {
        expect(body).toMatch(new RegExp(`<b>${step}</b> <span><time datetime="20`));
      }
      expect(textOf((await get(`${address('CHG1/1@A')}&acts=1`)).body)).toContain('Nobody acted on this ticket');
    });
  });

  it('of a rejected one tells why, who has to act next, and leads to the retry', async () => {
    await withConsole(scene.folder, async ({ get }) => {
      const { body } = await get(address('CHG1/2@A'));
      expect(textOf(body)).toContain('2 of 2 on this ticket');
      expect(body).toContain('group-not-found');
      expect(body).toContain('/failure?source=servicenow&amp;tenant=acme-prod&amp;key=CHG1%2F2%40A&amp;generation=1');
    });
  });

  it('is read again within a second while it moves, and not at all when it is over', async () => {
    await withConsole(scene.folder, async ({ get, press }) => {
      const refreshOf = async (key: string) =>
        /data-refresh-ms="(\d*)"/.exec((await get(address(key))).body)?.[1] ?? '';
      expect(Number(await refreshOf('CHG2/1@A'))).toBeLessThanOrEqual(1000);
      await scene.zpa(['lanes', 'pause', 'acme-prod', '--reason', 'maintenance', '--by', 'lena']);
      await deliver('CHG3/1@A', { action: 'update', group: { name: 'Intranet' }, set: { description: 'three' } });
      const waiting = await until(get, address('CHG3/1@A'), (body) => body.includes('<b>Queued</b>'));
      expect(textOf(waiting)).toContain('Waits: its lane is paused Paused by lena: maintenance.');
      expect(Number(/data-refresh-ms="(\d+)"/.exec(waiting)?.[1])).toBeLessThanOrEqual(1000);
      await press('/change/cancel', {
        source: 'servicenow',
        tenant: 'acme-prod',
        key: 'CHG3/1@A',
        generation: '2',
        reason: 'x',
      });
      expect((await get(address('CHG3/1@A'))).body).toContain('Waits: its lane is paused');
      await scene.zpa(['lanes', 'resume', 'acme-prod']);
      await scene.world.awaitSettled(scene.world.refs('servicenow', ['CHG3/1@A']));
      // Nothing is kept between two readings: the first one after a step shows it.
      const live = (await get(address('CHG3/1@A'))).body;
      expect(live).toContain('<b>Live</b>');
    });
  });

  it('escapes what others wrote, also in its JSON', async () => {
    await withConsole(scene.folder, async ({ get }) => {
      const { body } = await get(address('CHG10/1@A'));
      expect(/<img|\u202e/.exec(body)).toBeNull();
      expect(body).toContain('&lt;img src=x');
      const json = (await get(address('CHG10/1@A').replace('/change?', '/change/json?'))).body;
      expect(/<img|\u202e/.exec(json)).toBeNull();
      const [, data = ''] = /href="data:application\/json;charset=utf-8;base64,([^"]*)"/.exec(json) ?? [];
      const record = JSON.parse(Buffer.from(data, 'base64').toString());
      expect(record).toMatchObject({ ref: { idempotencyKey: 'CHG10/1@A' }, state: 'settled' });
      expect(record.change.description).toContain('\u202e');
    });
  });
});

describe('acts on a change', () => {
  it('are those of an operator: a viewer sees everything, and which role may', async () => {
    const viewed = async ({ get, press }: Owner) => {
      await until(get, '/changes', (body) => body.includes('changes that the ledger held'));
      expect(textOf((await get(`${address('CHG1/1@A')}&acts=1`)).body)).toContain(
        'The line of the outcome is written.',
      );
      const { body } = await get(address('CHG2/1@A'));
      expect(body).toMatch(/disabled>Cancel this change<\/button> <small class="reason">[^<]*operator/);
      const fields = { source: 'servicenow', tenant: 'acme-prod', key: 'CHG2/1@A', generation: '1', reason: 'no' };
      expect((await press('/change/cancel', fields, address('CHG2/1@A'))).body).toContain('operator');
      expect((await get(address('CHG2/1@A'))).body).toContain('<b>Scheduled</b>');
      const undo = await get(`${address('CHG10/1@A').replace('/change?', '/change/undo?')}&ticket=CHG77`);
      expect(undo.body).toMatch(/disabled>Draft the undo<.*<small class="reason">[^<]*operator/);
      expect(undo.body).not.toContain('action: delete');
    };
    await withConsole(scene.folder, viewed, { role: 'viewer' });
  });

  it('cancels an open one with a reason, which is in the ledger and in the audit trail', async () => {
    const cancelled = async ({ get, press }: Owner) => {
      const fields = { source: 'servicenow', tenant: 'acme-prod', key: 'CHG2/1@A', generation: '1' };
      const without = await press('/change/cancel', { ...fields, reason: ' ' }, address('CHG2/1@A'));
      expect(without.body).toContain('&quot;reason&quot; is missing.');
      // A key that is in the ledger no more may begin another one: that is not the change that the page showed.
      const beginning = await press('/change/cancel', { ...fields, key: 'CHG2/1', reason: 'gone' });
      expect(textOf(beginning.body)).toContain('is not the change that this page showed');
      const pressed = await press('/change/cancel', { ...fields, reason: 'the office moved' });
      expect(textOf(pressed.body)).toContain('It is cancelled and will not be applied.');
      expect(textOf(pressed.body)).toMatch(/Cancelled .* By \S+ \(operator\): The office moved\./);
      expect(textOf((await get(`${address('CHG2/1@A')}&acts=1`)).body)).toMatch(/cancel begun .* cancel done/);
      const again = await press('/change/cancel', { ...fields, reason: 'again' });
      expect(textOf(again.body)).toContain('It is cancelled and will not be applied.');
    };
    await withConsole(scene.folder, cancelled, { role: 'operator' });
  });

  it('are not said to be all where a line of them cannot be read', async () => {
    const { environment } = scene.world;
    const { put } = createAuditWriter({ env: environment, bucket: environment.AUDIT_BUCKET ?? '' });
    await put(actKey({ at: new Date().toISOString(), id: 'altered', phase: 'begun' }), '{"kind":"act"}');
    await withConsole(scene.folder, async ({ get }) => {
      for (const [key, acts] of [
        ['CHG10/1@A', 'Nobody acted on this ticket'],
        ['CHG2/1@A', 'cancel begun'],
      ] as const) {
        const told = textOf((await get(`${address(key)}&acts=1`)).body);
        expect(told).toContain(acts);
        expect(told).toContain('1 line of these days cannot be read, and may be about this ticket');
      }
    });
  });

  it('drafts the undo of an applied one as a file that can be sent', async () => {
    await withConsole(scene.folder, async ({ get }) => {
      const undo = address('CHG10/1@A').replace('/change?', '/change/undo?');
      expect((await get(undo)).body).toContain('name="ticket"');
      const { body } = await get(`${undo}&ticket=CHG77`);
      const [, data = ''] = /href="data:application\/yaml;charset=utf-8;base64,([^"]*)"/.exec(body) ?? [];
      const yaml = Buffer.from(data, 'base64').toString();
      expect(yaml).toContain('action: delete');
      expect(yaml).toContain('idempotencyKey: CHG77/undo-');
      expect(body).toContain('action: delete');
      expect((await get(`${undo}&ticket=a%2Fb`)).status).toBe(400);
    });
  });
});
