import { expect, it } from 'vitest';
import { createPlanHandler } from '../../../functions/plan/handler.ts';
import { planMessage } from '../../../shared/domain/ledger/plan-request.ts';
import { createPlanWorld, TICKET } from './plan-world.ts';

const COMMENT = {
  text: [
    { kind: 'heading' as const, text: 'Not applied' },
    { kind: 'points' as const, points: ['Its requester is the only one who approved it.'] },
  ],
  marker: 'zpa-changes/not-taken/self-approved/1',
};

it('writes a comment for a function that may not, once, and plans nothing', async () => {
  const world = createPlanWorld();
  world.put({ group: { name: 'Web' }, set: { enabled: false } });
  const meter = Object.assign(world.meter, { flush: () => undefined });
  const handle = createPlanHandler({ ...world.ports, meter }, async () => undefined);
  const body = planMessage({
    schemaVersion: 1,
    source: 'desk',
    ticketId: TICKET,
    askedAt: world.clock.now(),
    payload: undefined,
    comment: COMMENT,
  });
  const record = { messageId: 'm1', receiptHandle: 'r1', body, attributes: { ApproximateReceiveCount: '1' } };
  const time = { getRemainingTimeInMillis: () => 60_000 };
  for (const attempt of [1, 2]) {
    const answer = await handle({ Records: [record] } as never, time);
    expect([attempt, answer]).toEqual([attempt, { batchItemFailures: [] }]);
  }
  expect(world.spoken.map(({ text, marker }) => ({ text, marker }))).toEqual([
    { text: 'Not applied\n- Its requester is the only one who approved it.', marker: COMMENT.marker },
  ]);
  expect(world.zpa.calls).toEqual([]);

  world.tickets.trouble = new Error('busy');
  expect(await handle({ Records: [record] } as never, time)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm1' }],
  });
});

it('says why it plans no ticket whose payload was too large for the message', async () => {
  const world = createPlanWorld();
  const readerOf = () => undefined;
  const meter = Object.assign(world.meter, { flush: () => undefined });
  const tickets = { ...world.ports.tickets, readerOf };
  const handle = createPlanHandler({ ...world.ports, tickets, meter }, async () => undefined);
  const [askedAt, payload] = [world.clock.now(), { text: 'x'.repeat(300_000) }];
  const body = planMessage({ schemaVersion: 1, source: 'desk', ticketId: TICKET, askedAt, payload });
  const record = { messageId: 'm1', receiptHandle: 'r1', body, attributes: { ApproximateReceiveCount: '1' } };
  expect(await handle({ Records: [record] } as never, { getRemainingTimeInMillis: () => 60_000 })).toEqual({
    batchItemFailures: [],
  });
  expect(world.log.text()).toContain('the ticket was too large to be passed on');
});
