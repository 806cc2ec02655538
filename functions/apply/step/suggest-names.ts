import type { LiveView } from '../../../shared/domain/group/live-view.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ending } from '../../../shared/domain/records/intent.ts';
import { type LostName, readLiveCatalog, suggestNames } from '../../../shared/reading/suggest-names.ts';
import type { StepContext } from '../settle/step-context.ts';

/** The longest wait for a suggestion, in ms. */
const MAX_WAIT_MS = 2000;

/**
 * Adds suggested names, at most three and within the grants of the source, to a rejection of a name that does not exist. The
 * names come from the last complete read of the tenant; before the first one they are read from ZPA, once in some minutes.
 */
export async function withSuggestedNames(
  { ports, zpa, scope: { microtenantId, signal } }: StepContext,
  live: LiveView,
  record: ChangeRecord,
  ending: Ending,
): Promise<Ending> {
  const { catalogs, configuration, clock } = ports;
  if (ending.kind !== 'rejected' || catalogs === undefined) return ending;
  const waitEnd = new AbortController();
  const ended = AbortSignal.any([waitEnd.signal, signal]);
  const readLive = async (lost: LostName) => {
    const key = JSON.stringify([record.ref.tenant, microtenantId, lost.kind]);
    return catalogs.live?.(key, () => readLiveCatalog({ configuration, zpa, clock }, lost, ended));
  };
  const from = { configuration, catalogs, readLive };
  const nearest = await Promise.race([
    suggestNames(from, record.ref.source, { change: record.change, live, decision: ending }),
    clock.sleep(MAX_WAIT_MS, ended).catch(() => undefined),
  ]);
  waitEnd.abort();
  if (nearest === undefined || nearest.length === 0) return ending;
  const meant = nearest.map((name) => `"${name}"`).join(', ');
  return { ...ending, remedy: `Perhaps meant: ${meant}. ${ending.remedy}`, details: { ...ending.details, nearest } };
}
