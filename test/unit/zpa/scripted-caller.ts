import type { Caller, ZpaCall } from '../../../shared/zpa/api/call.ts';

/** A caller that answers from a function and records the calls. */
export function scriptedCaller(answer: (call: ZpaCall, nth: number) => unknown): { caller: Caller; calls: ZpaCall[] } {
  const calls: ZpaCall[] = [];
  const caller: Caller = async (call, success) => {
    calls.push(call);
    const body = answer(call, calls.length);
    return { status: success[0] ?? 200, headers: {}, text: JSON.stringify(body) };
  };
  return { caller, calls };
}
