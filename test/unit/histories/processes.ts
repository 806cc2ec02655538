import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import type { QueueRecord } from '../../../functions/apply/receive.ts';
import { acceptInOrder, isOther, ring } from '../../../functions/ingest/accept-change.ts';
import type { Ingest } from '../../../functions/ingest/ports.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { fingerprint } from '../../../shared/domain/canonical.ts';
import { parseChange } from '../../../shared/domain/parse-change.ts';
import { supportFaults } from '../../../shared/domain/supported.ts';
import { TIMING } from '../../../shared/domain/timing.ts';
import type { RateLimiter } from '../../../shared/ports.ts';
import { collect } from '../../../shared/read-patiently.ts';
import { createRuleReadings } from '../../../shared/read-rules.ts';
import { redriveChange } from '../../../shared/redrive.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import type { Asked } from './asked-changes.ts';
import { hostileZpa } from './hostile-zpa.ts';
import { type Life, lived, livedClock, startLife } from './life.ts';
import { CONFIGURATION, type Scene } from './scene.ts';
import { LANE, SOURCE, TENANT } from './small-tenant.ts';

/** The real programs, each run as one life over the scene: worker, ingest, sweeper, redrive. */

function portsOf(scene: Scene, life: Life) {
  const { mishaps, clock, chronicle, latencyMs, bell, chance, log, meter } = scene;
  const around = { life, mishaps, clock, chronicle, latencyMs };
  return {
    ledger: lived(scene.ledger, 'ledger', around),
    queue: lived(bell.queue, 'queue', around),
    deferral: lived(bell.deferral, 'deferral', around),
    failures: lived(scene.failures, 'failures', around),
    outcomes: lived(scene.outcomes, 'outcomes', around),
    clock: livedClock(clock, life),
    ruleReadings: createRuleReadings(clock, scene.timing.rulesKeptMs),
    zpaFor: (_tenant: string, limiter: RateLimiter) =>
      lived(hostileZpa(scene, scene.boundless ? BOUNDLESS : limiter, life), 'zpa', around),
    ...{ chance, log, meter, configuration: CONFIGURATION, timing: scene.timing },
  };
}

const BOUNDLESS: RateLimiter = { take: async () => undefined, obey: () => undefined };

let lives = 0;

/** Runs a program until it answers, fails or its life ends; undefined unless it answered. */
async function live<T>(name: string, program: (life: Life) => Promise<T>): Promise<T | undefined> {
  lives += 1;
  const life = startLife(`${name} ${lives}`);
  const ended = life.ended.then(() => undefined);
  return await Promise.race([program(life).catch(() => undefined), ended]);
}

/** What the handler keeps back at the end. */
const CLOSING_MS = 3000;

/** One invocation of the worker with these messages; Lambda ends it when its time is over. */
export async function invokeWorker(scene: Scene, given: readonly QueueRecord[]): Promise<void> {
  const { clock, chronicle, bell, history } = scene;
  const endsAt = clock.now() + TIMING.functionTimeoutMs;
  const finished = new AbortController();
  const closing = new AbortController();
  const after = (ms: number, act: () => void) => clock.sleep(ms, finished.signal).then(act, () => undefined);
  void after(TIMING.functionTimeoutMs - CLOSING_MS, () => closing.abort(new Error('time is up')));
  const retried = await live('worker', async (life) => {
    const timeIsUp = after(TIMING.functionTimeoutMs, () => {
      chronicle.mishaps.push({ kind: 'timed-out', at: clock.now(), life: life.name, call: '' });
      if (!history.undying) life.end();
    });
    const invocation = { remainingMs: () => endsAt - CLOSING_MS - clock.now(), signal: closing.signal };
    const answer = applyBatch(portsOf(scene, life), given, invocation);
    return await Promise.race([answer, timeIsUp.then(() => undefined)]);
  });
  finished.abort();
  // Without an answer in time all messages come back.
  if (retried !== undefined) bell.acknowledge(given, retried);
}

/** As the source's ticket system does it: the same delivery again until it is answered. Answers whether it was taken. */
export async function deliver(scene: Scene, key: string, asked: Asked): Promise<'accepted' | 'refused'> {
  const parsed = parseChange({ schemaVersion: 1, idempotencyKey: key, tenant: TENANT, ...asked });
  if (!parsed.ok || supportFaults(parsed.change).length > 0) return 'refused';
  const { change } = parsed;
  const ref = { lane: LANE, source: SOURCE, tenant: TENANT, idempotencyKey: key };
  const ticket = { system: 'Desk', id: key, approvals: [] };
  const one = { ref, change, ticket, fingerprint: fingerprint(change), grant: 0 };
  for (;;) {
    const answer = await live('ingest', async (life) => {
      const ingest: Ingest = { ...portsOf(scene, life), secrets: createMemorySecrets() };
      const known = await ingest.ledger.readChange(ref);
      if (isOther(known, one)) return 'refused' as const;
      const entered = await acceptInOrder(ingest, known === undefined ? [one] : []);
      await ring(ingest, known === undefined ? entered.records : [known]);
      return entered.overtaken.length > 0 ? ('refused' as const) : ('accepted' as const);
    });
    if (answer !== undefined) return answer;
    await scene.clock.sleep(30_000);
  }
}

export async function sweepOnce(scene: Scene): Promise<void> {
  await live('sweep', (life) => sweepLanes(portsOf(scene, life), new AbortController().signal));
}

/** Somebody re-opens one of the failures there are. */
export async function redriveOne(scene: Scene, which: number, acceptStale: boolean): Promise<void> {
  const failed = await collect(scene.ledger.failedChanges(LANE));
  const record = failed[which % Math.max(1, failed.length)];
  if (record === undefined) return;
  await live('ops', (life) => redriveChange(portsOf(scene, life), record.ref, record.generation, { acceptStale }));
}

/** An operator lets a paused lane go on. */
export async function resumeLane({ ledger }: Scene): Promise<void> {
  const { paused, ...lane } = await ledger.readLane(LANE);
  if (paused !== undefined) await ledger.writeLane(lane, lane.version);
}
