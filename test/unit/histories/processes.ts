import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import type { IngestPorts } from '../../../functions/ingest/ports.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { acceptInOrder, enqueue, isDifferentChange } from '../../../shared/accept/changes/write-change.ts';
import { fingerprint } from '../../../shared/domain/change/fingerprint.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import { laneMismatch } from '../../../shared/domain/lane/lane-tenants.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { cancelChange } from '../../../shared/ledger/cancel-change.ts';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import type { QueueRecord, RateLimiter } from '../../../shared/ports/ports.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import { collect } from '../../../shared/reading/retry-read.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryTopic } from '../../fakes/memory-queues.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createMemoryWithdrawals } from '../../fakes/memory-withdrawals.ts';
import { unitOf } from './chronicle.ts';
import type { History } from './history.ts';
import { hostileZpa } from './hostile-zpa.ts';
import { type Life, lived, livedClock, startLife } from './life.ts';
import { NEIGHBOUR, NEIGHBOUR_LANE } from './neighbour.ts';
import type { RequestedChange } from './requested-changes.ts';
import type { Scene } from './scene.ts';
import { LANE, SOURCE, TENANT } from './small-tenant.ts';

/** The real programs, each run as one life over the scene: worker, ingest, sweeper, redrive. */

function portsOf(scene: Scene, life: Life) {
  const { mishaps, bounded, clock, chronicle, latencyMs, lasts, bell, chance, log, meter, sabotage } = scene;
  const around = { life, mishaps, bounded, clock, chronicle, latencyMs, lasts };
  const configuration = scene.configurationAt(sabotage.unedited ? TEST_START - 1 : clock.now());
  return {
    ledger: lived(scene.ledger, 'ledger', around),
    queue: lived(bell.queue, 'queue', around),
    deferral: lived(bell.deferral, 'deferral', around),
    acknowledgement: lived(bell.acknowledgement, 'acknowledgement', around),
    failures: lived(scene.failures, 'failures', around),
    outcomes: lived(sabotage.forgetful ? createMemoryTopic() : scene.outcomes, 'outcomes', around),
    sharedReads: lived(scene.sharedReads, 'sharedReads', around),
    knownLanes: scene.knownLanes,
    withdrawals: createMemoryWithdrawals(),
    clock: livedClock(clock, life, bounded),
    ruleReadings: createRuleReadings(clock, scene.timing.rulesKeptMs),
    zpaFor(name: string, limiter: RateLimiter) {
      const allowed = sabotage.boundless ? BOUNDLESS : limiter;
      const isOther = name === NEIGHBOUR;
      const why = laneMismatch(configuration, name, isOther ? NEIGHBOUR_LANE : LANE);
      if (why !== undefined) chronicle.violations.push(`work at another customer: ${why}`);
      return lived(isOther ? scene.neighbour.tenant.client(allowed) : hostileZpa(scene, allowed, life), 'zpa', around);
    },
    ...{ chance, log, meter, configuration, timing: scene.timing },
  };
}

const BOUNDLESS: RateLimiter = { take: async () => () => undefined, obey: () => undefined };

/** Runs a program until it answers, fails or its life ends; undefined unless it answered. */
async function live<T>(scene: Scene, name: string, program: (life: Life) => Promise<T>): Promise<T | undefined> {
  scene.chronicle.lives += 1;
  const { lives } = scene.chronicle;
  const life = startLife(`${name} ${lives}`, lives % 2 === 0 ? (scene.sabotage.skewMs ?? 0) : 0);
  const ended = life.ended.then(() => undefined);
  return await Promise.race([program(life).catch(() => undefined), ended]);
}

/** The messages that the handler returns as failed at the end. */
const CLOSING_MS = 3000;

/** One invocation of the worker with these messages; Lambda ends it when its time is over. */
export async function invokeWorker(scene: Scene, given: readonly QueueRecord[]): Promise<void> {
  const { clock, chronicle, bell, sabotage } = scene;
  const endsAt = clock.now() + TIMING.functionTimeoutMs;
  const finished = new AbortController();
  const closing = new AbortController();
  const after = (ms: number, act: () => void) => clock.sleep(ms, finished.signal).then(act, () => undefined);
  void after(TIMING.functionTimeoutMs - CLOSING_MS, () => closing.abort(new Error('time is up')));
  const retried = await live(scene, 'worker', async (life) => {
    const timeIsUp = after(TIMING.functionTimeoutMs, () => {
      chronicle.mishaps.push({ kind: 'timed-out', at: clock.now(), life: life.name, call: '' });
      if (!sabotage.undying) life.end();
    });
    const invocation = { remainingMs: () => endsAt - CLOSING_MS - clock.now(), signal: closing.signal };
    const answer = await Promise.race([
      applyBatch(portsOf(scene, life), given, invocation),
      timeIsUp.then(() => undefined),
    ]);
    if (!chronicle.mishaps.some((one) => one.life === life.name)) scene.replicas.ended(life);
    return answer;
  });
  finished.abort();
  // Without an answer in time all messages come back.
  if (retried !== undefined) bell.acknowledge(given, retried);
}

const refOf = (key: string) => ({ lane: LANE, source: SOURCE, tenant: TENANT, idempotencyKey: key });

/** As the source's ticket system does it: the same delivery again until it is answered. Answers whether it was taken. */
export async function deliver(scene: Scene, key: string, asked: RequestedChange): Promise<'accepted' | 'refused'> {
  const parsed = parseChange({ schemaVersion: 1, idempotencyKey: key, tenant: TENANT, ...asked });
  if (!parsed.ok) return 'refused';
  const { change } = parsed;
  const ref = refOf(key);
  const ticket = { system: 'Desk', id: key, approvals: [] };
  const one = { ref, change, ticket, fingerprint: fingerprint(change), grant: 0 };
  for (;;) {
    if (laneMismatch(scene.configurationAt(scene.clock.now()), TENANT, LANE) !== undefined) return 'refused';
    const answer = await live(scene, 'ingest', async (life) => {
      const ingest: IngestPorts = { ...portsOf(scene, life), secrets: createMemorySecrets() };
      const known = await ingest.ledger.readChange(ref);
      if (isDifferentChange(known, one)) return 'refused' as const;
      const entered = await acceptInOrder(ingest, known === undefined ? [one] : []);
      await enqueue(ingest, known === undefined ? entered.records : [known]);
      return entered.conflicting.length > 0 ? ('refused' as const) : ('accepted' as const);
    });
    if (answer !== undefined) return answer;
    await scene.clock.sleep(30_000);
  }
}

export async function sweepOnce(scene: Scene): Promise<void> {
  await live(scene, 'sweep', (life) => sweepLanes(portsOf(scene, life), new AbortController().signal));
}

/** An operator reads the present failures, waits a while, and re-opens one. */
export async function redriveOne(
  scene: Scene,
  { which, acceptStale, thinksMs }: History['redrives'][number],
): Promise<void> {
  const { truth, clock, chronicle, sabotage } = scene;
  const failed = await collect(truth.failedChanges(LANE));
  const seen = failed[which % Math.max(1, failed.length)];
  if (seen === undefined) return;
  const { ref } = seen;
  await clock.sleep(thinksMs);
  chronicle.redrives.push(unitOf(ref, seen.generation));
  const generation = sabotage.anyGeneration ? ((await truth.readChange(ref))?.generation ?? 0) : seen.generation;
  await live(scene, 'ops', (life) => redriveChange(portsOf(scene, life), ref, generation, { acceptStale }));
}

/** An operator re-opens all failures, one after the other, in any order. */
export async function redriveAll(
  scene: Scene,
  { order, acceptStale }: NonNullable<History['sprees']>[number],
): Promise<void> {
  const failed = await collect(scene.truth.failedChanges(LANE));
  const place = new Map(failed.map(({ ref }, n) => [ref, order[n % order.length] ?? n]));
  for (const { ref, generation } of failed.toSorted((a, b) => (place.get(a.ref) ?? 0) - (place.get(b.ref) ?? 0))) {
    scene.chronicle.redrives.push(unitOf(ref, generation));
    await live(scene, 'ops', (life) => redriveChange(portsOf(scene, life), ref, generation, { acceptStale }));
  }
}

/** The source asks a change back by its key: whichever generation is open between its request and the answer. */
export async function cancelOne(scene: Scene, key: string): Promise<void> {
  const ref = refOf(key);
  const generationNow = async () => (await scene.truth.readChange(ref))?.generation;
  const first = await generationNow();
  if (first === undefined) return;
  await live(scene, 'cancel', (life) => cancelChange(portsOf(scene, life), ref, { by: SOURCE, reason: 'not needed' }));
  const last = (await generationNow()) ?? first;
  for (let generation = first; generation <= last; generation += 1)
    scene.chronicle.cancels.push(unitOf(ref, generation));
}

/** An operator lets a paused lane go on. */
export async function resumeLane({ truth }: Scene): Promise<void> {
  const { paused, ...lane } = await truth.readLane(LANE);
  if (paused !== undefined) await truth.writeLane(lane, lane.version);
}

/** An operator reads why a lane stopped: sets a tenant that ignores deltas to v1, and asks back what a colleague has undone. */
export async function answerStop(scene: Scene): Promise<void> {
  const { stopped, intent } = await scene.truth.readLane(LANE);
  if (stopped?.code !== 'membership-ignored') return;
  if (scene.history.deaf) scene.setMembershipToV1();
  else for (const { ref } of intent?.members ?? []) await cancelOne(scene, ref.idempotencyKey);
}
