import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput, Match } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { aftermath, writesOf } from './aftermath.ts';
import { describing, lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * Faults of a whole tenant (docs/architecture.md#fault-attribution): the lane stops, is alarmed once and probed;
 * nothing is rejected.
 */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 25, realTimeoutMs: 600 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

const MINUTE = 60_000;
const PAGE = '<html><body>Maintenance</body></html>';
const PLAIN = { 'content-type': 'application/json' };
const TOKEN = '/oauth2/v1/token';

/** A try is a read, and an unrelated read that attributes the fault. `at`: a host other than the API. */
type Trouble = { what: string; at?: string; fault: FaultInput; code: string; minutes?: number };

const TROUBLES: Trouble[] = [
  { what: '401 to every call, whatever the token', fault: { kind: 'expired-token' }, code: 'sign-in-refused' },
  {
    what: 'a sign-in that is refused',
    ...{
      at: TOKEN,
      fault: { kind: 'error', status: 401, text: '{"error":"invalid_client"}' },
      code: 'sign-in-refused',
    },
  },
  {
    what: 'a sign-in answered with a page',
    at: TOKEN,
    fault: { kind: 'wrong-answer', text: PAGE },
    code: 'sign-in-failed',
  },
  { what: 'a sign-in answered with 503', at: TOKEN, fault: { kind: 'error', status: 503 }, code: 'server-busy' },
  {
    what: '401 "Resource Access Blocked"',
    ...{ fault: { kind: 'error', status: 401, text: 'Resource Access Blocked' }, code: 'overloaded' },
  },
  {
    what: '403 of a customer moved to OneAPI',
    fault: { kind: 'error', status: 403, text: 'API access only through Zscaler OneAPI' },
    code: 'oneapi-only',
  },
  { what: 'a plain 403', fault: { kind: 'error', status: 403, text: '' }, code: 'forbidden' },
  {
    what: '404 of a gateway that knows no such path',
    fault: { kind: 'error', status: 404, text: '404 Not Found', headers: PLAIN },
    code: 'no-such-route',
  },
  { what: '400 with an id nobody knows', fault: { kind: 'error', status: 400, id: 'never.seen' }, code: 'refused' },
  { what: '500', fault: { kind: 'error', status: 500 }, code: 'server-error' },
  { what: '502 with a page', fault: { kind: 'error', status: 502, text: PAGE }, code: 'gateway-error' },
  { what: '503 with Retry-After: 10s', fault: { kind: 'error', status: 503 }, code: 'server-busy' },
  ...[45, 120].map((seconds) => ({
    what: `503 with Retry-After: ${seconds}s`,
    ...({
      fault: { kind: 'error', status: 503, headers: { 'retry-after': `${seconds}s` } },
      code: 'server-busy',
    } as const),
  })),
  { what: 'a page instead of JSON', fault: { kind: 'wrong-answer', text: PAGE }, code: 'unreadable-answer' },
  { what: 'an empty 200', fault: { kind: 'wrong-answer' }, code: 'unreadable-answer' },
  { what: 'half of an answer', fault: { kind: 'truncated' }, code: 'connection-lost' },
  { what: 'a connection that is reset', fault: { kind: 'reset' }, code: 'connection-lost' },
  { what: 'silence', fault: { kind: 'no-answer' }, code: 'timeout', minutes: 3 },
];

const described = (lane: SmallLane) =>
  writesOf(world, lane).map(({ body }) => (body as { description?: string }).description);

describe('a tenant in trouble', () => {
  it.each(TROUBLES)(
    '$what: stopped, alarmed once, nothing rejected or written, all in order afterwards',
    async (trouble) => {
      const lane = next();
      const { fault, code, minutes = 10 } = trouble;
      const match: Match = { path: trouble.at ?? `/customers/${lane.customerId}/` };
      world.simulator.faults.script(match, fault, Number.POSITIVE_INFINITY);
      const began = world.time.worker.now();
      const linesBefore = world.log.lines.length;
      const before = await world.accept(lane, [
        ...[describing('K1', lane.alpha), describing('K2', lane.beta), describing('K3', lane.alpha)],
      ]);
      await world.turn();
      // All records of the lane are deferred together.
      const [back = 0, ...others] = new Set(world.visibleAt());
      expect([others, back - began >= TIMING.deferMinMs]).toEqual([[], true]);
      await world.settleUntil(began + minutes * MINUTE);
      const during = await world.accept(lane, [describing('K4', lane.empty)]);
      const accepted = [...before, ...during];
      const laneName = accepted[0]?.ref.lane ?? '';
      expect((await world.ports().ledger.readLane(laneName)).stopped).toMatchObject({ code, alarmed: true });
      expect(writesOf(world, lane)).toEqual([]);
      // The tries are 30 s, 1, 2 and 4 minutes apart; the next one is due.
      const tries = new Set(
        world.simulator.log
          .all()
          .filter(({ at, path }) => at >= began && fits(path, lane))
          .map(({ at }) => at),
      );
      expect(tries.size).toBeLessThanOrEqual(minutes === 10 ? 12 : 8);

      world.simulator.faults.clear();
      await world.settle();
      expect(await aftermath(world, lane, accepted)).toEqual({
        endings: ['applied', 'applied', 'applied', 'applied'],
        ...{ sent: ['PUT', 'PUT', 'PUT', 'PUT'], effects: 4 },
      });
      expect(described(lane)).toEqual(['K1', 'K2', 'K3', 'K4']);
      const alarms = world.log.lines.slice(linesBefore).filter(({ level }) => level === 'error');
      expect(alarms.map(({ message, fields }) => [message, fields.code])).toEqual([['lane stopped', code]]);
      expect(Math.max(...accepted.map(world.receivesOf))).toBeLessThanOrEqual(8);
      expect(world.time.worker.now() - began).toBeLessThan((minutes + 1) * MINUTE + TIMING.deferMaxMs * 1.2);
    },
  );
});

describe('a tenant that answers no read after a write got no answer', () => {
  it.each([10, 45, 120])('503 with Retry-After: %ss: stopped, alarmed once, and judged afterwards', async (seconds) => {
    const lane = next();
    const [change] = await world.accept(lane, [describing('K1', lane.alpha)]);
    const linesBefore = world.log.lines.length;
    const path = `/customers/${lane.customerId}/`;
    world.simulator.faults.script({ method: 'PUT', path }, { kind: 'effect-without-answer' });
    await world.turn();
    const silent: FaultInput = { kind: 'error', status: 503, headers: { 'retry-after': `${seconds}s` } };
    world.simulator.faults.script({ path }, silent, Number.POSITIVE_INFINITY);
    await world.settleUntil(world.time.worker.now() + 10 * MINUTE);
    const { stopped, intent } = await world.ports().ledger.readLane(change?.ref.lane ?? '');
    expect(intent?.unanswered).toBe('connection-lost');
    expect(stopped).toMatchObject({ code: 'server-busy', alarmed: true });
    world.simulator.faults.clear();
    await world.settle();
    expect(await aftermath(world, lane, change === undefined ? [] : [change])).toMatchObject({
      endings: ['applied'],
      effects: 1,
    });
    const alarms = world.log.lines.slice(linesBefore).filter(({ level }) => level === 'error');
    expect(alarms.map(({ message }) => message)).toEqual(['lane stopped']);
  });
});

const fits = (path: string, { customerId }: SmallLane) => path === TOKEN || path.includes(customerId);
