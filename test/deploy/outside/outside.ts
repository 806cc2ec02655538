import { type LocalTicketSystems, openTicketSystems } from '../../../local/ticket-systems/open.ts';
import { LOCAL_SEED } from '../../../local/world/configuration/seed.ts';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { openFront } from './front.ts';

/** The world around the product: a simulated ZPA and small ticket systems on this machine. */
export type Outside = {
  simulator: Simulator;
  ticketSystems: LocalTicketSystems;
  /** The same value with the addresses at which the deployed functions reach these systems. */
  asReached<Value>(value: Value): Value;
};

type Options = { port: number; reachedAt: string | undefined; closers: AsyncDisposableStack };

export async function openOutside({ port, reachedAt, closers }: Options): Promise<Outside> {
  const simulator = await startSimulator({ seed: LOCAL_SEED, limits: 'documented' });
  closers.defer(() => simulator.close());
  const ticketSystems = await openTicketSystems();
  closers.defer(() => ticketSystems.close());
  const inner = [simulator.url, ...Object.values(ticketSystems.addresses)];
  const front = await openFront({ inner, port, reachedAt });
  closers.defer(() => front.close());
  const replaced = (text: string) => inner.reduce((all, one) => all.replaceAll(one, front.addressOf(one)), text);
  return {
    simulator,
    ticketSystems,
    asReached: (value) => JSON.parse(replaced(JSON.stringify(value))) as typeof value,
  };
}
