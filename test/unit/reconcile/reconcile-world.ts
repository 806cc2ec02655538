import type { ReconcilePorts } from '../../../functions/reconcile/ports.ts';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryQueue } from '../../fakes/memory-queues.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { accessTo, createMemoryTickets } from '../../fakes/memory-tickets.ts';
import { createMemoryWithdrawals } from '../../fakes/memory-withdrawals.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';

export const NEVER = new AbortController().signal;
const KEY = 'CHG0031337/1@appr1';

/** Reconciling two sources, `snow` and `snow-open` (`other`), on in-memory ports. */
export function createReconcileWorld(configuration = TICKET_CONFIGURATION) {
  const ledger = createMemoryLedger();
  const queue = createMemoryQueue();
  const [snow, other] = [createMemoryTickets(), createMemoryTickets()];
  const drained: string[] = [];
  const ports = {
    configuration,
    timing: TIMING,
    ledger,
    knownLanes: createMemoryKnownLanes(),
    withdrawals: createMemoryWithdrawals(),
    queue,
    clock: createFakeClock(),
    chance: createFakeChance(),
    secrets: createMemorySecrets({ 'test/status': 'any long random text' }),
    log: createRecordingLog(),
    meter: createRecordingMeter(),
    tickets: accessTo({ snow, 'snow-open': other }),
    drain: { remove: async (ids: readonly string[]) => drained.push(...ids) },
  } satisfies ReconcilePorts;
  const run = () => reconcileSources(ports, NEVER);
  const find = (key = KEY) => ledger.allChanges().find((one) => one.ref.idempotencyKey === key);
  /** Ids of the tickets whose changes were cancelled. */
  const cancelled = () =>
    ledger.allChanges().flatMap(({ outcome, ticket }) => (outcome?.kind === 'cancelled' ? [ticket.id] : []));
  return { ports, ledger, queue, snow, other, drained, run, find, cancelled };
}
