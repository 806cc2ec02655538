import { createAuditReader } from '../../../shared/aws/audit-store.ts';
import type { Target } from '../../../shared/deployment/cli-target.ts';
import { type ReadLine, readLine } from '../../../shared/domain/audit/audit-line.ts';
import type { Days } from '../../../shared/domain/audit/compare-trail.ts';
import { parseJson } from '../../../shared/domain/text/parse-json.ts';
import type { AuditReader } from '../../../shared/ports/audit-trail.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import { environmentOf } from './settings.ts';

/** Objects that are read at a time. */
const AT_ONCE = 20;

export type FoundLine = { key: string; read: ReadLine };

/** The bucket of the target's audit trail. Throws an `OpsError` if the target names none. */
export function auditBucket({ env }: Target): string {
  if (env.AUDIT_BUCKET !== undefined) return env.AUDIT_BUCKET;
  const remedy = 'Deploy this version (npm run deploy), which writes the target anew.';
  throw new OpsError(EXIT.usage, 'no-audit-trail', 'The target names no audit trail.', remedy);
}

export function openTrail(target: Target, env: Record<string, string | undefined>): AuditReader {
  return createAuditReader({ env: environmentOf(target, env), bucket: auditBucket(target) });
}

/** Reads the lines below the prefixes in these days, in the order of their keys; `mayBe` leaves out lines by their key. */
export async function* readTrail(
  trail: AuditReader,
  prefixes: readonly string[],
  days: Days,
  mayBe: (key: string) => boolean = () => true,
): AsyncIterable<FoundLine> {
  for (const prefix of prefixes) {
    let batch: string[] = [];
    for await (const key of trail.keys(prefix, days)) {
      if (mayBe(key)) batch.push(key);
      if (batch.length < AT_ONCE) continue;
      yield* await readLines(trail, batch);
      batch = [];
    }
    yield* await readLines(trail, batch);
  }
}

async function readLines(trail: AuditReader, keys: readonly string[]): Promise<FoundLine[]> {
  return Promise.all(keys.map(async (key) => ({ key, read: readLine(parseJson((await trail.read(key)) ?? '')) })));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The days of `--from` and `--to`. Throws an `OpsError` for others than calendar days. */
export function readDays({ from, to }: { from: string; to: string }): Days {
  for (const [option, day] of [
    ['--from', from],
    ['--to', to],
  ] as const) {
    if (DAY.test(day) && !Number.isNaN(Date.parse(day))) continue;
    throw new OpsError(
      EXIT.usage,
      'bad-option',
      `${option} ${day} is not a day.`,
      'For example: --from 2026-11-01 --to 2026-11-30',
    );
  }
  if (from <= to) return { from, to };
  throw new OpsError(EXIT.usage, 'bad-option', `${from} is after ${to}.`, 'Give the earlier day with --from.');
}
