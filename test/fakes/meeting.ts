import { interrupted, type PortCall } from './interrupted.ts';

type Ports = Record<string, object>;

/**
 * Lets one program meet another at each of its calls in turn, before the call and after it took effect. `open` answers
 * a new world: the ports whose calls count, the program over them, the other one, which runs to its end where they
 * meet, and what must hold then.
 */
export async function meetAtEachCall<P extends Ports>(
  open: () => { ports: P; program: (ports: P) => Promise<unknown>; other: () => Promise<unknown>; judge: () => void },
): Promise<number> {
  const run = async (at?: Pick<PortCall, 'index' | 'phase'>) => {
    const { ports, program, other, judge } = open();
    const counter = { calls: 0 };
    let met = false;
    const meet = async ({ index, phase }: PortCall) => {
      if (met || index !== at?.index || phase !== at.phase) return;
      met = true;
      await other();
    };
    const wrapped = Object.entries(ports).map(([name, port]) => [name, interrupted(port, name, meet, counter)]);
    await program(Object.fromEntries(wrapped));
    if (at === undefined) return counter.calls;
    // A listing has no moment after it took effect.
    if (!met) await other();
    judge();
    return counter.calls;
  };
  const calls = await run();
  for (let index = 1; index <= calls; index += 1) {
    await run({ index, phase: 'before' });
    await run({ index, phase: 'after' });
  }
  return calls;
}
