/** One call of a port: its place in the count of all calls, and whether it has taken effect. */
export type PortCall = { port: string; method: string; phase: 'before' | 'after'; index: number };

/**
 * A port whose every call may be the last one before a crash. `at` is called before each call and again after it took
 * effect but before its answer arrives; the caller gets the error that it throws. `index` counts calls over all ports
 * that share one `counter`. For methods that return async iterators it is called once, before.
 */
export function interrupted<Port extends object>(
  port: Port,
  name: string,
  at: (call: PortCall) => void | Promise<void>,
  counter: { calls: number } = { calls: 0 },
): Port {
  const wrapped = new Map<PropertyKey, unknown>();
  return new Proxy(port, {
    get(target, method, receiver) {
      const original: unknown = Reflect.get(target, method, receiver);
      if (typeof original !== 'function' || method === 'clientKey') return original;
      const known = wrapped.get(method) ?? wrap(original.bind(target), name, String(method), at, counter);
      wrapped.set(method, known);
      return known;
    },
  });
}

type Method = (...args: unknown[]) => unknown;

function wrap(
  original: Method,
  port: string,
  method: string,
  at: (call: PortCall) => void | Promise<void>,
  counter: { calls: number },
): Method {
  return (...args) => {
    counter.calls += 1;
    const index = counter.calls;
    const answered = async () => {
      await at({ port, method, phase: 'before', index });
      const result = await original(...args);
      await at({ port, method, phase: 'after', index });
      return result;
    };
    const iterated = async function* (iterable: AsyncIterable<unknown>) {
      await at({ port, method, phase: 'before', index });
      yield* iterable;
    };
    if (ITERATED.has(method)) return iterated(original(...args) as AsyncIterable<unknown>);
    return answered();
  };
}

/** Methods of our ports that answer async iterators. */
const ITERATED = new Set(['failedChanges', 'listDesired', 'listGroups', 'listApplications']);
