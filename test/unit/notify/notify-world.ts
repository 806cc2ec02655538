import { notifyBatch } from '../../../functions/notify/notify-batch.ts';
import type { NotifyPorts } from '../../../functions/notify/ports.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { driftJson, reportKeys } from '../../../shared/domain/drift/render/report-files.ts';
import type { DriftReport } from '../../../shared/domain/drift/report.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { NOTIFY_TIMING } from '../../../shared/domain/notice/retry-schedule.ts';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { toTerminal } from '../../../shared/domain/text/terminal.ts';
import type { TicketText } from '../../../shared/domain/text/ticket-text.ts';
import type { QueueRecord } from '../../../shared/ports/ports.ts';
import type { NewTicket, TicketOpener, TicketWriter, Transitioned } from '../../../shared/ports/ticket-system.ts';
import type { Deadline } from '../../../shared/runtime/deadline.ts';
import { TicketError } from '../../../shared/tickets/http/ticket-error.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryDriftTickets } from '../../fakes/memory-drift-tickets.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createMemorySetNotes } from '../../fakes/memory-set-notes.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { aChange, anApplied, anUpdate, aRef, aRejected, TEST_LANE } from '../../fakes/records.ts';

const TRANSITIONS = {
  all: { to: 'Done', fields: { resolution: { name: 'Done' }, notes: 'zpa-changes: {summary}' } },
  some: { to: 'Partly done' },
  none: { to: 'Failed' },
};

const OPEN_FIELDS = { project: { key: 'OPS' }, issuetype: { name: 'Task' } };

const CONFIGURATION = configurationSchema.parse({
  name: 'here',
  tenants: {
    acme: {
      customerId: '1',
      auth: 'legacy',
      drift: { ticket: { source: 'helpdesk', fields: OPEN_FIELDS, closed: { to: 'Clean' } } },
    },
    globex: { customerId: '1', auth: 'legacy' },
    bare: { customerId: '2', auth: 'legacy' },
  },
  sources: {
    helpdesk: { system: 'Helpdesk', tickets: { kind: 'jira', url: 'https://a.example', transitions: TRANSITIONS } },
    other: { system: 'Other', tickets: { kind: 'jira', url: 'https://b.example', transitions: TRANSITIONS } },
    silent: { system: 'Silent' },
    still: { system: 'Still', tickets: { kind: 'jira', url: 'https://c.example' } },
    snow: {
      system: 'ServiceNow',
      tickets: {
        kind: 'servicenow',
        url: 'https://d.example',
        transitions: { all: { to: 'Closed' } },
        tables: {
          CHG: { table: 'change_request', transitions: { all: { to: 'Review' } } },
          RITM: { table: 'sc_req_item' },
        },
      },
    },
  },
});

/** A ticket system for `notify`. `trouble` is called before each call, and after it took effect. */
function createTickets() {
  const comments: { source: string; ticket: string; text: TicketText; marker: string }[] = [];
  const opened: { source: string; ticket: NewTicket }[] = [];
  const moves: { source: string; ticket: string; to: string; fields: unknown }[] = [];
  const known = new Set(['CHG0000001', 'CHG0000002']);
  const tickets = {
    comments,
    opened,
    moves,
    known,
    refusal: undefined as string | undefined,
    trouble: (_call: string): void => undefined,
    said: () => comments.map(({ text }) => toTerminal(text)),
    opener: (source: string): TicketOpener => ({
      async open(ticket) {
        tickets.trouble(`before open ${source}`);
        const place = opened.findIndex((one) => one.ticket.marker === ticket.marker);
        if (place < 0) opened.push({ source, ticket });
        const id = `OPS-${place < 0 ? opened.length : place + 1}`;
        known.add(id);
        tickets.trouble(`after open ${source}`);
        return id;
      },
    }),
    writer: (source: string): TicketWriter => ({
      async comment(ticket, text, marker) {
        tickets.trouble(`before comment ${source}`);
        if (!known.has(ticket)) return 'no-ticket';
        const already = comments.some((one) => one.marker === marker && one.ticket === ticket);
        if (!already) comments.push({ source, ticket, text, marker });
        tickets.trouble(`after comment ${source}`);
        return already ? 'already' : 'said';
      },
      async transition(ticket, to, fields): Promise<Transitioned> {
        tickets.trouble(`before transition ${source}`);
        if (tickets.refusal !== undefined) return { result: 'refused', reason: tickets.refusal };
        moves.push({ source, ticket, to, fields });
        tickets.trouble(`after transition ${source}`);
        return { result: 'done' };
      },
    }),
  };
  return tickets;
}

export const unavailable = (retryAfterMs?: number) => new TicketError('tickets-unavailable', 'away', { retryAfterMs });

type Waiting = QueueRecord & { visibleAt: number };

/** `notify` over memory, with a queue that hides and hands out again; a crash is an error that a port throws. */
export function createNotifyWorld(wrap: (notify: NotifyPorts) => NotifyPorts = (notify) => notify) {
  let now = TEST_START;
  let messages = 0;
  const queue = new Map<string, Waiting>();
  const ledger = createMemoryLedger();
  const tickets = createTickets();
  const log = createRecordingLog();
  const meter = createRecordingMeter();
  const reports = new Map<string, string>();
  const notify = wrap({
    configuration: CONFIGURATION,
    timing: { ...NOTIFY_TIMING, statusKeptMs: TIMING.statusKeptMs },
    publicUrl: 'https://front.example.org',
    notes: createMemorySetNotes(),
    ledger,
    writerOf: (source) => (CONFIGURATION.sources[source]?.tickets === undefined ? undefined : tickets.writer(source)),
    openerOf: (source) => tickets.opener(source),
    reports: { read: async (key) => reports.get(key) },
    driftTickets: createMemoryDriftTickets(),
    secrets: createMemorySecrets({ 'here/status': 'status-secret' }),
    deferral: {
      async defer(receipts, delayMs) {
        for (const { messageId } of receipts) {
          const found = queue.get(messageId);
          if (found !== undefined) found.visibleAt = now + delayMs;
        }
        return [];
      },
    },
    clock: { now: () => now },
    chance: createFakeChance(),
    log,
    meter,
  });

  /** Calls the function as the queue does: it deletes the messages not answered as failed; after a crash all come again. */
  async function deliver(batchSize = 5, remaining: number | (() => number) = 300_000): Promise<void> {
    const batch = [...queue.values()].filter(({ visibleAt }) => visibleAt <= now).slice(0, batchSize);
    for (const message of batch) {
      message.receiveCount += 1;
      message.visibleAt = now + 1_800_000;
    }
    const deadline: Deadline = {
      signal: new AbortController().signal,
      remainingMs: () => (typeof remaining === 'number' ? remaining : remaining()),
      [Symbol.dispose]: () => undefined,
    };
    const again = await notifyBatch(notify, structuredClone(batch), deadline).catch(() =>
      batch.map((one) => one.messageId),
    );
    for (const { messageId } of batch) if (!again.includes(messageId)) queue.delete(messageId);
  }

  const put = (content: unknown): void => {
    messages += 1;
    const messageId = `message-${messages}`;
    const body = JSON.stringify(content);
    queue.set(messageId, { messageId, receiptHandle: `handle-${messages}`, body, receiveCount: 0, visibleAt: now });
  };

  return {
    /** The report is stored, and announced so many times. */
    announce(report: DriftReport, times = 1): void {
      const key = reportKeys(report).dated.json;
      reports.set(key, driftJson(report));
      for (let n = 0; n < times; n += 1) put({ kind: 'drift-report', schemaVersion: 2, lane: report.lane, key });
    },
    send: put,
    tickets,
    ledger,
    log,
    meter,
    queue,
    deliver,
    /** Lets time pass and delivers visible messages meanwhile, until none is left or the time is over. */
    async pass(ms: number): Promise<void> {
      const end = now + ms;
      for (;;) {
        const next = Math.min(...[...queue.values()].map(({ visibleAt }) => visibleAt));
        if (next > end) break;
        now = Math.max(now, next);
        await deliver();
      }
      now = end;
    },
    now: () => now,
    /** The record settles in the ledger, and its notice is published so many times. */
    async settle(record: ChangeRecord, times = 1): Promise<void> {
      const stored = await ledger.readChange(record.ref);
      await ledger.writeChange(record, stored?.version ?? 0);
      for (let n = 0; n < times; n += 1) this.publish(record);
    },
    publish(record: ChangeRecord): void {
      const { ref, outcome } = record;
      put({ schemaVersion: 1, ref, generation: record.generation, outcome });
    },
    put: async (record: ChangeRecord) => {
      const stored = await ledger.readChange(record.ref);
      await ledger.writeChange(record, stored?.version ?? 0);
    },
  };
}

type Asked = { ticket?: string; source?: string; set?: { index: number; size: number }; approval?: string };

/** A settled change of a ticket: `CHG0000001/2@A1`, optionally a member of a set. */
export function ended(
  outcome: Outcome,
  { ticket = 'CHG0000001', source = 'helpdesk', set, approval = 'A1' }: Asked = {},
) {
  const idempotencyKey = `${ticket}/${set?.index ?? 1}@${approval}`;
  const changeSet = set === undefined ? {} : { changeSet: { id: ticket, onReject: 'continue' as const, ...set } };
  return aChange({
    ref: aRef(idempotencyKey, { source, lane: TEST_LANE }),
    change: anUpdate({ idempotencyKey, ...changeSet }),
    ticket: { system: CONFIGURATION.sources[source]?.system ?? 'Gone', id: ticket, approvals: [] },
    state: 'settled',
    generation: outcome.generation,
    outcome,
  });
}

export const applied = (generation = 1) => anApplied({ generation });
export const rejected = (generation = 1) => aRejected({ generation });
