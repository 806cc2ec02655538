import { describeAnswer } from '../page/demo-acts.ts';
import { readSample, SAMPLES, type Sample } from '../samples/samples.ts';
import type { World } from '../world/world.ts';
import type { Sent } from './start-report.ts';

/**
 * Sends sample tickets one after the other and waits for all their outcomes, because a lane that has several works on
 * while ZPA makes one of them wait. Stops early when the signal aborts. `report` gets a line for each delivery and each
 * outcome.
 */
export async function sendSamples(
  world: World,
  report: (line: string) => void,
  signal: AbortSignal,
  samples: readonly Sample[] = SAMPLES,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const outcomes: Promise<void>[] = [];
  for (const sample of samples) {
    if (signal.aborted) break;
    const startedAt = performance.now();
    const one = await deliver(world, sample);
    sent.push(one);
    report(one.notice);
    outcomes.push(
      outcomeOf(world, one, signal).then((outcome) => {
        if (outcome !== '') report(`${one.ticket}: ${outcome} after ${seconds(startedAt)}.`);
      }),
    );
  }
  await Promise.all(outcomes);
  return sent;
}

async function deliver(world: World, { name, source, ticket }: Sample): Promise<Sent> {
  const changes = await readSample(name);
  const answer = await world.deliver(source, { changes });
  const keys = answer.status === 202 ? changes.map((change) => change.idempotencyKey) : [];
  return { ticket, notice: describeAnswer(ticket, answer), status: answer.status, keys, source };
}

/** `3 applied, 1 rejected`; empty where nothing was accepted, or the signal aborted first. */
async function outcomeOf(world: World, { source, keys }: Sent, signal: AbortSignal): Promise<string> {
  const records = await world.awaitSettled(world.refs(source, keys), signal).catch((error) => {
    if (signal.aborted) return [];
    throw error;
  });
  return countOutcomes(records.map((record) => record.outcome?.kind ?? ''));
}

const seconds = (startedAt: number) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

/** `3 applied, 1 rejected` */
function countOutcomes(kinds: readonly string[]): string {
  const counts = Map.groupBy(kinds, (kind) => kind);
  return [...counts].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
}
