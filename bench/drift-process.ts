import { once } from 'node:events';
import { Pool } from 'undici';
import { compose } from '../functions/drift/compose.ts';
import { FUNCTIONS } from '../shared/deployment/resources.ts';
import { TIMING } from '../shared/domain/ledger/timing.ts';
import { newLane } from '../shared/domain/records/lane-record.ts';
import type { Ledger } from '../shared/ports/ports.ts';
import { surveyLane } from '../shared/reading/survey-drift.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { MAX_ANSWER_BYTES, sendRequest } from '../shared/zpa/http/send-request.ts';
import { createReadClients } from '../shared/zpa/read-clients.ts';
import { approvedGroups, type DriftJob, driftConfiguration, driftLane } from './drift-seed.ts';

/**
 * Work of a process whose CPU and memory are measured. `function` is the deployed function; `survey` only makes the report,
 * from records in memory and without AWS; `fetch` fetches pages and parses their JSON.
 */
export type DriftRole =
  | { role: 'function'; lane: string; runs: number }
  | { role: 'survey'; job: DriftJob; url: string; secret: string; runs: number }
  | { role: 'fetch'; urls: string[]; token: string; runs: number };

export type DriftUse = { cpuMs: number[]; virtualSeconds: number[]; peakMb: number };

type Order = DriftRole & { environment: Record<string, string> };

/** The time that somebody waited for: who sleeps wakes at once, and the clock stands at the end of the sleep. */
let waitedUntil = 0;
const skipping = {
  now: () => Math.max(Date.now(), waitedUntil),
  sleep: async (ms: number) => {
    waitedUntil = Math.max(waitedUntil, skipping.now() + ms);
  },
};
Object.assign(systemClock, skipping);

const [order] = (await once(process, 'message')) as [Order];
const use: DriftUse = { cpuMs: [], virtualSeconds: [], peakMb: 0 };
const work = prepare(order);
for (let run = 0; run < order.runs; run += 1) {
  const [cpu, from] = [process.cpuUsage(), skipping.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  use.cpuMs.push((user + system) / 1000);
  use.virtualSeconds.push((skipping.now() - from) / 1000);
}
use.peakMb = process.resourceUsage().maxRSS / 1024;
process.send?.(use, () => process.exit());

function prepare(asked: Order): () => Promise<unknown> {
  const handler = compose(asked.environment);
  if (asked.role === 'function') return () => report(handler, asked.lane);
  if (asked.role === 'survey') return survey(asked);
  const pool = new Pool(new URL(asked.urls[0] ?? '').origin, { maxResponseSize: MAX_ANSWER_BYTES });
  const headers = { authorization: `Bearer ${asked.token}` };
  return async () => {
    for (const url of asked.urls) {
      const answer = await sendRequest(pool, { method: 'GET', url: new URL(url), headers }, { timeoutMs: 30_000 });
      JSON.parse(answer.text);
    }
  };
}

function survey({ job, url, secret }: Extract<DriftRole, { role: 'survey' }>): () => Promise<unknown> {
  const configuration = driftConfiguration([job], url);
  const lane = driftLane(configuration, job);
  const approved = approvedGroups(job, lane);
  const ledger = {
    async *listDesired() {
      yield* approved;
    },
    openChanges: async () => [],
    readLane: async () => newLane(lane),
  };
  const { zpaOf } = createReadClients({
    configuration,
    ...{ secrets: { read: async () => secret }, clock: systemClock, timing: TIMING },
    seenLists: { read: async () => undefined, write: async () => ({ written: true }) },
    limiterOf: () => ({ take: async () => () => undefined, obey: () => undefined }),
  });
  const ports = { ledger: ledger as Partial<Ledger> as Ledger, zpaOf, clock: systemClock };
  return () => surveyLane(ports, configuration, lane, new AbortController().signal);
}

async function report(handler: ReturnType<typeof compose>, lane: string): Promise<void> {
  const body = JSON.stringify({ schemaVersion: 1, lane, askedAt: skipping.now() });
  const record = { messageId: 'one', receiptHandle: 'one', body, attributes: { ApproximateReceiveCount: '1' } };
  const endsAt = skipping.now() + FUNCTIONS.drift.timeoutSeconds * 1000;
  const context = { getRemainingTimeInMillis: () => endsAt - skipping.now() };
  const answer = await handler({ Records: [record] } as unknown as Parameters<typeof handler>[0], context);
  if (answer.batchItemFailures.length > 0) throw new Error('no report was made');
}
