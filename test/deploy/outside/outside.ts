import { type LocalTicketSystems, openTicketSystems } from '../../../local/ticket-systems/open.ts';
import { LOCAL_SEED } from '../../../local/world/configuration/seed.ts';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';

/** The world around the product: a simulated ZPA and small ticket systems on this machine. */
export type Outside = {
  simulator: Simulator;
  ticketSystems: LocalTicketSystems;
};

export async function openOutside(closers: AsyncDisposableStack): Promise<Outside> {
  const simulator = await startSimulator({ seed: LOCAL_SEED, limits: 'documented' });
  closers.defer(() => simulator.close());
  const ticketSystems = await openTicketSystems();
  closers.defer(() => ticketSystems.close());
  return { simulator, ticketSystems };
}
