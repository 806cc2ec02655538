import { z } from 'zod';

const faultSchema = z.strictObject({
  method: z.string().optional(),
  /** A part of the path. */
  path: z.string().optional(),
  status: z.int().min(400).max(599).default(503),
  times: z.int().min(1).default(1),
});

type Call = { method: string; path: string; body: unknown };
type Answer = { status: number; json: unknown };
type AnswerFault = { kind: 'answer'; method?: string; path?: RegExp; answer: Answer };
type Faults = { push(fault: AnswerFault): unknown; length: number };

/** `/__tickets/faults`: troubles from another process of this machine, as a test in this one has them by `faults`. */
export function controlFaults(faults: Faults, { method, path, body }: Call): Answer | undefined {
  if (path !== '/__tickets/faults') return undefined;
  if (method === 'DELETE') faults.length = 0;
  if (method === 'POST') {
    const parsed = faultSchema.safeParse(body);
    if (!parsed.success) return { status: 400, json: { fault: z.prettifyError(parsed.error) } };
    const { status, times, ...match } = parsed.data;
    const where = {
      ...(match.method !== undefined && { method: match.method }),
      ...(match.path !== undefined && { path: new RegExp(match.path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')) }),
    };
    for (let one = 0; one < times; one += 1)
      faults.push({ ...where, kind: 'answer', answer: { status, json: { fault: 'scripted' } } });
  }
  return { status: 200, json: { faults: faults.length } };
}
