import { isAbsent, isAccessDenied } from '../../../shared/aws/inspect/inspect-error.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';

/** `unknown`: it could not be checked, which is never `ok`. `skipped`: it makes no sense here, or nobody asked for it. */
export type Result = 'ok' | 'wrong' | 'unknown' | 'skipped';

/**
 * The result of one check for one subject (a tenant, a secret, a queue); `remedy` is there if there is something to do.
 */
export type Finding = { result: Result; subject?: string; says: string; remedy?: string };

/** One check of the doctor. `needs`: the rights that it uses, as docs/deploy.md lists them. */
export type Check = { name: string; needs: readonly string[]; run(): Promise<Finding[]> };

export type NamedFinding = Finding & { check: string };

const about = (subject: string | undefined) => (subject === undefined ? {} : { subject });

export const ok = (says: string, subject?: string): Finding => ({ result: 'ok', says, ...about(subject) });
export const skipped = (says: string, subject?: string): Finding => ({ result: 'skipped', says, ...about(subject) });
export const wrong = (says: string, remedy: string, subject?: string): Finding => ({
  result: 'wrong',
  says,
  remedy,
  ...about(subject),
});
export const unknown = (says: string, remedy: string, subject?: string): Finding => ({
  result: 'unknown',
  says,
  remedy,
  ...about(subject),
});

/** The finding of a check that an error prevented. It says which right is missing, if that is why. */
export function couldNotCheck(error: unknown, needs: readonly string[], subject?: string): Finding {
  if (isAccessDenied(error)) {
    const remedy = `Grant it, or ask somebody who has it: docs/deploy.md, "The command line".`;
    return unknown(`not checked: your AWS rights do not allow ${needs.join(', ')}`, remedy, subject);
  }
  if (isAbsent(error))
    return wrong(`does not exist: ${messageOf(error)}`, 'Deploy the stack, or use another --target.', subject);
  return unknown(`not checked: ${messageOf(error)}`, 'Check the cause and try again.', subject);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs one check. Never rejects: an error is a finding. */
export async function runCheck({ name, needs, run }: Check): Promise<NamedFinding[]> {
  const found = await run().catch((error: unknown) => [couldNotCheck(error, needs)]);
  return found.map((finding) => ({ check: name, ...finding }));
}

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const;

/** Formats a time span in its largest whole unit. */
export function formatSpan(ms: number): string {
  for (const [unitMs, unit] of UNITS) if (ms >= unitMs) return formatCount(Math.floor(ms / unitMs), unit);
  return formatCount(Math.max(0, Math.floor(ms / 1000)), 'second');
}
