import { describe, expect, it } from 'vitest';
import type { TicketResult } from '../../../../shared/accept/tickets/process-ticket.ts';
import { reportTicket } from '../../../../shared/accept/tickets/report-ticket.ts';
import { createRecordingLog, createRecordingMeter } from '../../../fakes/recording.ts';

const TICKET = { source: 'desk', ticketId: 'CHG1' };
const FIELDS = { source: 'desk', ticket: 'CHG1' };

/** The log lines and counts of one result. */
function reported(result: TicketResult) {
  const [log, meter] = [createRecordingLog(), createRecordingMeter()];
  reportTicket({ log, meter }, TICKET, result);
  return { lines: log.lines, counts: meter.counts };
}

const accepted = (superseded: number): TicketResult => ({
  kind: 'accepted',
  superseded,
  changes: [],
  acceptance: { records: [], fresh: 0, tokens: new Map() },
  earlier: [],
});

describe('the report of a ticket', () => {
  it('that was accepted counts what it superseded, and nothing where that is nothing', () => {
    expect(reported(accepted(0))).toEqual({ lines: [], counts: [] });
    expect(reported(accepted(2))).toEqual({
      lines: [{ level: 'info', message: 'earlier approvals superseded', fields: { ...FIELDS, count: 2 } }],
      counts: [{ name: 'ChangesSuperseded', value: 2, dimensions: { source: 'desk' } }],
    });
  });

  it.each(['withdrawn', 'submitted'] as const)('that was %s says what was cancelled and what was under way', (kind) => {
    expect(reported({ kind, counts: { ended: 3, underWay: 1 } })).toEqual({
      lines: [{ level: 'info', message: `ticket ${kind}`, fields: { ...FIELDS, cancelled: 3, underWay: 1 } }],
      counts: [],
    });
  });

  it('that is ignored says why, and counts the reason', () => {
    expect(reported({ kind: 'ignored', reason: 'not-concerned', says: 'topic is "printers"' })).toEqual({
      lines: [
        {
          level: 'info',
          message: 'ticket ignored',
          fields: { ...FIELDS, reason: 'not-concerned', says: 'topic is "printers"' },
        },
      ],
      counts: [{ name: 'TicketsIgnored', value: 1, dimensions: { source: 'desk', reason: 'not-concerned' } }],
    });
  });

  const why = { sentence: 'Nobody has approved it.', remedy: 'Approve it.' };

  it('that is refused says why, and nothing of what the ticket contains', () => {
    const refused = { kind: 'refused', reason: 'not-planned', concerns: true, occasion: 'one', ...why } as const;
    expect(reported(refused)).toEqual({
      lines: [
        { level: 'warn', message: 'an approved ticket is not taken', fields: { ...FIELDS, reason: 'not-planned' } },
      ],
      counts: [{ name: 'TicketsRefused', value: 1, dimensions: { source: 'desk', reason: 'not-planned' } }],
    });
  });

  it('that cannot be accepted says with which answer, and how many faults it has', () => {
    const answer = { status: 422, headers: {}, body: '{}' };
    const unacceptable = { kind: 'unacceptable', answer, faults: [why, why], concerns: true, occasion: 'one' } as const;
    expect(reported({ ...unacceptable, faults: [...unacceptable.faults] })).toEqual({
      lines: [
        { level: 'warn', message: 'an approved ticket is not taken', fields: { ...FIELDS, status: 422, faults: 2 } },
      ],
      counts: [{ name: 'TicketsRefused', value: 1, dimensions: { source: 'desk', reason: '422' } }],
    });
  });
});
