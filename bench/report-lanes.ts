import { invoke } from '../local/lambda/invocation.ts';
import { enqueue } from '../shared/accept/changes/write-change.ts';
import { TIMING } from '../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../shared/domain/records/change-record.ts';
import { frame, spread } from './lanes-figures.ts';
import { customerId } from './lanes-seed.ts';
import { startSource } from './lanes-source.ts';
import { type LanesWorld, openLanesWorld } from './lanes-world.ts';
import { printTable, round, say } from './print-table.ts';
import { driftRound } from './report-round.ts';

export type LanesOptions = { lanes: number; applications: number; slow: number };

/** The third change of a lane is accepted while the slow lanes are in the midst of their first ones. */
const LATER_MS = 5000;
/** ZPA refuses the first calls of a slow lane, each for a time that a worker waits in place: so long it holds its batch. */
const REFUSALS = 2;
const REFUSED_SECONDS = 20;

/**
 * Many lanes, some of which have a limited ZPA: does anybody wait for another one's lane, and does a drift round of all
 * of them end within its schedule? Virtual time, in which waiting is ZPA's.
 */
export async function reportLanes({ lanes, applications, slow }: LanesOptions) {
  const world = await openLanesWorld({ lanes, applications });
  try {
    const numbers = Array.from({ length: lanes }, (_, lane) => lane);
    const slowLanes = numbers.filter((lane) => lane % Math.ceil(lanes / Math.min(slow, lanes)) === 0);
    say(`${lanes} lanes of ${applications} applications, ${slowLanes.length} of them with a limited ZPA`);
    const early = await inParts(numbers, async (lane) => [await world.accept(lane, 0), await world.accept(lane, 1)]);
    const sweep = await sweepAll(world);
    const waits = await workAll(world, early, new Set(slowLanes));
    world.simulator.faults.clear();
    return { lanes, applications, sweep, waits, drift: await driftRound(world, lanes) };
  } finally {
    await world.close();
  }
}

/** No message was sent of the changes so far: the sweeper finds and sends them. */
async function sweepAll({ clock, functions }: LanesWorld) {
  await clock.sleep(TIMING.sweepUnsentAfterMs);
  const from = performance.now();
  const invoked = await invoke({ ...frame('sweep'), handler: functions.sweep }, {}, clock);
  if (invoked.outcome !== 'returned') throw new Error(`the sweep ${invoked.outcome}`);
  const { lanes, sent, missed } = invoked.result as Record<string, number>;
  const seconds = (performance.now() - from) / 1000;
  printTable(
    ['one sweep', 'lanes', 'changes sent', 'missed', 'real s'],
    [['', `${lanes}`, `${sent}`, `${missed}`, round(seconds)]],
  );
  return { lanes, sent, missed, seconds };
}

async function workAll(world: LanesWorld, early: ChangeRecord[][], slow: ReadonlySet<number>) {
  const { clock, simulator, functions, env, ports } = world;
  for (const lane of slow)
    simulator.faults.script(
      { path: `*/${customerId(lane)}/*` },
      { kind: 'rate-limited', retryAfterSeconds: REFUSED_SECONDS },
      REFUSALS,
    );
  const sentAt = clock.now();
  const source = startSource({
    function: { ...frame('apply'), handler: functions.apply },
    environment: env,
    queueUrl: env.CHANGES_QUEUE_URL,
    maximumConcurrency: early.length + 2,
    clock,
  });
  await clock.sleep(LATER_MS);
  const laterAt = clock.now();
  const accepted = await inParts([...early.keys()], (lane) => world.accept(lane, 2));
  const late = (await inParts(accepted, (record) => enqueue(ports, [record]))).flat();
  await source.finish();
  const rows = [
    { changes: 'two at once', records: early, from: sentAt },
    { changes: `one ${LATER_MS / 1000} s later`, records: late.map((one) => [one]), from: laterAt },
  ];
  const waits = await Promise.all(
    rows.flatMap(({ changes, records, from }) =>
      [false, true].map(async (isSlow) => {
        const counted = records.filter((_, lane) => slow.has(lane) === isSlow).flat();
        const seconds = await inParts(counted, (record) => secondsUntilApplied(ports.ledger, record, from));
        return { lanes: isSlow ? 'with a limited ZPA' : 'others', changes, count: counted.length, ...spread(seconds) };
      }),
    ),
  );
  printTable(
    ['until applied, virtual s', 'changes', '', 'p50', 'p99', 'max'],
    waits.map((one) => [one.lanes, one.changes, `${one.count}`, round(one.p50), round(one.p99), round(one.max)]),
  );
  return waits;
}

async function secondsUntilApplied(ledger: LanesWorld['ports']['ledger'], { ref }: ChangeRecord, from: number) {
  const outcome = (await ledger.readChange(ref))?.outcome;
  if (outcome?.kind !== 'applied') throw new Error(`${ref.idempotencyKey}: ${JSON.stringify(outcome)}`);
  return (outcome.at - from) / 1000;
}

/** Ten at a time: hundreds of connections to the local AWS in one moment would not be made in time. */
async function inParts<Item, Answer>(items: readonly Item[], work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < items.length; from += 10)
    answers.push(...(await Promise.all(items.slice(from, from + 10).map(work))));
  return answers;
}
