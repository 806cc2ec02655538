import { expect, it } from 'vitest';
import {
  type PlanRequest,
  planDeduplication,
  planGroup,
  planMessage,
} from '../../../../shared/domain/ledger/plan-request.ts';
import { MAX_MESSAGE_BYTES } from '../../../../shared/domain/ledger/size-limits.ts';

const REQUEST: PlanRequest = { schemaVersion: 1, source: 'desk', ticketId: 'T-1', askedAt: 7, payload: { a: 1 } };

it('a request holds the payload, unless a message has no room for it', () => {
  expect(JSON.parse(planMessage(REQUEST))).toEqual(REQUEST);
  const { payload: _, ...without } = REQUEST;
  const large = { ...REQUEST, payload: 'x'.repeat(MAX_MESSAGE_BYTES) };
  expect(JSON.parse(planMessage(large))).toEqual(without);
});

it('requests of one ticket are made one after the other', () => {
  expect(planGroup(REQUEST)).toMatch(/^[0-9a-f]{64}$/);
  expect(planGroup({ source: 'desk', ticketId: 'T-1' })).toBe(planGroup(REQUEST));
  expect(planGroup({ ...REQUEST, ticketId: 'T-2' })).not.toBe(planGroup(REQUEST));
  expect(planGroup({ ...REQUEST, source: 'other' })).not.toBe(planGroup(REQUEST));
});

it('a request that is repeated is one; of another ticket, payload or comment it is another', () => {
  const { schemaVersion: _, askedAt: _at, ...plain } = REQUEST;
  const { payload: _payload, ...bare } = plain;
  const comment = { text: [], marker: 'm1' };
  const all = [
    plain,
    bare,
    { ...plain, ticketId: 'T-2' },
    { ...plain, source: 'other' },
    { ...plain, payload: { a: 2 } },
    { ...plain, comment },
    { ...plain, comment: { ...comment, marker: 'm2' } },
  ].map((one) => planDeduplication(one));
  expect(new Set(all).size).toBe(all.length);
  expect(all[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(planDeduplication({ ...plain, payload: { a: 1 } })).toBe(all[0]);
  expect(planDeduplication({ ...bare, comment })).toBe(all[5]);
});
