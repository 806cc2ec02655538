import { z } from 'zod';

/**
 * Scripted faults. "Effect" is the change that a write makes in the tenant.
 *
 * | kind                  | effect              | what the caller gets                                |
 * |-----------------------|---------------------|-----------------------------------------------------|
 * | rate-limited          | none                | 429 with `retry-after: Ns`                          |
 * | error                 | none                | that status, with ZPA's error body                  |
 * | expired-token         | none                | 401, whatever the token                             |
 * | reset                 | none                | the connection is reset                             |
 * | no-answer             | none                | nothing, until the caller gives up                  |
 * | slow                  | at once             | the answer after `delayMs`                          |
 * | truncated             | at once             | half of the answer, then the connection ends        |
 * | wrong-answer          | at once, or `none`  | another status and text: a proxy's page, nothing    |
 * | effect-without-answer | at once             | the connection is reset, or nothing (`hang`)        |
 * | effect-after-timeout  | after `delayMs`     | the answer then, if the caller is still there       |
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rate-limited'), retryAfterSeconds: z.int().min(0).default(4) }),
  z.object({
    kind: z.literal('error'),
    status: z.int().min(400).max(599).default(503),
    id: z.string().optional(),
    reason: z.string().optional(),
    params: z.array(z.string()).optional(),
    /** Sent instead of a JSON error, for example a proxy's page. */
    text: z.string().optional(),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  z.object({ kind: z.literal('expired-token') }),
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('no-answer') }),
  z.object({ kind: z.literal('slow'), delayMs: z.number().min(0) }),
  z.object({ kind: z.literal('truncated') }),
  z.object({
    kind: z.literal('wrong-answer'),
    effect: z.enum(['at-once', 'none']).default('at-once'),
    status: z.int().min(200).max(599).default(200),
    text: z.string().default(''),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  z.object({ kind: z.literal('effect-without-answer'), hang: z.boolean().default(false) }),
  z.object({ kind: z.literal('effect-after-timeout'), delayMs: z.number().min(0) }),
]);
export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export const matchSchema = z.object({
  /** One method or several; any when left out. */
  method: z.union([z.string(), z.array(z.string())]).optional(),
  /** The path without query; `*` matches any run of characters, and it need only occur. Any when left out. */
  path: z.string().optional(),
  /** So many matching calls pass untouched first. */
  after: z.int().min(0).default(0),
});
export type Match = z.input<typeof matchSchema>;

type Scripted = { match: z.output<typeof matchSchema>; fault: Fault; passes: number; left: number };

export type Faults = {
  /** The next `times` (default: 1; Infinity for ever) matching calls meet the fault. First scripted, first met. */
  script(match: Match, fault: FaultInput, times?: number): void;
  /** The fault this call meets, used up. */
  take(method: string, path: string): Fault | undefined;
  /** Number of faults that are not used up. */
  pending(): { match: Match; fault: Fault; times: number }[];
  clear(): void;
};

export function createFaults(): Faults {
  let scripted: Scripted[] = [];
  return {
    script: (match, fault, times = 1) => {
      const parsed = matchSchema.parse(match);
      scripted.push({ match: parsed, fault: faultSchema.parse(fault), passes: parsed.after, left: times });
    },
    take: (method, path) => {
      for (const one of scripted) {
        if (!matches(one.match, method, path)) continue;
        if (one.passes > 0) {
          one.passes -= 1;
          continue;
        }
        one.left -= 1;
        if (one.left <= 0) scripted = scripted.filter((other) => other !== one);
        return one.fault;
      }
      return undefined;
    },
    pending: () => scripted.map(({ match, fault, left }) => ({ match, fault, times: left })),
    clear: () => {
      scripted = [];
    },
  };
}

function matches(match: Match, method: string, path: string): boolean {
  const methods = match.method === undefined ? [method] : [match.method].flat();
  if (!methods.some((one) => one.toUpperCase() === method)) return false;
  if (match.path === undefined) return true;
  const pattern = match.path.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(pattern.join('.*')).test(path);
}
