import type { LoggedCall } from '../../zpa-simulator/call-log.ts';
import type { Simulator } from '../../zpa-simulator/simulator.ts';

/** The calls that changed something in ZPA, in order: what "once in effect" is judged by. */
export function zpaWrites(simulator: Simulator): LoggedCall[] {
  return simulator.log.all().filter((call) => call.kind === 'write' && call.effects.length > 0);
}
