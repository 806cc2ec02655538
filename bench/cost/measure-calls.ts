import { sendTickets } from '../../local/demo/send-tickets.ts';
import { CUSTOMER } from '../../local/world/configuration/seed.ts';
import type { WorldOptions } from '../../local/world/functions/world-options.ts';
import { startWorld, type World } from '../../local/world/world.ts';
import { DEFAULT_SEED } from '../../local/zpa-simulator/tenant/default-seed.ts';
import { deliverAll } from '../deliver-all.ts';
import { LOADS } from '../throughput.ts';
import { type Counted, countCalls } from './count-calls.ts';

/** One part of a month's work: `per` of it were counted together. */
export type Work = { name: string; per: number; counted: Counted };
export type MeasuredWork = Record<'ticket' | 'create' | 'add' | 'sweep' | 'sweepOf51' | 'drift' | 'reconcile', Work>;

/** Time of the machine passes as it does in AWS: only the schedules are left to the measure. */
const QUIET: WorldOptions = { schedules: false, simulator: { limits: 'off' } };

/** Counts what each part of a month asks of AWS and ZPA, in local worlds of its own. */
export async function measureCalls(adds: number): Promise<MeasuredWork> {
  return {
    ticket: await inWorld(
      { ...QUIET, ticketSystems: true },
      'a ticket: plan, approval, change, answer',
      async (world) => {
        if (world.ticketSystems === undefined) throw new Error('the ticket systems are missing');
        const signal = AbortSignal.timeout(120_000);
        const tickets = await sendTickets({ world, systems: world.ticketSystems, report: () => {}, signal });
        return tickets.length;
      },
    ),
    create: await inWorld(QUIET, 'one create alone, without a plan', (world) => deliverLoad(world, 0, 1)),
    add: await inWorld(addsWorld(adds), `an add among ${adds} to one group`, (world) => deliverLoad(world, 1, adds)),
    sweep: await inWorld(
      tenants(1),
      'a sweep, one tenant',
      runs((world) => world.runSweep()),
    ),
    sweepOf51: await inWorld(
      tenants(51),
      'the same, 51 tenants',
      runs((world) => world.runSweep()),
    ),
    drift: await inWorld(
      tenants(1),
      'a drift report of a tenant, its part of the round included',
      runs((world) => world.runDrift()),
    ),
    reconcile: await inWorld(
      { ...QUIET, ticketSystems: true },
      'a look for lost deliveries, per source',
      async (world) => {
        await world.runReconcile();
        return Object.values(world.configuration.sources).filter(({ tickets }) => tickets !== undefined).length;
      },
    ),
  };
}

async function inWorld(options: WorldOptions, name: string, work: (world: World) => Promise<number>): Promise<Work> {
  const world = await startWorld(options);
  const counter = countCalls({ aws: world.endpoint.url, zpa: world.simulator.url });
  try {
    const per = await work(world);
    await world.runAudit();
    return { name, per, counted: counter.take() };
  } finally {
    counter.close();
    await world.close();
  }
}

const runs = (run: (world: World) => Promise<unknown>) => async (world: World) => {
  await run(world);
  return 1;
};

async function deliverLoad(world: World, load: number, count: number): Promise<number> {
  await world.awaitSettled(await deliverAll(world, LOADS[load]?.changes(count) ?? []));
  return count;
}

function addsWorld(count: number): WorldOptions {
  const applications = LOADS[1]?.applications(count) ?? [];
  const groups = [{ id: '216196257331400000', name: 'Bench' }];
  const seed = { ...DEFAULT_SEED, customerId: CUSTOMER, applications, groups, rules: [] };
  return { ...QUIET, simulator: { limits: 'off', seed } };
}

/** The first of the local tenants, and others that are nothing but more lanes. */
function tenants(count: number): WorldOptions {
  return {
    ...QUIET,
    configure: (configuration) => {
      const [first] = Object.entries(configuration.tenants);
      if (first === undefined) throw new Error('the local world has no tenant');
      const [name, tenant] = first;
      const more = Array.from({ length: count - 1 }, (_, index) => [
        `tenant-${index}`,
        { ...tenant, customerId: String(216196257331290000n + BigInt(index)) },
      ]);
      return { ...configuration, tenants: Object.fromEntries([[name, tenant], ...more]), sources: {} };
    },
  };
}
