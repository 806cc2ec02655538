import { HARMS, type Harm, harmOf } from '../../../../shared/domain/drift/by-harm.ts';
import { isAllChecked } from '../../../../shared/domain/drift/render/report-summary.ts';
import { type Lane, lanesOf } from '../../../../shared/domain/lane/change-ref.ts';
import { forEachAtOnce } from '../../../../shared/runtime/at-once.ts';
import type { OpsSession } from '../../session/compose.ts';
import { readEarlier } from '../../session/read-drift.ts';
import { readIgnores, withIgnores } from '../drift/read-report.ts';

/** The last drift report of a lane, in numbers; undefined: there is none, or `unknown` says why it cannot be read. */
export type DriftNews = {
  lane: Lane;
  tenants: string[];
  report: { at: number; allChecked: boolean; news: { harm: Harm; count: number }[] } | undefined;
  unknown: string | undefined;
};

const AT_ONCE = 5;

/** Reports change once a day and are long, so a session reads each once; it is renewed within half a minute. */
const READ = new WeakMap<OpsSession, Promise<DriftNews[]>>();

/** Reads the last drift report of each configured lane. */
export function readDriftNews(session: OpsSession): Promise<DriftNews[]> {
  const known = READ.get(session);
  if (known !== undefined) return known;
  const read = readAll(session);
  READ.set(session, read);
  read.catch(() => READ.delete(session));
  return read;
}

async function readAll(session: OpsSession): Promise<DriftNews[]> {
  const lanes = lanesOf(session.configuration);
  const found = new Map<Lane, DriftNews>();
  await forEachAtOnce(lanes, AT_ONCE, async ([lane, tenants]) => {
    found.set(lane, { lane, tenants, ...(await readNews(session, lane)) });
  });
  return [...lanes.keys()].flatMap((lane) => found.get(lane) ?? []);
}

async function readNews(session: OpsSession, lane: Lane): Promise<Pick<DriftNews, 'report' | 'unknown'>> {
  const { earlier, unknown } = await readEarlier(session, lane);
  if (earlier === undefined) return { report: undefined, unknown };
  if (earlier === 'unreadable') return { report: undefined, unknown: unknown ?? 'It is of another version.' };
  // An ignore since the report counts at once, as on its page.
  const ignores = (await readIgnores(session, lane)) ?? [];
  const { findings, finishedAt } = withIgnores(earlier, ignores, session.clock.now());
  const fresh = findings.filter(({ state }) => state === 'new');
  const news = HARMS.map((harm) => ({ harm, count: fresh.filter((one) => harmOf(one) === harm).length }));
  return { report: { at: Date.parse(finishedAt), allChecked: isAllChecked(earlier), news }, unknown: undefined };
}
