import { readFileSync } from 'node:fs';
import { mapTicket } from '../../../../shared/domain/mapping/map-ticket.ts';
import type { MappedTicket } from '../../../../shared/domain/mapping/mapped-ticket.ts';
import { type Mapping, mappingSchema } from '../../../../shared/domain/mapping/mapping-schema.ts';

/** A payload as a ticket system sends it, from the samples that come with the product. */
export function samplePayload(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../../../local/samples/payloads/${name}.json`, import.meta.url), 'utf8'));
}

export const mapping = (settings: unknown): Mapping => mappingSchema.parse(settings);

export const map = (settings: unknown, payload: unknown): Promise<MappedTicket> =>
  mapTicket(mapping(settings), payload, { source: 'desk' });

/** The changes of a payload that has no fault, without their tickets. */
export async function changesOf(settings: unknown, payload: unknown): Promise<Record<string, unknown>[]> {
  const mapped = await map(settings, payload);
  if (mapped.kind === 'faults') throw new Error(mapped.faults.map(({ sentence }) => sentence).join('\n'));
  return mapped.changes.map(({ ticket: _, ...change }) => change);
}

/** The faults of a payload, in one line each: sentence and remedy. */
export async function faultsOf(settings: unknown, payload: unknown): Promise<string[]> {
  const mapped = await map(settings, payload);
  return mapped.kind === 'mapped' ? [] : mapped.faults.map(({ sentence, remedy }) => `${sentence} ${remedy}`);
}

/** The smallest table; a test adds its subject to it. */
export const MINIMAL = {
  rows: {
    ticket: { from: 'id', to: 'ticket' },
    tenant: { value: 'acme-prod', to: 'tenant' },
    action: { value: 'update', to: 'action' },
    group: { from: 'group', to: 'group' },
  },
};

export const minimal = (rows: object, rest: object = {}) => ({
  ...MINIMAL,
  ...rest,
  rows: { ...MINIMAL.rows, ...rows },
});

export const UPDATE = { schemaVersion: 1, idempotencyKey: 'T-1/1', tenant: 'acme-prod', action: 'update' };
