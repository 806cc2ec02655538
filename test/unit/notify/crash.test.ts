import { describe, expect, it } from 'vitest';
import type { NotifyPorts } from '../../../functions/notify/ports.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { applied, createNotifyWorld, ended, rejected } from './notify-world.ts';

const HOUR = 3_600_000;

class Crash extends Error {}

/** A world that crashes at its `index`-th call, before or after the call took effect. */
function worldDyingAt(at: { index: number; phase: PortCall['phase'] } | undefined) {
  const counter = { calls: 0 };
  let dead = false;
  const die = ({ index, phase }: PortCall) => {
    if (dead) throw new Crash('dead');
    if (index !== at?.index || phase !== at.phase) return;
    dead = true;
    throw new Crash('dies');
  };
  const world = createNotifyWorld((notify: NotifyPorts) => ({
    ...notify,
    notes: interrupted(notify.notes, 'notes', die, counter),
    ledger: interrupted(notify.ledger, 'ledger', die, counter),
    secrets: interrupted(notify.secrets, 'secrets', die, counter),
    deferral: interrupted(notify.deferral, 'deferral', die, counter),
    writerOf: (source, signal) => {
      const writer = notify.writerOf(source, signal);
      return writer && interrupted(writer, 'tickets', die, counter);
    },
  }));
  const revive = () => {
    dead = false;
  };
  return { world, revive, counter };
}

async function scene(at: Parameters<typeof worldDyingAt>[0]) {
  const { world, revive, counter } = worldDyingAt(at);
  const size = 2;
  await world.settle(ended(applied(), { set: { index: 1, size } }), 2);
  await world.deliver();
  revive();
  await world.settle(ended(rejected(), { set: { index: 2, size } }));
  await world.settle(ended(applied(), { ticket: 'CHG0000002' }));
  await world.deliver();
  revive();
  await world.pass(8 * HOUR);
  revive();
  await world.pass(40 * HOUR);
  return { world, calls: counter.calls };
}

const { calls } = await scene(undefined);
const deaths = Array.from({ length: calls }, (_, index) => index + 1).flatMap((index) =>
  (['before', 'after'] as const).map((phase) => ({ index, phase })),
);

describe('notify, killed at any call', () => {
  it('makes calls to be killed at', () => {
    expect(calls).toBeGreaterThan(20);
  });

  it.each(deaths)('$phase call $index: each ticket is told once and moved once in effect', async (at) => {
    const { world } = await scene(at);
    const tickets = world.tickets.comments.map(({ ticket }) => ticket).sort();
    // While the first message of a set waits in vain, a partial comment may precede the full one.
    const whole = world.tickets.said().filter((text) => !text.includes('has not ended'));
    expect(tickets.filter((ticket) => ticket === 'CHG0000002')).toHaveLength(1);
    expect(whole).toHaveLength(2);
    expect(new Set(world.tickets.comments.map(({ marker }) => marker)).size).toBe(tickets.length);
    const states = new Map(world.tickets.moves.map(({ ticket, to }) => [ticket, to]));
    expect(states).toEqual(
      new Map([
        ['CHG0000001', 'Partly done'],
        ['CHG0000002', 'Done'],
      ]),
    );
    expect(world.queue.size).toBe(0);
  });
});
