import { laneDriftSettings } from '../../shared/domain/drift/drift-settings.ts';
import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import { readFindingAccess } from '../../shared/reading/drift/read-finding-access.ts';
import { surveyLane } from '../../shared/reading/survey-drift.ts';
import { nameGone } from './name-gone.ts';
import type { DriftPorts } from './ports.ts';
import { storeCatalogs } from './store-catalogs.ts';

/** Carrying over, rendering and announcing are loaded with the first report, because ZPA is read first. */
const loadKeeping = () => import('./keep-report.ts');

/**
 * Makes the report of one lane and keeps it. The names read become the catalog of each tenant. Rejects if the ledger or
 * the last report cannot be read, or the report not be stored or announced.
 */
export async function reportLane(ports: DriftPorts, lane: Lane, signal: AbortSignal): Promise<void> {
  const { configuration, clock } = ports;
  const asOf = clock.now();
  const settings = laneDriftSettings(configuration.tenants, lane);
  const survey = await surveyLane({ ...ports, settings }, configuration, lane, signal);
  const { report, listings, applications, desired } = survey;
  const live = listings.flatMap(({ result }) => ('groups' in result ? result.groups : []));
  const named = await nameGone(ports, report);
  const findings = await readFindingAccess({ ...ports, signal }, named, { live, desired });
  const { keepReport } = await loadKeeping();
  await keepReport(ports, { ...report, findings }, desired);
  await storeCatalogs(ports, lane, { listings, applications, asOf });
}
