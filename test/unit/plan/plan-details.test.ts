import { describe, expect, it } from 'vitest';
import { PLAN_TIMING } from '../../../functions/plan/ports.ts';
import { aRule } from '../../fakes/rules.ts';
import { aGroup } from '../domain/sample-live.ts';
import { createPlanWorld, GATE, TICKET } from './plan-world.ts';

type World = ReturnType<typeof createPlanWorld>;

const RENAME = { group: { name: 'Web' }, set: { name: 'Web Apps' } };
const ADD = { group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }] } };
const DAY = 24 * 60 * 60_000;

const reasons = ({ log }: World) => log.lines.map(({ fields }) => fields.reason);
const limited = (retryAfterMs?: number) =>
  Object.assign(new Error('slow down'), { code: 'tickets-limited', retryAfterMs });

describe('application segments that need no write', () => {
  const told = async (applications: object, set?: object) => {
    const world = createPlanWorld();
    world.put({ group: { name: 'Web' }, applications, ...(set && { set }) });
    await world.ask();
    return world.spoken.at(-1)?.text ?? '';
  };

  it('are told as such beside those that would join or leave, and not counted with them', async () => {
    const text = await told({ add: [{ name: 'app-21' }, { name: 'app-22' }], remove: [{ id: '23' }] });
    expect(text).toContain(
      'Add 1 application segment: app-22 (22). Already there: app-21 (21). Already absent: app-23 (23)',
    );
  });

  it('are all that is told where nothing would change', async () => {
    const text = await told({ add: [{ name: 'app-21' }], remove: [{ name: 'app-22' }] }, { enabled: true });
    expect(text).toContain('Enable. Already there: app-21 (21). Already absent: app-22 (22)');
    expect(text).toContain('No change needed');
    expect(text).not.toMatch(/Add|Remove/);
  });

  it('are cut where a cell is full, and never what would be written', async () => {
    const text = await told({ add: [{ name: 'app-21' }] }, { description: `${'x'.repeat(1770)}END` });
    expect(text).toContain('xEND.');
    expect(text).toContain('(cut)');
  });
});

describe('the request of a plan', () => {
  it('is served for a day, and not a millisecond longer', async () => {
    const world = createPlanWorld();
    world.put(RENAME);
    await world.ask({ askedAt: world.clock.now() - DAY - 1 });
    expect(world.spoken).toEqual([]);
    expect(reasons(world)).toEqual(['it was requested too long ago']);
    await world.ask({ askedAt: world.clock.now() - DAY });
    expect(world.spoken.at(-1)?.text).toContain('1 would be applied');
  });

  it('is covered by a plan that was read more than two seconds after it', async () => {
    const world = createPlanWorld();
    world.put(RENAME);
    const readAt = world.clock.now();
    await world.ask();
    world.put({ ...RENAME, set: { name: 'Other' } });
    await world.ask({ askedAt: readAt - 2001 });
    expect(world.spoken).toHaveLength(1);
    await world.ask({ askedAt: readAt - 2000 });
    expect(world.spoken.at(-1)?.text).toContain('Other');
  });

  it.each([
    ['mute', 'its source cannot be answered'],
    ['gone', 'its source cannot be answered'],
  ])('of source %s is left alone: %s', async (source, reason) => {
    const world = createPlanWorld();
    world.put(RENAME);
    await world.ask({ source });
    expect(world.log.lines).toMatchObject([
      { message: 'no plan is made', fields: { source, ticketId: TICKET, reason } },
    ]);
  });

  it('of a source whose deliveries are no tickets is left alone', async () => {
    const world = createPlanWorld({ source: { mapping: undefined, approval: undefined } });
    world.put(RENAME);
    await world.ask();
    expect(reasons(world)).toEqual(['the deliveries of its source are no tickets']);
  });

  it.each([
    ['the ticket is not there', { ticketId: 'CHG404' }, {}],
    ['it is another ticket', {}, { ticket: { id: 'CHG0000001', requestedBy: 'kim' } }],
  ])('is left alone because %s', async (reason, over, payload) => {
    const world = createPlanWorld();
    world.put(RENAME);
    const ticket = world.tickets.tickets.get(TICKET);
    if (ticket !== undefined) ticket.payload = { ...Object(ticket.payload), ...payload };
    await world.ask(over);
    expect(reasons(world)).toEqual([reason]);
  });

  it('of a source that cannot be read back is left alone where the ticket was too large to be passed on', async () => {
    const world = createPlanWorld();
    Object.assign(world.ports, { tickets: { ...world.ports.tickets, readerOf: () => undefined } });
    await world.ask();
    expect(reasons(world)).toEqual(['the ticket was too large to be passed on']);
  });

  it.each([
    ['submitted', 1],
    ['approved', 1],
    ['rejected', 0],
  ])('of a source that cannot be read back, with a payload that is %s, has %d comments', async (status, comments) => {
    const world = createPlanWorld();
    world.put(RENAME);
    const payload = { ...Object(world.tickets.tickets.get(TICKET)?.payload), status };
    Object.assign(world.ports, { tickets: { ...world.ports.tickets, readerOf: () => undefined } });
    await world.ask({ payload });
    expect(world.spoken).toHaveLength(comments);
    const latest = await world.plans.latest('desk', TICKET);
    expect(latest?.readAt).toBeUndefined();
  });

  it('is tried again over what passes, as soon as the ticket system says', async () => {
    for (const [retryAfterMs, waited] of [
      [undefined, 1000],
      [10_000, 10_000],
      [90_000, 30_000],
    ] as const) {
      const world = createPlanWorld();
      world.put({ ...RENAME, tenant: 'gone' });
      const started = world.clock.now();
      let failures = 1;
      const { read } = world.tickets;
      world.tickets.read = async (id) => {
        if (failures-- > 0) throw limited(retryAfterMs);
        return read(id);
      };
      await world.ask();
      expect(world.spoken.at(-1)?.text).toContain('1 would be rejected');
      expect(world.clock.now() - started).toBe(waited);
    }
  });

  it('is not tried again over what does not pass', async () => {
    const world = createPlanWorld();
    world.put(RENAME);
    let reads = 0;
    world.tickets.read = async () => {
      reads += 1;
      throw Object.assign(new Error('no right to read'), { code: 'tickets-refused' });
    };
    await expect(world.ask()).rejects.toThrow('no right');
    expect(reads).toBe(1);
  });
});

describe('the requester of a ticket', () => {
  it.each([
    ['the ticket system names', ['kim'], undefined],
    ['the payload names', [], 'kim'],
    ['nobody names', [], undefined],
  ])(
    'that %s may be anybody: the plan shows what two approvals would let through',
    async (_, requesters, requestedBy) => {
      const guards = { rules: [{ rules: ['Engineering'], response: 'second-approver' }] };
      const world = createPlanWorld({ tenant: { guards } });
      world.zpa.policyRules.push(aRule({ groupIds: ['11'] }));
      world.put(ADD);
      const ticket = world.tickets.tickets.get(TICKET);
      if (ticket === undefined) throw new Error('it was put');
      ticket.requesters = requesters;
      ticket.payload = { ...Object(ticket.payload), ticket: { id: TICKET, requestedBy } };
      await world.ask();
      expect(world.spoken.at(-1)?.text).toContain('1 would be applied');
    },
  );
});

describe('what a plan keeps', () => {
  it('lasts as long as plans are kept, for the first comment and for the full one', async () => {
    const world = createPlanWorld();
    world.put(ADD);
    const kept: number[] = [];
    const { bind } = world.plans;
    world.plans.bind = (source, ticketId, bindings, expiresAt) => {
      kept.push(expiresAt - world.clock.now());
      return bind(source, ticketId, bindings, expiresAt);
    };
    await world.ask();
    expect(kept).toEqual([PLAN_TIMING.planKeptMs, PLAN_TIMING.planKeptMs]);
    expect(world.meter.counts).toEqual([{ name: 'PlansMade', value: 1, dimensions: { source: 'desk' } }]);
    expect(world.log.lines.at(-1)).toMatchObject({ message: 'plan made', fields: { said: 'said', changes: 1 } });
  });

  it('stays as the full plan before it says, while a new one is made', async () => {
    const world = createPlanWorld();
    world.put(RENAME);
    await world.ask();
    world.put({ ...ADD, group: { name: 'Web' } });
    const bound: number[] = [];
    const { bind } = world.plans;
    world.plans.bind = async (source, ticketId, bindings, expiresAt) => {
      bound.push(world.spoken.length);
      await bind(source, ticketId, bindings, expiresAt);
    };
    await world.ask();
    expect(world.spoken).toHaveLength(3);
    expect(bound).toEqual([3]);
  });

  it('does not bind what was said on no ticket, and says why no plan is made', async () => {
    const world = createPlanWorld();
    world.put(ADD);
    world.tickets.comment = async () => 'no-ticket';
    await world.ask();
    expect(world.plans.bindings.size).toBe(0);
    expect(reasons(world)).toEqual(['there is no such ticket to comment on']);
  });

  it('says in the log that a first comment failed, and makes the full plan', async () => {
    const world = createPlanWorld();
    world.put(ADD);
    const { comment } = world.tickets;
    let failures = 1;
    world.tickets.comment = async (...said) => {
      if (failures-- > 0) throw new Error('away');
      return comment(...said);
    };
    await world.ask();
    expect(world.spoken).toHaveLength(1);
    expect(world.log.lines[0]).toMatchObject({ level: 'warn', fields: { source: 'desk' } });
  });

  it('has markers of its own for each plan, and for its first comment', async () => {
    const world = createPlanWorld();
    world.put(ADD);
    await world.ask();
    world.put(RENAME);
    await world.ask();
    const markers = world.spoken.map(({ marker }) => marker);
    expect(new Set(markers).size).toBe(3);
    for (const marker of markers) expect(marker).toMatch(/^zpa-changes\/plan\/[0-9a-f]{24}$/);
  });
});

describe('the reads for a plan', () => {
  it.each([
    [4, ['findGroups', 'getGroup']],
    [5, ['listGroups']],
  ])('of %d groups are lists where that costs less', async (count, methods) => {
    const world = createPlanWorld();
    const names = Array.from({ length: count }, (_, index) => `G${index}`);
    for (const [index, name] of names.entries()) world.zpa.groups.set(`3${index}`, aGroup(`3${index}`, { name }));
    world.put(...names.map((name) => ({ group: { name }, set: { description: 'new' } })));
    await world.ask();
    expect([...new Set(world.zpa.calls.map(({ method }) => method))]).toEqual(methods);
  });

  it.each([
    [4, 'findApplications'],
    [5, 'listApplications'],
  ])('of %d applications are made by %s', async (count, method) => {
    const world = createPlanWorld();
    const names = Array.from({ length: count }, (_, index) => `app-4${index}`);
    for (const [index, name] of names.entries()) world.zpa.applications.set(`4${index}`, { id: `4${index}`, name });
    world.put({ group: { name: 'Web' }, applications: { add: names.map((name) => ({ name })) } });
    await world.ask();
    const methods = world.zpa.calls.map((call) => call.method).filter((one) => one.endsWith('Applications'));
    expect(new Set(methods)).toEqual(new Set([method]));
  });

  it('count the objects of each tenant by themselves', async () => {
    const world = createPlanWorld();
    const { prod } = world.ports.configuration.tenants;
    if (prod === undefined) throw new Error('prod is configured');
    Object.assign(world.ports.configuration.tenants, { other: { ...prod, customerId: '72057594037927937' } });
    const [grant] = world.ports.configuration.sources.desk?.grants ?? [];
    if (grant === undefined) throw new Error('desk has a grant');
    grant.tenants = ['prod', 'other'];
    const names = ['Web', 'Printers', 'C', 'D'];
    for (const name of ['C', 'D', 'E']) world.zpa.groups.set(`3${name}`, aGroup(`3${name}`, { name }));
    const changes = names.map((name) => ({ group: { name }, set: { description: 'new' } }));
    world.put(...changes, { tenant: 'other', group: { name: 'E' }, set: { description: 'new' } });
    await world.ask();
    expect(world.zpa.calls.map(({ method }) => method)).not.toContain('listGroups');
  });

  it('that look a deletion up are made in the microtenant of its group', async () => {
    const world = createPlanWorld({ tenant: { microtenants: { emea: '777', main: '0' } } });
    const zpa = world.ports.zpaOf('prod');
    const scopes: unknown[] = [];
    const findGroups: typeof zpa.findGroups = (name, scope) => {
      scopes.push(scope?.microtenantId);
      return zpa.findGroups(name, scope);
    };
    Object.assign(world.ports, { zpaOf: () => ({ ...zpa, findGroups }) });
    world.put({ microtenant: 'emea', action: 'delete', group: { name: 'Printers' } });
    await world.ask();
    expect(scopes).toEqual(['777']);
  });

  it('look a deletion up by the id of its group too', async () => {
    const world = createPlanWorld();
    world.put({ action: 'delete', group: { id: '12' } });
    await world.ask();
    expect(world.spoken[0]?.text).toContain('Printers (12) | Delete | The segment group exists.');
  });

  it('count the destination of a move too, and only what the tenant is to have', async () => {
    const world = createPlanWorld({ tenant: {} });
    const names = ['A', 'B', 'C'];
    for (const [index, name] of names.entries()) world.zpa.groups.set(`3${index}`, aGroup(`3${index}`, { name }));
    const move = { applications: { remove: [{ id: '21' }] }, moveTo: { name: 'Printers' } };
    world.put(...names.map((name) => ({ group: { name }, set: { description: 'new' } })), {
      group: { name: 'Web' },
      ...move,
    });
    await world.ask();
    expect(world.zpa.calls.map(({ method }) => method)).toContain('listGroups');
  });

  it('of a deletion that fail for another reason than its absence are no absence', async () => {
    const world = createPlanWorld();
    const fault = { code: 'odd', class: 'unknown', scope: 'change', effect: 'none', reason: 'odd' } as const;
    world.zpa.interfere = (method) => (method === 'getGroup' ? { effect: 'before', fault } : undefined);
    world.put({ action: 'delete', group: { id: '12' } });
    await world.ask();
    expect(world.spoken.at(-1)?.text).toContain('This could not be read: Odd.');
    for (const { text } of world.spoken) expect(text).not.toContain('There is no such segment group');
  });

  it('are made again after the pauses of a plan', async () => {
    const world = createPlanWorld();
    const fault = { code: 'odd', class: 'unknown', scope: 'change', effect: 'none', reason: 'odd' } as const;
    const tries: number[] = [];
    world.zpa.interfere = (method) => {
      if (method !== 'findGroups') return undefined;
      tries.push(world.clock.now());
      return { effect: 'before', fault };
    };
    world.put(RENAME);
    await world.ask();
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 1)).toEqual([PLAN_TIMING.pausesMs[0]]);
    expect(tries).toHaveLength(PLAN_TIMING.pausesMs.length + 1);
  });

  it('are none where the microtenant or the tenant is not configured', async () => {
    const world = createPlanWorld();
    world.put({ ...RENAME, microtenant: 'emea' }, { ...RENAME, tenant: 'gone' });
    await world.ask();
    expect(world.spoken[0]?.text).toContain('Plan of 2 changes: 2 would be rejected');
    expect(world.zpa.calls).toEqual([]);
    expect(world.plans.bindings.size).toBe(0);
  });

  it('of the gate are those of the ticket as it is when the first comment is due', async () => {
    const world = createPlanWorld();
    world.put(ADD);
    let reads = 0;
    const { read } = world.tickets;
    world.tickets.read = async (id) => {
      reads += 1;
      const ticket = await read(id);
      if (reads === 1 || ticket === undefined) return ticket;
      return { ...ticket, payload: { ...Object(ticket.payload), status: 'approved' } };
    };
    await world.ask();
    expect(world.spoken).toEqual([]);
    expect(reasons(world).at(-1)).toContain('it does not wait for approval');
  });

  it('end with the time of the invocation: the plan so far is commented', async () => {
    const world = createPlanWorld({ source: { approval: { gate: { ...GATE } } } });
    world.put(ADD, { action: 'delete', group: { name: 'Printers' } }, { ...ADD, group: { name: 'None' } });
    const controller = new AbortController();
    const ending = world.clock.sleep(40_000).then(() => controller.abort(new Error('the time is up')));
    await world.ask({}, controller.signal);
    await ending;
    const last = world.spoken.at(-1)?.text ?? '';
    expect(last).toContain('Policy impact not checked: The time for this report was up before it was read.');
    expect(last).toContain('\nPrinters | Delete | This could not be read');
    expect(last).toMatch(/^None \| .* \| Would be rejected: .*\(group-not-found\)$/m);
    expect(last).toContain('This could not be read: The time for this report was up before it was read.');
  });
});
