import type { DriftReport } from '../domain/drift/drift.ts';
import type { GroupListing } from '../domain/drift/group-listings.ts';
import type { Application } from '../domain/group/group.ts';
import type { Zpa } from '../ports/ports.ts';
import { collect, type RetryOptions, retryRead } from './retry-read.ts';

/** Up to this many applications are read one by one; above it a listing (500 a page) costs less. */
const SINGLE_READS = 6;
/** ZPA allows 6,000 application segments (help.zscaler.com, "Ranges & Limitations"): twelve pages. */
const MAX_PAGES = 12;

type Naming = RetryOptions & { zpaOf: (tenant: string) => Zpa };

/** Reads the names of the applications that membership findings mention. Best effort: a report with bare ids is valid too. */
export async function nameApplications(
  naming: Naming,
  readings: readonly GroupListing[],
  report: DriftReport,
): Promise<Record<string, string>> {
  const names = new Map<string, string>();
  for (const reading of readings.filter((one) => 'groups' in one.result)) {
    const wanted = mentionedIds(report, reading).filter((id) => !names.has(id));
    if (wanted.length === 0) continue;
    try {
      for (const { id, name } of await read(naming, reading, wanted)) names.set(id, name);
    } catch {
      // The findings do not depend on the names, so the report goes without them.
    }
  }
  return Object.fromEntries(names);
}

function mentionedIds(report: DriftReport, { microtenantId }: GroupListing): string[] {
  const ids = report.findings.flatMap((finding) =>
    finding.kind === 'membership' && (microtenantId === undefined || microtenantId === finding.microtenantId)
      ? [...finding.added, ...finding.removed]
      : [],
  );
  return [...new Set(ids)];
}

async function read(naming: Naming, reading: GroupListing, wanted: readonly string[]) {
  const { tenant, microtenantId } = reading;
  const zpa = naming.zpaOf(tenant);
  const options = { signal: naming.signal, ...(microtenantId !== undefined && { microtenantId }) };
  if (wanted.length > SINGLE_READS) {
    const ids = new Set(wanted);
    const all = await retryRead(naming, () => collect(zpa.listApplications({ ...options, maxPages: MAX_PAGES })));
    return all.filter((application) => ids.has(application.id));
  }
  const found: Application[] = [];
  for (const id of wanted) {
    const one = await zpa.getApplication(id, options).catch(() => undefined);
    if (one !== undefined) found.push(one);
  }
  return found;
}
