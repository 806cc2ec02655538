import type { Outcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import { outcomeKey } from './audit-key.ts';
import { type OutcomeLine, sealLine } from './audit-line.ts';

/** Every outcome that the record holds, oldest first: those of earlier generations, and its own once it is settled. */
export function outcomesOf(record: ChangeRecord): Outcome[] {
  return record.outcome === undefined ? record.history : [...record.history, record.outcome];
}

/** The key and the line of one generation; undefined: the record holds no outcome of it. */
export function outcomeLineOf(
  record: ChangeRecord,
  generation: number,
): { key: string; line: OutcomeLine } | undefined {
  const outcome = outcomesOf(record).find((one) => one.generation === generation);
  if (outcome === undefined) return undefined;
  const { ref, ticket } = record;
  return { key: outcomeKey({ ref, ticket, generation, at: outcome.at }), line: lineOf(record, outcome) };
}

function lineOf(record: ChangeRecord, { settingsVersion: settledBy, ...outcome }: Outcome): OutcomeLine {
  const { ref, microtenantId, correlationId, ticket, change, fingerprint, plan } = record;
  const { ticket: _inChange, ...request } = change;
  const isOwn = record.generation === outcome.generation;
  return sealLine({
    schemaVersion: 1,
    kind: 'outcome',
    at: iso(outcome.at),
    ref,
    ...(microtenantId !== undefined && { microtenantId }),
    generation: outcome.generation,
    correlationId,
    ticket,
    change: request,
    fingerprint,
    ...(plan !== undefined && { plan: plan.hash }),
    settings: {
      ...(isOwn && record.settingsVersion !== undefined && { acceptedBy: record.settingsVersion }),
      ...(settledBy !== undefined && { settledBy }),
    },
    ...(isOwn && { acceptedAt: iso(record.acceptedAt) }),
    outcome,
  });
}

const iso = (ms: number) => new Date(ms).toISOString();
