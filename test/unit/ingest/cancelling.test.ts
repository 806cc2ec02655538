import { describe, expect, it } from 'vitest';
import { newLane } from '../../../shared/domain/records/lane-record.ts';
import { anApplied } from '../../fakes/records.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { createIngestWorld, type IngestWorld, LANE, PREVIOUS, read } from './ingest-world.ts';

const keyed = (idempotencyKey: string) => rawUpdate({ set: { enabled: true }, idempotencyKey });
const back = (...keys: string[]) => ({
  cancel: keys.map((idempotencyKey) => ({ idempotencyKey, tenant: 'acme-prod', reason: 'approval withdrawn' })),
});
const states = (world: IngestWorld) =>
  world.ledger.allChanges().map(({ state, outcome }) => (state === 'settled' ? outcome?.kind : state));

async function withChanges(...keys: string[]) {
  const world = createIngestWorld();
  await world.send({ changes: keys.map(keyed) });
  return world;
}

describe('what a source asks back', () => {
  it('is cancelled, and the same delivery again gets the same answer', async () => {
    const world = await withChanges('CHG1/1', 'CHG1/2', 'CHG1/3');
    const answer = read(await world.send(back('CHG1/1', 'CHG1/3')));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        results: [{ idempotencyKey: 'CHG1/1', tenant: 'acme-prod', result: 'cancelled' }, { result: 'cancelled' }],
      },
    });
    expect(states(world)).toEqual(['cancelled', 'queued', 'cancelled']);
    expect(world.ledger.allChanges()[0]?.outcome).toMatchObject({ by: 'servicenow', reason: 'approval withdrawn' });
    expect(read(await world.send(back('CHG1/1', 'CHG1/3'), { secret: PREVIOUS }))).toEqual(answer);
  });

  it('is answered for each change: settled and under way with 409, unknown with 404, the others cancelled', async () => {
    const world = await withChanges('done', 'writing', 'open');
    const [done, writing] = world.ledger.allChanges();
    if (done === undefined || writing === undefined) throw new Error('both were accepted');
    const applied = anApplied();
    await world.ledger.writeChange({ ...done, state: 'settled', outcome: applied }, done.version);
    const { ref, generation, sequence } = writing;
    const { effect, approved, reach } = applied;
    const ending = { kind: 'applied' as const, effect, approved, reach };
    const members = [{ ref, generation, sequence, ending }];
    const intent = { writeId: 'w', tenant: 'acme-prod', members, writes: [], cursor: 0, sendBefore: 0 };
    await world.ledger.writeLane({ ...newLane(LANE), intent }, 0);
    const answer = read(await world.send(back('done', 'writing', 'open', 'nobody')));
    expect(answer).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        code: 'not-cancelled',
        results: [
          { result: 'settled', sentence: expect.stringContaining('applied') },
          { result: 'under-way' },
          { result: 'cancelled' },
          { result: 'unknown' },
        ],
      },
    });
    expect(states(world)).toEqual(['applied', 'queued', 'cancelled']);
    expect(read(await world.send(back('open', 'nobody')))).toMatchObject({
      status: 404,
      body: { code: 'unknown-change' },
    });
  });

  it('is cancelled in the generation that it names, and in no other', async () => {
    const world = await withChanges('CHG1/1');
    const [first] = world.ledger.allChanges();
    if (first === undefined) throw new Error('it was accepted');
    await world.ledger.writeChange({ ...first, generation: 2 }, first.version);
    const ask = async (generation: number) => {
      const cancel = back('CHG1/1').cancel.map((one) => ({ ...one, generation }));
      return read(await world.send({ cancel }));
    };
    expect(await ask(1)).toMatchObject({
      status: 409,
      body: { results: [{ result: 'retried', sentence: expect.stringContaining('retried') }] },
    });
    expect(states(world)).toEqual(['queued']);
    expect((await ask(0)).status).toBe(422);
    expect((await ask(2)).status).toBe(200);
    expect(states(world)).toEqual(['cancelled']);
  });

  it('is its own only: another source, another tenant and an unknown one have no such change', async () => {
    const world = await withChanges('CHG1/1');
    const elsewhere = { cancel: [{ idempotencyKey: 'CHG1/1', tenant: 'acme-beta', reason: 'x' }] };
    const nowhere = { cancel: [{ idempotencyKey: 'CHG1/1', tenant: 'constructor', reason: 'x' }] };
    const answers = [
      await world.send(back('CHG1/1'), { source: 'jira' }),
      await world.send(back('CHG1/1'), { source: 'idle' }),
      await world.send(elsewhere),
      await world.send(nowhere),
    ].map(read);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'unknown-change']));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.detail))).size).toBe(1);
    expect(states(world)).toEqual(['queued']);
  });

  it('has to be signed', async () => {
    const world = await withChanges('CHG1/1');
    const wrong = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    expect(read(await world.send(back('CHG1/1'), { secret: wrong })).status).toBe(401);
    expect(states(world)).toEqual(['queued']);
  });

  const whole = { idempotencyKey: 'CHG1/1', tenant: 'acme-prod', reason: 'x' };
  it.each<[string, unknown, string]>([
    ['nothing', [], 'cancel'],
    ['no list', whole, 'cancel'],
    ['too many', Array.from({ length: 101 }, () => whole), 'cancel'],
    ['no reason', [whole, { ...whole, reason: undefined }], 'cancel[1].reason'],
    ['an empty reason', [{ ...whole, reason: '' }], 'cancel[0].reason'],
    ['a reason of two lines', [{ ...whole, reason: 'a\nb' }], 'cancel[0].reason'],
    ['an unknown field', [{ ...whole, force: true }], 'cancel[0].force'],
    ['text', ['CHG1/1'], 'cancel[0]'],
  ])('with %s is refused as a whole', async (_, cancel, path) => {
    const world = await withChanges('CHG1/1');
    const answer = read(await world.send({ cancel }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-change', errors: [{ path }] } });
    expect(states(world)).toEqual(['queued']);
  });

  it('does not stand beside changes', async () => {
    const world = await withChanges('CHG1/1');
    const answer = read(await world.send({ ...back('CHG1/1'), changes: [keyed('CHG1/2')] }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'changes' }] } });
    expect(states(world)).toEqual(['queued']);
  });

  it('is safe to send again when the ledger failed', async () => {
    const world = await withChanges('CHG1/1', 'CHG1/2');
    const { readLane } = world.ledger;
    let calls = 0;
    world.ledger.readLane = (lane) => {
      calls += 1;
      return calls === 2 ? Promise.reject(new Error('away')) : readLane(lane);
    };
    expect(read(await world.send(back('CHG1/1', 'CHG1/2'))).status).toBe(503);
    expect(read(await world.send(back('CHG1/1', 'CHG1/2'))).status).toBe(200);
    expect(states(world)).toEqual(['cancelled', 'cancelled']);
  });
});
