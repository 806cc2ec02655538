/**
 * `documented`: 20 reads and 10 writes per 10 s per customer and source address, the window starting at its first call
 * (Zscaler's rate-limiting page for ZPA). `per-url`: the same numbers, but counted per URL and method class, which is
 * what every recorded 429 fits. `off`: none.
 */
export const LIMIT_MODES = ['documented', 'per-url', 'off'] as const;
export type LimitMode = (typeof LIMIT_MODES)[number];

const WINDOW_MS = 10_000;
const READS = 20;
const WRITES = 10;

export type LimitedCall = { customerId: string; address: string; method: string; path: string };

export type RateLimits = {
  mode: LimitMode;
  /** undefined: the call is allowed; otherwise whole seconds to wait, as `retry-after` states them. */
  check(call: LimitedCall, now: number): number | undefined;
  reset(): void;
};

export function createRateLimits(mode: LimitMode): RateLimits {
  const windows = new Map<string, { startedAt: number; calls: number }>();
  const limits: RateLimits = {
    mode,
    check: ({ customerId, address, method, path }, now) => {
      if (limits.mode === 'off') return undefined;
      const kind = method === 'GET' ? 'read' : 'write';
      const url = limits.mode === 'per-url' ? path : '';
      const key = `${customerId} ${address} ${kind} ${url}`;
      const open = windows.get(key);
      if (open === undefined || now - open.startedAt >= WINDOW_MS) {
        if (windows.size > 10_000) windows.clear();
        windows.set(key, { startedAt: now, calls: 1 });
        return undefined;
      }
      open.calls += 1;
      if (open.calls <= (kind === 'read' ? READS : WRITES)) return undefined;
      // Never too early: a remainder of exactly 3 s is announced as 4.
      return Math.floor((open.startedAt + WINDOW_MS - now) / 1000) + 1;
    },
    reset: () => windows.clear(),
  };
  return limits;
}

/** OneAPI's own counter, which never came near its end in the recordings: 5000 per fixed window of 60 s. */
export type GatewayCounter = { count(now: number): { remaining: number; resetSeconds: number } };

export function createGatewayCounter(limit: number, windowMs: number): GatewayCounter {
  let startedAt = 0;
  let calls = 0;
  return {
    count: (now) => {
      if (now - startedAt >= windowMs) {
        startedAt = now;
        calls = 0;
      }
      calls += 1;
      const resetSeconds = Math.max(1, Math.ceil((startedAt + windowMs - now) / 1000));
      return { remaining: Math.max(0, limit - calls), resetSeconds };
    },
  };
}
