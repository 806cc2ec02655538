import { expect, it } from 'vitest';
import type { Freeze } from '../../shared/domain/configuration/freeze.ts';
import { create, endings, groupNames, inWorld, update } from './in-world.ts';

/** The sweeper runs once a minute: here every three seconds. Windows are in real time. */
const SCHEDULED = { timeFactor: 20, schedules: true };
/** Long enough that a busy machine has the world up and the changes accepted before. The three tests wait at the same time. */
const WAIT_MS = 12_000;
const iso = (ms: number) => new Date(ms).toISOString();

it.concurrent('a change waits for its window without a message, is released by the schedule, and takes its place behind later ones', async () => {
  await inWorld(SCHEDULED, async (world) => {
    const notBefore = iso(Date.now() + WAIT_MS);
    const answer = await world.deliver(
      'ops',
      create('K1', 'Later', { notBefore, notAfter: iso(Date.now() + 600_000) }),
    );
    expect(answer).toMatchObject({ status: 202, body: { changes: [{ state: 'scheduled', scheduledFor: notBefore }] } });
    const url = String(answer.headers.get('location'));
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain(`<time datetime="${notBefore}"`);
    expect(await world.deliver('ops', update('K2', { name: 'Later' }, { set: { enabled: true } }))).toMatchObject({
      status: 202,
    });
    // Sent later, and first: there is no such group yet.
    expect(await endings(world, ['K2', 'K1'])).toEqual(['group-not-found', 'applied']);
    const [released] = await world.awaitSettled(world.refs('ops', ['K1']));
    expect(released?.outcome?.at).toBeGreaterThanOrEqual(Date.parse(notBefore));
    expect(released?.releasedAt).toBeGreaterThanOrEqual(Date.parse(notBefore));
  });
});

it.concurrent('nothing is written in a freeze; what came in it is applied after it, in order', async () => {
  let until = '';
  await inWorld(
    {
      ...SCHEDULED,
      configure({ tenants, ...rest }) {
        until = iso(Date.now() + WAIT_MS);
        const freezes: Freeze[] = [{ from: iso(0), until }];
        const frozen = Object.entries(tenants).map(([name, tenant]) => [name, { ...tenant, freezes }]);
        return { ...rest, tenants: Object.fromEntries(frozen) };
      },
    },
    async (world) => {
      const changes = [create('K1', 'Frozen'), update('K2', { name: 'Frozen' }, { set: { name: 'Thawed' } })];
      const { body } = await world.deliver('ops', { changes });
      expect(body).toMatchObject({ changes: [{ state: 'scheduled', scheduledFor: until }, { state: 'scheduled' }] });
      expect(await endings(world, ['K1', 'K2'])).toEqual(['applied', 'applied']);
      expect(await groupNames(world)).toContain('Thawed');
      for (const { outcome } of await world.awaitSettled(world.refs('ops', ['K1', 'K2']))) {
        expect(outcome?.at).toBeGreaterThanOrEqual(Date.parse(until));
      }
    },
  );
});

it.concurrent('what a source takes back is never written, and its ticket hears of it; what is settled stays', async () => {
  await inWorld(SCHEDULED, async (world) => {
    const notBefore = iso(Date.now() + WAIT_MS);
    await world.deliver('ops', create('K1', 'Withdrawn', { notBefore }));
    await world.deliver('ops', create('K2', 'Kept'));
    // Released in the same minute: where this one is, the other would be.
    await world.deliver('ops', create('K3', 'Beside it', { notBefore }));
    expect(await endings(world, ['K2'])).toEqual(['applied']);
    const asked = (keys: string[]) => ({
      cancel: keys.map((idempotencyKey) => ({ idempotencyKey, tenant: 'acme-prod', reason: 'approval withdrawn' })),
    });
    expect((await world.deliver('servicenow', asked(['K1']))).status).toBe(404);
    expect(await world.deliver('ops', asked(['K1', 'K2']))).toMatchObject({
      status: 409,
      body: { results: [{ result: 'cancelled' }, { result: 'settled' }] },
    });
    expect((await world.deliver('ops', asked(['K1']))).status).toBe(200);
    expect(await endings(world, ['K1'])).toEqual(['cancelled']);
    expect(await endings(world, ['K3'])).toEqual(['applied']);
    const names = await groupNames(world);
    expect([names.includes('Withdrawn'), names.includes('Kept')]).toEqual([false, true]);
    expect(world.outcomes().map(({ ref, outcome }) => [ref.idempotencyKey, outcome.kind])).toContainEqual([
      'K1',
      'cancelled',
    ]);
  });
});
