import { describe, expect, it } from 'vitest';
import { isWithdrawnSince, markWithdrawn } from '../../../../shared/accept/tickets/withdrawn-since.ts';
import { complete } from '../../../../shared/domain/approval/reading.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { createFakeClock } from '../../../fakes/fake-clock.ts';
import { createMemoryWithdrawals } from '../../../fakes/memory-withdrawals.ts';

const at = (iso: string) => Date.parse(`2026-11-02T${iso}Z`);
const KEPT_MS = 1000;
const timing = { settledKeptMs: KEPT_MS, statusKeptMs: 1, clockSkewMs: TIMING.clockSkewMs };
const DESK = { name: 'desk', source: { system: ' Helpdesk' } };

function marks() {
  const withdrawals = createMemoryWithdrawals();
  const snapshot = (asOf: number, fromPayload = true) => ({
    ticket: { id: 'CHG1', payload: {}, requesters: [], approvals: [], history: complete([]) },
    asOf,
    ...(fromPayload ? { fromPayload: true as const } : {}),
  });
  const approval = (iso: string) => ({ by: 'david', at: `2026-11-02T${iso}Z`, ref: 'A1' });
  return {
    withdrawals,
    mark: (asOf: number, markedAt = asOf) =>
      markWithdrawn({ withdrawals, timing, clock: { ...createFakeClock(), now: () => markedAt } }, DESK, {
        ticketId: 'CHG1',
        asOf,
      }),
    isWithdrawn: (iso: string, fromPayload?: boolean, arrived = '12:00:00') =>
      isWithdrawnSince({ withdrawals, timing }, DESK, snapshot(at(arrived), fromPayload), approval(iso)),
  };
}

describe('the mark of a withdrawn ticket', () => {
  it('refuses approvals up to its time, also of the same moment, and no later one', async () => {
    const { mark, isWithdrawn } = marks();
    expect(await isWithdrawn('10:00:00')).toBe(false);
    await mark(at('10:00:00'));
    expect(await isWithdrawn('09:59:59')).toBe(true);
    expect(await isWithdrawn('10:00:00')).toBe(true);
    expect(await isWithdrawn('10:00:01')).toBe(false);
  });

  it('refuses an approval that is dated after its arrival, unless its clock cannot be so much ahead', async () => {
    const { mark, isWithdrawn } = marks();
    await mark(at('10:00:00'));
    expect(await isWithdrawn('10:05:00', true, '10:04:59')).toBe(true);
    expect(await isWithdrawn('10:05:01', true, '10:04:59')).toBe(false);
    expect(await isWithdrawn('10:05:00', true, '10:05:00')).toBe(false);
  });

  it('stays the latest one, in whatever order withdrawals arrive', async () => {
    const { mark, isWithdrawn, withdrawals } = marks();
    for (const iso of ['10:00:00', '09:00:00', '11:00:00', '10:30:00']) await mark(at(iso));
    expect(await isWithdrawn('11:00:00')).toBe(true);
    expect(await isWithdrawn('11:00:01')).toBe(false);
    expect(await withdrawals.read('helpdesk', 'CHG1')).toMatchObject({
      ...{ source: 'desk', at: at('11:00:00'), keptUntil: at('11:00:00') + KEPT_MS, version: 2 },
    });
  });

  it('counts where the ticket is read back too, unless that read began certainly after the one that told it had ended', async () => {
    const { mark, isWithdrawn } = marks();
    await mark(at('10:00:00'), at('10:00:30'));
    await mark(at('10:00:10'), at('10:00:11'));
    expect(await isWithdrawn('09:00:00', false, '09:59:59')).toBe(true);
    expect(await isWithdrawn('09:00:00', false, '10:00:35')).toBe(true);
    expect(await isWithdrawn('09:00:00', false, '10:00:36')).toBe(false);
    expect(await isWithdrawn('10:00:11', false, '10:00:12')).toBe(false);
  });

  it('refuses no approval of the second in which its ticket still waited, since its system dates by whole seconds', async () => {
    const { mark, isWithdrawn } = marks();
    await mark(at('10:00:00') + 300);
    expect(await isWithdrawn('10:00:00', false, '10:00:01')).toBe(false);
    expect(await isWithdrawn('09:59:59', false, '10:00:01')).toBe(true);
    expect(await isWithdrawn('10:00:00', true, '10:00:01')).toBe(true);
  });
});
