import { isNameless, withNames } from '../../shared/domain/drift/nameless.ts';
import type { DriftReport, Finding } from '../../shared/domain/drift/report.ts';
import type { DriftPorts } from './ports.ts';

/**
 * Names what is gone from ZPA by the last catalogs, which this report is about to replace. They are read only if a finding
 * needs one. Never rejects: without a catalog the id stands for the name.
 */
export async function nameGone(
  { catalogs, log }: Pick<DriftPorts, 'catalogs' | 'log'>,
  { findings, tenants }: Pick<DriftReport, 'findings' | 'tenants'>,
): Promise<Finding[]> {
  if (!findings.some(({ application }) => application && isNameless(application))) return [...findings];
  const read = tenants.map((tenant) =>
    catalogs.read(tenant).catch((error: unknown) => {
      log.warn('a catalog names nothing that is gone, because it cannot be read', { tenant, error });
      return undefined;
    }),
  );
  const known = await Promise.all(read);
  return withNames(
    findings,
    known.filter((one) => one !== undefined),
  );
}
