import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aftermath, callsOf } from './aftermath.ts';
import { describing, lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** Tokens that expire and secrets that are rotated while a batch is worked. */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 8 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const batchOf = (lane: SmallLane) => [
  ...[describing('K1', lane.alpha), describing('K2', lane.beta), describing('K3', lane.empty)],
];
const signInsOf = ({ credential }: SmallLane) =>
  world.simulator.log.all().filter(({ kind, client }) => kind === 'token' && client === credential.clientId);
const stops = () => world.log.lines.filter(({ message }) => message === 'lane stopped').length;

/** Runs `happens` as soon as ZPA has received this call of the lane, before the worker's next call. */
function once(lane: SmallLane, method: string, id: string, happens: () => void): void {
  void world.simulator.log
    .wait((call) => call.method === method && call.path.endsWith(id) && call.path.includes(lane.customerId))
    .then(happens);
}

const refusals = (lane: SmallLane) => callsOf(world, lane).filter(({ status }) => status === 401);

describe('a token that ends in the middle of a batch', () => {
  it.each([
    ['after a write', 'PUT', 'alpha', ['PUT', 'PUT', 'PUT']],
    ['between a read and its write', 'GET', 'beta', ['PUT', 'PUT', 'PUT', 'PUT']],
  ] as const)('%s: one fresh sign-in, each effect once, in this invocation', async (_, method, group, sent) => {
    const lane = next();
    const before = stops();
    once(lane, method, lane[group], world.simulator.expireTokens);
    const accepted = await world.accept(lane, batchOf(lane));
    await world.settle();
    const endings = ['applied', 'applied', 'applied'];
    expect(await aftermath(world, lane, accepted)).toEqual({ endings, sent, effects: 3 });
    expect([refusals(lane).length, signInsOf(lane).length, stops() - before]).toEqual([1, 2, 0]);
    expect(accepted.map(world.receivesOf)).toEqual([1, 1, 1]);
  });

  it('by its age is renewed before it is used', async () => {
    const lane = next();
    const first = await world.accept(lane, [describing('K1', lane.alpha)]);
    await world.settle();
    await world.time.advanceTo(world.time.worker.now() + 24 * 3_600_000);
    const accepted = [...first, ...(await world.accept(lane, [describing('K2', lane.alpha)]))];
    await world.settle();
    const seen = await aftermath(world, lane, accepted);
    expect(seen).toEqual({ endings: ['applied', 'applied'], sent: ['PUT', 'PUT'], effects: 2 });
    expect([refusals(lane).length, signInsOf(lane).length]).toEqual([0, 2]);
  });
});

/** From now on ZPA accepts only the new secret. */
function rotateInZpa({ credential, customerId }: SmallLane, clientSecret: string): void {
  world.simulator.addCredential({ ...credential, clientSecret, customers: [customerId] });
  world.simulator.expireTokens();
}

describe('a secret that is rotated in the middle of a batch', () => {
  it('is found past the cache: each effect once, in this invocation', async () => {
    const lane = next();
    const before = stops();
    const clientSecret = 'cs-not-to-be-shown-after-rotation';
    const put = Promise.withResolvers<void>();
    once(lane, 'GET', lane.alpha, () => {
      world.putSecret(lane, JSON.stringify({ ...lane.credential, clientSecret })).then(put.resolve, put.reject);
    });
    once(lane, 'GET', lane.beta, () => rotateInZpa(lane, clientSecret));
    const accepted = await world.accept(lane, batchOf(lane));
    await world.settle();
    await put.promise;
    expect(await aftermath(world, lane, accepted)).toEqual({
      ...{ endings: ['applied', 'applied', 'applied'], sent: ['PUT', 'PUT', 'PUT', 'PUT'], effects: 3 },
    });
    // ZPA refused the old secret, then accepted the new one.
    expect(signInsOf(lane).map(({ status }) => status)).toEqual([200, 401, 200]);
    expect([stops() - before, ...accepted.map(world.receivesOf)]).toEqual([0, 1, 1, 1]);
  });

  it.each([
    ['in ZPA before it is in Secrets Manager', undefined, 'sign-in-refused'],
    ['with a text that is no secret', '{"clientId":7}', 'secret-malformed'],
  ])('%s: the lane stops once and goes on where it was when it is mended', async (_, text, code) => {
    const lane = next();
    const before = stops();
    const clientSecret = 'cs-not-to-be-shown-after-rotation';
    const put = text === undefined ? Promise.resolve() : world.putSecret(lane, text);
    if (text === undefined) once(lane, 'GET', lane.beta, () => rotateInZpa(lane, clientSecret));
    else rotateInZpa(lane, clientSecret);
    await put;
    const accepted = await world.accept(lane, batchOf(lane));
    await world.turn();
    const [{ ref } = { ref: { lane: '' } }] = accepted;
    expect((await world.ports().ledger.readLane(ref.lane)).stopped).toMatchObject({ code, tries: 1 });
    await world.settleUntil(world.time.worker.now() + 10 * 60_000);
    expect(callsOf(world, lane).filter(({ effects }) => effects.length > 0).length).toBe(text === undefined ? 1 : 0);

    await world.putSecret(lane, JSON.stringify({ ...lane.credential, clientSecret }));
    await world.settle();
    const { endings, effects } = await aftermath(world, lane, accepted);
    expect([endings, effects, stops() - before]).toEqual([['applied', 'applied', 'applied'], 3, 1]);
    // ZPA refuses once per probe, not once per change.
    expect(signInsOf(lane).filter(({ status }) => status === 401).length).toBeLessThanOrEqual(6);
  });
});

describe('401 "Resource Access Blocked" in the middle of a batch', () => {
  it('is load, not a token’s end: no sign-in, the lane waits, the write is sent again later', async () => {
    const lane = next();
    const before = stops();
    const blocked = { kind: 'error', status: 401, text: 'Resource Access Blocked' } as const;
    world.simulator.faults.script({ method: 'PUT', path: lane.beta }, blocked);
    const accepted = await world.accept(lane, batchOf(lane));
    await world.settle();
    expect(await aftermath(world, lane, accepted)).toEqual({
      ...{ endings: ['applied', 'applied', 'applied'], sent: ['PUT', 'PUT', 'PUT', 'PUT'], effects: 3 },
    });
    expect([signInsOf(lane).length, stops() - before]).toEqual([1, 1]);
    expect(Math.max(...accepted.map(world.receivesOf))).toBe(2);
  });
});
