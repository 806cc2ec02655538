import { expect, it } from 'vitest';
import { create, endings, groupNames, inWorld, update } from './in-world.ts';

it('each bad change of a batch is rejected with its own reason, remedy and dead letter, and the good ones beside it are applied', async () => {
  await inWorld({}, async (world) => {
    const { store } = world.simulator;
    store.createGroup({ name: 'Twin' });
    store.createGroup({ name: 'Twin' });
    const asked: [Record<string, unknown>, string][] = [
      [create('K1', 'Good'), 'applied'],
      [update('K2', { name: 'Nowhere' }, { set: { enabled: true } }), 'group-not-found'],
      [update('K3', { id: '999999999' }, { set: { enabled: true } }), 'group-not-found'],
      [update('K4', { name: 'Twin' }, { set: { enabled: false } }), 'group-name-ambiguous'],
      [
        update('K5', { name: 'Good' }, { applications: { add: [{ id: '926196382959079999' }] } }),
        'application-not-found',
      ],
      [update('K6', { name: 'Deception Decoys' }, { set: { enabled: false } }), 'group-read-only'],
      [update('K7', { name: 'Intranet' }, { applications: { remove: [{ name: 'Wiki' }] } }), 'would-leave-ungrouped'],
      [{ ...update('K8', { name: 'Intranet' }, {}), action: 'delete' }, 'group-not-empty'],
      [create('K9', 'Intranet'), 'group-exists'],
      [update('K10', { name: 'Good' }, { set: { description: 'still here' } }), 'applied'],
      [update('K11', { name: 'Good' }, { set: { description: 'still here' } }), 'unchanged'],
    ];
    const answer = await world.deliver('ops', { changes: asked.map(([change]) => change) });
    expect(answer.status).toBe(202);
    const keys = asked.map(([change]) => String(change.idempotencyKey));
    expect(await endings(world, keys)).toEqual(asked.map(([, ending]) => ending));

    const failures = world.failures();
    expect(failures.map((failure) => failure.ref?.idempotencyKey)).toEqual(keys.slice(1, 9));
    for (const { rejection, ticket } of failures) {
      expect(rejection).toMatchObject({
        sentence: expect.stringMatching(/.{10}/),
        remedy: expect.stringMatching(/.{10}/),
      });
      expect(ticket).toMatchObject({ system: 'zpa-changes CLI' });
    }
    expect(await groupNames(world)).toContain('Good');
    expect(store.group('Good')).toMatchObject({ description: 'still here' });
    expect(store.members('Intranet')).toHaveLength(2);
    expect((await world.snapshot()).deadLettered).toBe(8);
  });
});

it('the sweeper sends what ingest could not: accepted during an outage of SQS, settled without a resend', async () => {
  await inWorld({ timeFactor: 20, schedules: true }, async (world) => {
    world.endpoint.faults.fail({ service: 'sqs', operation: 'SendMessageBatch' }, 500, 20);
    const refused = await world.deliver('ops', create('K1', 'Left behind'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect((await world.changes()).map((one) => one.state)).toEqual(['accepted']);
    world.endpoint.faults.clear();

    // On its schedule, once a minute: here every three seconds. It leaves alone what ingest may be sending still.
    expect(await endings(world, ['K1'])).toEqual(['applied']);
  });
});
