import { createKnownLanes } from '../../../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../../../shared/aws/ledger/ledger.ts';
import type { Target } from '../../../../shared/deployment/cli-target.ts';
import type { Settings } from '../../../../shared/domain/configuration/configuration.ts';
import { tenantLanesOf } from '../../../../shared/ledger/tenant-lanes.ts';
import { errorCode } from '../../../../shared/ports/error-code.ts';
import type { Ledger } from '../../../../shared/ports/ports.ts';
import type { ChangedNames } from '../../../../shared/settings/explain/explain-settings.ts';
import { forEachOpenChange } from '../../session/open-changes.ts';
import { environmentOf } from '../../session/settings.ts';

/**
 * The open changes of tenants and sources that an edit concerns. `unreadable`: keys of records that cannot be read.
 * `unknown`: why the ledger could not be read, or not to its end.
 */
export type Touched = { keys: string[]; unreadable: string[]; unknown?: string };

/**
 * Finds the open changes that an edit concerns. A person who may push settings may not read the ledger, which is
 * told.
 */
export async function readTouched(
  target: Target,
  env: Record<string, string | undefined>,
  settings: readonly Pick<Settings, 'tenants'>[],
  names: ChangedNames,
): Promise<Touched> {
  const touched: Touched = { keys: [], unreadable: [] };
  if (names.tenants.length + names.sources.length === 0) return touched;
  const options = { env: environmentOf(target, env), tableName: target.env.TABLE_NAME };
  const ledger = createDynamoLedger(options);
  try {
    const known = await createKnownLanes(options).read();
    const all = settings.flatMap((one) => tenantLanesOf(one, known));
    const concerned = all.filter(({ tenant }) => names.sources.length > 0 || names.tenants.includes(tenant));
    for (const lane of new Set(concerned.map((one) => one.lane))) await readLane(ledger, lane, names, touched);
    return touched;
  } catch (error) {
    return { ...touched, unknown: errorCode(error) ?? 'unexpected' };
  }
}

function readLane(
  ledger: Pick<Ledger, 'openChanges'>,
  lane: string,
  { tenants, sources }: ChangedNames,
  touched: Touched,
): Promise<void> {
  return forEachOpenChange(
    ledger,
    lane,
    ({ ref, state }) => {
      const isConcerned = tenants.includes(ref.tenant) || sources.includes(ref.source);
      if (isConcerned && state !== 'settled') touched.keys.push(ref.idempotencyKey);
    },
    (key) => touched.unreadable.push(key),
  );
}
