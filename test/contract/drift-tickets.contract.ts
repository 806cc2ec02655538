import { expect, it } from 'vitest';
import type { DriftTicket } from '../../shared/domain/drift/ticket/drift-ticket.ts';
import type { DriftTickets } from '../../shared/ports/drift-tickets.ts';
import { ABSENT } from '../../shared/ports/ports.ts';
import { TEST_START } from '../fakes/fake-clock.ts';

/** The promises to `notify`, of the fake and of the table. */
export function describeDriftTickets(name: string, open: () => DriftTickets): void {
  it(`${name}: none at first, then what was written last, if it was written on what was read`, async () => {
    const tickets = open();
    const none = await tickets.read('BETA:1', 'acme');
    expect(none).toEqual({ version: 0, lane: 'BETA:1', tenant: 'acme', closed: 0, findings: [] });
    const one: DriftTicket = {
      ...none,
      ticket: 'OPS-1',
      source: 'jira',
      findings: ['D-0000abcd'],
      toldUntil: '2026-12-01T06:00:00.000Z',
      claim: { by: 'me', until: TEST_START },
    };
    expect(await tickets.write(one, ABSENT)).toEqual({ written: true });
    const found = { ...one, version: 1 };
    expect(await tickets.read('BETA:1', 'acme')).toEqual(found);
    expect(await tickets.read('BETA:1', 'globex')).toMatchObject({ version: 0 });
    expect(await tickets.read('BETA:2', 'acme')).toMatchObject({ version: 0 });
    expect(await tickets.write(one, ABSENT)).toEqual({ written: false, found });
    const closed = { ...none, closed: 1, toldUntil: '2026-12-02T06:00:00.000Z' };
    expect(await tickets.write(closed, 1)).toEqual({ written: true });
    expect(await tickets.read('BETA:1', 'acme')).toEqual({ ...closed, version: 2 });
  });
}
