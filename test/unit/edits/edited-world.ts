import { notifyBatch } from '../../../functions/notify/notify-batch.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { NOTIFY_TIMING } from '../../../shared/domain/notice/retry-schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { createMemoryDriftTickets } from '../../fakes/memory-drift-tickets.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createMemorySetNotes } from '../../fakes/memory-set-notes.ts';
import { aFault } from '../../fakes/memory-zpa.ts';
import { createLaneWorld, LANE } from '../apply/lane-world.ts';
import { configurationAfter } from './edits.ts';

const MINUTE = 60_000;
/** So long a change may take by itself: a write without an answer is judged within minutes. */
const PATIENCE = 30;
const endless = () => new AbortController().signal;

export const SECOND = '72057594037930002';
export const rename = (name: string, group: object) => ({ action: 'update', group, set: { name } });

export type EditedWorld = Awaited<ReturnType<typeof openWorld>>;

/** A lane whose configuration is edited, with the functions that go on after the edit. `alone`: it has one tenant. */
export async function openWorld(alone: boolean) {
  const lane = createLaneWorld();
  const { ports, clock, ledger, tenant, outcomes } = lane;
  const { zpaFor } = ports;
  ports.configuration = configurationAfter(undefined, alone, clock.now());
  ports.zpaFor = (name, limiter) => {
    const found = lookup(ports.configuration.tenants, name);
    if (found === undefined || laneName(found) !== LANE) throw new Error(`work at another customer: ${name}`);
    return zpaFor(name, limiter);
  };
  lane.addGroup({ applicationIds: ['11'] });
  lane.addGroup({ id: SECOND, name: 'Second' });
  lane.addGroup({ id: '3', name: 'Third' });
  lane.addApplications('11', '12', '13');
  // Two read-backs show the worker who its API client is, and that v2 honours deltas.
  for (const id of ['12', '13']) {
    const adding = { action: 'update', group: { id: '3' }, applications: { add: [{ id }] } };
    await lane.settle([await lane.accept(`EARLIER-${id}`, adding)]);
  }
  await sweepLanes(ports, endless());
  const writesBefore = tenant.writes.length;

  const ready = (): ChangeRecord[] =>
    ledger.allChanges().filter(({ state }) => state === 'queued' || state === 'accepted');
  const isOver = () => ledger.allChanges().every(({ state, pending }) => state === 'settled' && pending.length === 0);

  /** Each minute the sweeper runs, then the worker. Answers whether that was longer than a change takes by itself. */
  async function goOn(): Promise<{ waited: boolean }> {
    for (let n = 0; n < 4 * PATIENCE; n += 1) {
      if (isOver()) return { waited: n > PATIENCE };
      // A mode in which changes wait is taken back at last.
      if (n === PATIENCE && ports.configuration.tenants.acme?.mode === 'paused') takeEditBack();
      await clock.advance(MINUTE);
      await sweepLanes(ports, endless());
      await work();
    }
    return { waited: true };
  }

  function takeEditBack(): void {
    ports.configuration = configurationAfter(undefined, alone, clock.now());
  }

  async function work(): Promise<void> {
    if (ready().length > 0) await lane.invoke(ready());
  }

  return {
    ...lane,
    ...{ goOn, takeEditBack, work },
    /** Writes that took effect since the world was opened. */
    writes: () => tenant.writes.slice(writesBefore),
    edit(name: string): void {
      ports.configuration = configurationAfter(name, alone, clock.now());
      tenant.interfere = () => undefined;
      if (name !== 'API client replaced') return;
      tenant.ourClient = '216196257331399998';
      tenant.clientKey = 'second';
      // The old client is revoked before the secret of the new one is stored.
      let refusals = 2;
      tenant.interfere = () => {
        refusals -= 1;
        return refusals < 0 ? undefined : { fault: aFault({ code: 'sign-in-refused', scope: 'tenant' }) };
      };
    },
    /** Delivers the notice of T-1 to `notify`: the addresses where its ticket was told, or `waits`. */
    async tell(): Promise<string[]> {
      const told: string[] = [];
      const { configuration, chance, log, meter, deferral } = ports;
      const notices = outcomes.published.filter(({ ref }) => ref.idempotencyKey === 'T-1');
      const waiting = await notifyBatch(
        {
          ...{ configuration, ledger, clock, chance, log, meter, deferral },
          timing: { ...NOTIFY_TIMING, statusKeptMs: TIMING.statusKeptMs },
          publicUrl: 'https://front.example',
          notes: createMemorySetNotes(),
          secrets: createMemorySecrets({ 'unit/status': 'any long random text' }),
          driftTickets: createMemoryDriftTickets(),
          reports: { read: async () => undefined },
          openerOf: () => undefined,
          writerOf: (source) => ({
            comment: async () => {
              told.push(lookup(configuration.sources, source)?.tickets?.url ?? '');
              return 'said';
            },
            transition: async () => ({ result: 'done' }),
          }),
        },
        notices.map((notice) => ({
          ...{ messageId: 'notice', receiptHandle: 'notice', receiveCount: 1 },
          body: JSON.stringify(notice),
        })),
        { signal: endless(), remainingMs: () => 300_000, [Symbol.dispose]: () => undefined },
      );
      return [...told, ...waiting.map(() => 'waits')];
    },
  };
}
