import { describeAnswer } from '../page/page-world.ts';
import { readSample, SAMPLES } from '../samples/samples.ts';
import type { World } from '../world/world.ts';
import type { Sent } from './start-report.ts';

/**
 * Sends every sample ticket and waits for each one's outcome before the next, as tickets come one after the other.
 * Stops early when the signal aborts. `tell` gets a line for each delivery and each outcome.
 */
export async function sendSamples(world: World, report: (line: string) => void, signal: AbortSignal): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const { name, source, ticket } of SAMPLES) {
    if (signal.aborted) break;
    const startedAt = performance.now();
    const changes = await readSample(name);
    const answer = await world.deliver(source, { changes });
    const notice = describeAnswer(ticket, answer);
    const keys = answer.status === 202 ? changes.map((change) => change.idempotencyKey) : [];
    sent.push({ ticket, notice, status: answer.status, keys, source });
    report(notice);
    const records = await world.awaitSettled(world.refs(source, keys), signal).catch((error) => {
      if (signal.aborted) return [];
      throw error;
    });
    if (records.length > 0)
      report(
        `${ticket}: ${countOutcomes(records.map((record) => record.outcome?.kind ?? ''))}, after ${seconds(startedAt)}.`,
      );
  }
  return sent;
}

const seconds = (startedAt: number) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

/** `3 applied, 1 rejected` */
function countOutcomes(kinds: readonly string[]): string {
  const counts = Map.groupBy(kinds, (kind) => kind);
  return [...counts].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
}
