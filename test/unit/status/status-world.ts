import { createStatusHandler } from '../../../functions/status/handler.ts';
import type { StatusPorts } from '../../../functions/status/ports.ts';
import { fingerprint } from '../../../shared/domain/change/fingerprint.ts';
import { statusHash, statusToken } from '../../../shared/domain/http/status-token.ts';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { createFakeClock, TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemorySetNotes } from '../../fakes/memory-set-notes.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { parsed, rawUpdate } from '../domain/sample-changes.ts';

const DAY = 24 * 60 * 60 * 1000;

/** A change as the ledger holds it; the argument sets the fields under test. */
export function recordOf(part: Partial<ChangeRecord> = {}): ChangeRecord {
  const change = parsed(rawUpdate({ set: { enabled: true }, applications: { add: [{ name: 'ssh' }, { id: '42' }] } }));
  return {
    version: 1,
    ref: { lane: 'PRODUCTION:1', source: 'servicenow', tenant: 'acme-prod', idempotencyKey: change.idempotencyKey },
    change,
    fingerprint: fingerprint(change),
    ticket: {
      system: 'servicenow',
      id: 'CHG0031337',
      url: 'https://acme.example/CHG0031337',
      requestedBy: 'kim',
      approvals: [],
    },
    correlationId: 'correlation-1',
    sequence: 7,
    state: 'queued',
    generation: 1,
    acceptedAt: TEST_START,
    sentAt: TEST_START + 500,
    attempts: 0,
    pending: [],
    history: [],
    failed: false,
    ...part,
  };
}

const summary = { name: 'Remote Access', description: '', enabled: false, applicationCount: 1 };

export const applied: Extract<Outcome, { kind: 'applied' }> = {
  kind: 'applied',
  generation: 1,
  at: TEST_START + 4000,
  attempts: 1,
  effect: {
    groupId: '216196257331404691',
    before: summary,
    after: { ...summary, enabled: true, applicationCount: 3 },
    added: ['42', '43'],
    removed: [],
  },
  approved: {
    groupId: '216196257331404691',
    microtenantId: '0',
    fields: {},
    members: { has: [], hasNot: [] },
    deleted: false,
  },
  reach: { status: 'not-checked', reason: 'rules were not read' },
  writeId: 'write-1',
  overtaken: [],
};

export const rejected: Extract<Outcome, { kind: 'rejected' }> = {
  kind: 'rejected',
  generation: 1,
  at: TEST_START + 4000,
  attempts: 2,
  code: 'zpa-refused',
  sentence: 'ZPA refused the change: the name is taken.',
  remedy: 'Choose another name.',
  path: 'set.name',
  zpaError: { code: 'refused', class: 'permanent', scope: 'change', effect: 'none', status: 400, zpaId: 'bad.name' },
  details: { candidates: ['1', '2'] },
};

/** The function over a ledger that holds one change, linked for 30 days from `TEST_START`. */
export async function createStatusWorld(record = recordOf(), overrides: Partial<StatusPorts> = {}) {
  const ledger = createMemoryLedger();
  const notes = createMemorySetNotes();
  const clock = createFakeClock();
  const log = createRecordingLog();
  const token = statusToken('secret', record.ref);
  await ledger.writeChange(record, 0);
  await ledger.putStatusLink({ hash: statusHash(token), ref: record.ref, expiresAt: TEST_START + 30 * DAY });
  const handle = createStatusHandler({ ledger, notes, clock, log, meter: createRecordingMeter(), ...overrides });
  const get = async (accept?: string, asked = token, method = 'GET', query?: Record<string, string>) => {
    const headers = accept === undefined ? {} : { accept };
    const queryStringParameters = query === undefined ? {} : { queryStringParameters: query };
    const requestContext = { http: { method } };
    const result = await handle({
      headers,
      pathParameters: { token: asked },
      ...queryStringParameters,
      requestContext,
    });
    return { status: result.statusCode, headers: result.headers ?? {}, body: result.body ?? '' };
  };
  return { ledger, notes, clock, log, token, get, handle, DAY };
}

export const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
