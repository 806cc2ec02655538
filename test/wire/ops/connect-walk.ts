import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorldOptions } from '../../../local/world/functions/world-options.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';

/** A world that knows no ticket system yet. */
export const UNCONNECTED: WorldOptions = {
  ticketSystems: true,
  timeFactor: 1000,
  schedules: false,
  simulator: { limits: 'off' },
  configure: (plain) => configurationSchema.parse({ ...plain, sources: { ops: plain.sources.ops } }),
};

/** A folder of secrets for a run without a terminal. */
export async function secretFolder(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-secrets-'));
  for (const [name, value] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(value));
  return folder;
}

export type Step = { step: string; result: string; says: string; remedy?: string };

/** The steps of a source whose tickets are read back, in their order. */
export const STEPS = ['webhook', 'ticket', 'delivery', 'comment', 'approval', 'history', 'transition'];
export const allOk = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { result: 'ok' }]));

/** Returns the findings of a run in JSON mode, by step. */
export async function findingsOf(
  run: Promise<{ exit: number; out: string; err: string }>,
): Promise<{ exit: number; steps: Record<string, Step> }> {
  const { exit, out, err } = await run;
  if (err !== '') throw new Error(err);
  const { steps } = JSON.parse(out) as { steps: Step[] };
  return { exit, steps: Object.fromEntries(steps.map((one) => [one.step, one])) };
}
