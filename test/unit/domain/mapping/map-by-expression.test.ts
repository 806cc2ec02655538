import { expect, it } from 'vitest';
import type { EvaluationResult } from '../../../../shared/domain/mapping/map-by-expression.ts';
import { mapTicket } from '../../../../shared/domain/mapping/map-ticket.ts';
import { mapping, UPDATE } from './mapping-samples.ts';

const change = { tenant: 'acme-prod', action: 'update', group: { name: 'Web Apps' }, set: { enabled: true } };

/** The mapping of an expression that returns this value. */
const answering = (value: unknown, reads?: string[]) =>
  mapTicket(
    mapping({ jsonata: '$', reads }),
    { id: 'T-1', secret: 'x' },
    {
      source: 'desk',
      evaluate: async (): Promise<EvaluationResult> => ({ ok: true, value }),
    },
  );

const faults = async (mapped: ReturnType<typeof answering>) => {
  const done = await mapped;
  return done.kind === 'mapped' ? [] : done.faults.map((one) => one.sentence);
};

it('an expression answers ticket and changes; keys and change set are given as to lines of a table', async () => {
  const mapped = await answering({ ticket: 'T-1', requestedBy: 'kim', changes: [change, change] }, ['id']);
  const ticket = { id: 'T-1', requestedBy: 'kim' };
  const set = { id: 'T-1', size: 2, onReject: 'continue' };
  expect(mapped).toEqual({
    kind: 'mapped',
    changes: [
      { ...UPDATE, ...change, ticket, changeSet: { ...set, index: 1 } },
      { ...UPDATE, ...change, idempotencyKey: 'T-1/2', ticket, changeSet: { ...set, index: 2 } },
    ],
    ticket,
    mapped: new Map([['id', 'T-1']]),
  });
});

it('one change alone is one, as JSONata answers it; keys it gives are kept', async () => {
  const mapped = await answering({ ticket: 'T-1', changes: { ...change, idempotencyKey: 'T-1/7' } });
  expect(mapped).toMatchObject({ kind: 'mapped', changes: [{ idempotencyKey: 'T-1/7' }] });
  expect(mapped.kind === 'mapped' && [...mapped.mapped.keys()]).toEqual(['$payload']);
});

it.each<[unknown, string]>([
  [undefined, 'Source "desk", row "jsonata": answered no object.'],
  ['text', 'Source "desk", row "jsonata": "text" answered no object.'],
  [{ changes: [change] }, 'Source "desk", row "jsonata": ticket is not filled in.'],
  [{ ticket: 'T-1' }, 'Source "desk", row "jsonata": changes holds no change.'],
  [{ ticket: 'T-1', changes: [change, 'x'] }, 'Source "desk", row "jsonata": changes[1] = "x" is no change.'],
  [{ ticket: 'T/1', changes: [change] }, 'Source "desk", row "ticket": "T/1" is not a ticket number'],
  [
    { ticket: 'T-1', changes: [{ ...change, group: { name: 'a/b' } }] },
    'Source "desk", row "jsonata": changes[0].group.name = "a/b", as "group.name", may hold',
  ],
  [
    { ticket: 'T-1', changes: Array.from({ length: 101 }, () => change) },
    'Source "desk", row "jsonata": changes holds more than 100 changes.',
  ],
])('the answer %j is refused', async (value, sentence) => {
  expect((await faults(answering(value))).find((one) => one.startsWith(sentence)) ?? value).toContain(sentence);
});

it('where nothing carries expressions out, that is the fault', async () => {
  const mapped = await mapTicket(mapping({ jsonata: '$' }), {}, { source: 'desk' });
  expect(mapped).toMatchObject({ kind: 'faults', faults: [{ row: 'jsonata', source: 'desk' }] });
});
