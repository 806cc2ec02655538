import { HARMS, type Harm, harmOf } from '../../../../shared/domain/drift/by-harm.ts';
import { type Lane, lanesOf } from '../../../../shared/domain/lane/change-ref.ts';
import { forEachAtOnce } from '../../../../shared/runtime/at-once.ts';
import type { OpsSession } from '../../session/compose.ts';
import { readEarlier } from '../../session/read-drift.ts';

/** The last drift report of a lane, in numbers; undefined: there is none, or `unknown` says why it cannot be read. */
export type DriftNews = {
  lane: Lane;
  tenants: string[];
  report: { at: number; complete: boolean; open: number; news: { harm: Harm; count: number }[] } | undefined;
  unknown: string | undefined;
};

const AT_ONCE = 5;

/** Reports change once a day and are long, so a session reads each once; it is renewed within half a minute. */
const READ = new WeakMap<OpsSession, Promise<DriftNews[]>>();

/** The last drift report of each configured lane, in short. */
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
  const { findings, finishedAt, complete } = earlier;
  const fresh = findings.filter(({ state }) => state === 'new');
  const news = HARMS.map((harm) => ({ harm, count: fresh.filter((one) => harmOf(one) === harm).length }));
  const open = findings.filter(({ state }) => state === 'new' || state === 'still').length;
  return { report: { at: Date.parse(finishedAt), complete, open, news }, unknown: undefined };
}
