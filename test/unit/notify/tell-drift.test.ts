import { beforeEach, describe, expect, it } from 'vitest';
import type { DriftReport, Finding } from '../../../shared/domain/drift/report.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { aFinding, aSurvey } from '../domain/sample-drift.ts';
import { applied, createNotifyWorld, ended, unavailable } from './notify-world.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const LANE = 'PRODUCTION:1';

let world: ReturnType<typeof createNotifyWorld>;
beforeEach(() => {
  world = createNotifyWorld();
});

/** The report of a day, counted from 0. */
const reportOf = (day: number, findings: Finding[], over: Partial<DriftReport> = {}): DriftReport => {
  const { coverage: _, ...rest } = over;
  return aSurvey({ lane: LANE, startedAt: new Date(TEST_START + day * DAY).toISOString(), findings, ...rest });
};
const one = aFinding();
const other = aFinding({ id: 'D-ffffffff' });
const said = () => world.tickets.said().map((text) => text.split('\n')[0]);

/** A world whose ledger fails those writes of the ticket's record, counted from 1. */
function worldThatFailsToWrite(fails: (nth: number) => boolean) {
  let writes = 0;
  return createNotifyWorld((notify) => ({
    ...notify,
    driftTickets: {
      ...notify.driftTickets,
      write: async (record, expected) => {
        writes += 1;
        if (fails(writes)) throw new Error('the ledger is away');
        return await notify.driftTickets.write(record, expected);
      },
    },
  }));
}

/** Announces a report a day, each delivered before the next one. */
async function days(...reports: [findings: Finding[], over?: Partial<DriftReport>][]): Promise<void> {
  for (const [day, [findings, over]] of reports.entries()) {
    world.announce(reportOf(day, findings, over));
    await world.pass(HOUR);
  }
}

describe('the ticket about drift of a tenant', () => {
  it('is opened, commented where something differs, and closed when clean', async () => {
    await days([[one]], [[{ ...one, state: 'still' }]], [[{ ...one, state: 'still' }, other]], [[]], [[]]);
    const { opened, moves } = world.tickets;
    expect(opened).toMatchObject([{ source: 'helpdesk', ticket: { title: expect.stringContaining('acme') } }]);
    expect(opened[0]?.ticket.fields).toEqual({ project: { key: 'OPS' }, issuetype: { name: 'Task' } });
    expect(said()).toEqual([
      'ZPA segment groups: 2 differences from what tickets approved, 1 of them new.',
      'ZPA segment groups: everything is as tickets approved it.',
    ]);
    expect(world.tickets.comments.map(({ ticket }) => ticket)).toEqual(['OPS-1', 'OPS-1']);
    expect(moves).toEqual([{ source: 'helpdesk', ticket: 'OPS-1', to: 'Clean', fields: {} }]);
    expect(world.meter.total('TicketsTold')).toBe(3);
    expect(world.queue.size).toBe(0);
  });

  it('keeps no outcome of another source waiting while its ticket system does not answer', async () => {
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    world = createNotifyWorld((notify) => ({ ...notify, openerOf: () => ({ open: () => answer }) }));
    world.tickets.trouble = (call) => {
      if (call === 'after comment other') resolve('OPS-1');
    };
    world.announce(reportOf(0, [one]));
    await world.settle(ended(applied(), { source: 'other' }));
    await world.pass(HOUR);
    expect(world.tickets.comments.map(({ source }) => source)).toEqual(['other']);
    expect(world.queue.size).toBe(0);
  });

  it('is another one when drift is back', async () => {
    await days([[one]], [[]], [[one]]);
    expect(world.tickets.opened.map(({ ticket }) => ticket.marker)).toHaveLength(2);
    expect(new Set(world.tickets.opened.map(({ ticket }) => ticket.marker)).size).toBe(2);
  });

  it('is nobody’s where the tenant has none in its settings, or the lane is not configured', async () => {
    world.announce(reportOf(0, [aFinding({ group: { ...one.group, tenant: 'globex' } })]));
    world.announce({ ...reportOf(0, [one]), lane: 'PRODUCTION:2' });
    world.announce({ ...reportOf(0, [one]), lane: 'PRODUCTION:3' });
    await world.pass(HOUR);
    expect([world.tickets.opened, world.tickets.comments, world.queue.size]).toEqual([[], [], 0]);
  });

  it('is opened anew where somebody deleted it', async () => {
    await days([[one]]);
    world.tickets.known.delete('OPS-1');
    world.announce(reportOf(1, [other]));
    await world.pass(HOUR);
    expect(world.tickets.opened).toHaveLength(2);
    world.announce(reportOf(2, [one]));
    await world.pass(HOUR);
    expect(world.tickets.comments.map(({ ticket }) => ticket)).toEqual(['OPS-2']);
  });

  it('that may not be closed is told, counted, and not closed again', async () => {
    world.tickets.refusal = 'no';
    await days([[one]], [[]], [[]]);
    expect(said()).toEqual(['ZPA segment groups: everything is as tickets approved it.']);
    expect(world.meter.total('NotifyPartial')).toBe(1);
  });
});

describe('whatever happens', () => {
  it('a report that is announced three times is told once', async () => {
    world.announce(reportOf(0, [one]), 3);
    await world.pass(HOUR);
    world.announce(reportOf(1, [other]), 3);
    await world.pass(HOUR);
    expect(world.tickets.opened).toHaveLength(1);
    expect(world.tickets.comments).toHaveLength(1);
    expect(world.queue.size).toBe(0);
  });

  it.each([
    'before open helpdesk',
    'after open helpdesk',
    'before comment helpdesk',
    'after comment helpdesk',
    'after transition helpdesk',
  ])('trouble %s leaves one ticket with each comment once', async (when) => {
    let troubles = 2;
    world.tickets.trouble = (call) => {
      if (call !== when || troubles === 0) return;
      troubles -= 1;
      throw unavailable();
    };
    for (const [day, findings] of [[one], [other], []].entries()) {
      world.announce(reportOf(day, findings));
      await world.pass(2 * HOUR);
    }
    expect(troubles).toBe(0);
    expect(world.tickets.opened).toHaveLength(1);
    expect(said()).toHaveLength(2);
    expect(world.tickets.moves.at(-1)).toMatchObject({ ticket: 'OPS-1', to: 'Clean' });
    expect(world.meter.total('NotifyFailed')).toBe(2);
  });

  it.each([2, 3])('a function that dies %d calls after it has the claim leaves one ticket', async (calls) => {
    world = worldThatFailsToWrite((nth) => nth > 1 && nth <= calls);
    world.announce(reportOf(0, [one]));
    await world.pass(2 * HOUR);
    world.announce(reportOf(1, [one, other]));
    await world.pass(2 * HOUR);
    expect(world.tickets.opened).toHaveLength(1);
    expect(world.tickets.comments.map(({ ticket }) => ticket)).toEqual(['OPS-1']);
    expect(world.queue.size).toBe(0);
  });

  it('the reason of a failure is the ticket system’s, though the claim cannot be given back', async () => {
    world = worldThatFailsToWrite((nth) => nth === 2);
    let troubles = 1;
    world.tickets.trouble = () => {
      troubles -= 1;
      if (troubles >= 0) throw unavailable();
    };
    world.announce(reportOf(0, [one]));
    await world.pass(2 * HOUR);
    const told = world.log.lines.find(({ message }) => message === 'the ticket about drift could not be told');
    expect(told).toMatchObject({ fields: { code: 'tickets-unavailable' } });
    expect(world.tickets.opened).toHaveLength(1);
  });

  it('a report of two tenants is read once, and comes again for the one that it had no time for', async () => {
    let reads = 0;
    world = createNotifyWorld((notify) => {
      const { acme } = notify.configuration.tenants;
      if (acme === undefined) throw new Error('acme is configured');
      const read = (key: string) => {
        reads += 1;
        return notify.reports.read(key);
      };
      return {
        ...notify,
        configuration: { ...notify.configuration, tenants: { acme, umbrella: acme } },
        reports: { read },
      };
    });
    const elsewhere = aFinding({ id: 'D-ffffffff', group: { ...one.group, tenant: 'umbrella' } });
    world.announce(reportOf(0, [one, elsewhere]));
    await world.deliver(1, () => (world.tickets.opened.length === 0 ? 300_000 : 39_999));
    expect([world.tickets.opened.length, reads]).toEqual([1, 1]);
    await world.pass(HOUR);
    expect([world.tickets.opened.length, reads]).toEqual([2, 2]);
  });

  it('an older report that comes late says nothing', async () => {
    let away = true;
    world.tickets.trouble = () => {
      if (away) throw unavailable();
    };
    world.announce(reportOf(0, [one]));
    await world.pass(1000);
    away = false;
    world.announce(reportOf(1, [one, other]));
    await world.pass(DAY);
    expect(world.tickets.opened).toHaveLength(1);
    expect(world.tickets.comments).toEqual([]);
  });

  it('a report that is gone, or is none of the lane, is let go', async () => {
    world.send({ kind: 'drift-report', schemaVersion: 2, lane: LANE, key: 'drift/PRODUCTION-1/20261201T080000Z.json' });
    world.announce({ ...reportOf(0, [one]), lane: 'PRODUCTION:9' });
    world.send({ kind: 'drift-report', schemaVersion: 2, lane: LANE, key: 'drift/PRODUCTION-9/20261201T080000Z.json' });
    world.send({ kind: 'drift-report', schemaVersion: 2, lane: LANE, key: 'catalog/acme.json' });
    await world.pass(HOUR);
    expect([world.tickets.opened, world.queue.size]).toEqual([[], 0]);
    expect(world.log.lines.filter(({ message }) => message === 'a drift report cannot be read')).toHaveLength(2);
  });
});
