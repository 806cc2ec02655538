import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { type ChangeRef, laneName } from '../../shared/domain/lane/change-ref.ts';

/** The full names of changes whose source, tenant and keys are known. */
export function changeRefsOf(
  configuration: Configuration,
  source: string,
  keys: readonly string[],
  tenant: string,
): ChangeRef[] {
  const configured = configuration.tenants[tenant];
  if (configured === undefined) throw new Error(`There is no tenant ${tenant}.`);
  const lane = laneName(configured);
  return keys.map((idempotencyKey) => ({ lane, source, tenant, idempotencyKey }));
}
