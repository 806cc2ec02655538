import { ACTS_BEGIN, outcomeKey } from '../../../../shared/domain/audit/audit-key.ts';
import type { ActLine } from '../../../../shared/domain/audit/audit-line.ts';
import { readLine } from '../../../../shared/domain/audit/audit-line.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import { toOpsError } from '../../output/exit-codes.ts';
import { openTrail, readTrail } from '../../session/audit.ts';
import type { ConsoleContext } from '../contract.ts';

/** The audit trail's part about a change. `acts` is undefined until they were asked for. */
export type Trail =
  | { readable: true; outcomes: readonly TrailOutcome[]; acts: TrailActs | undefined }
  | { readable: false; why: string };

/** `unreadable`: lines of these days that were altered, or are of another version; whether they are about the ticket, nobody knows. */
export type TrailActs = { lines: readonly ActLine[]; unreadable: number };

/** `missing`: the line is not written, which is right for a moment after the outcome. */
export type TrailOutcome = { generation: number; key: string; state: 'written' | 'missing' | 'unreadable' };

/**
 * Reads the lines of a change's outcomes, by their keys. The acts of people have no ticket in their keys, so all of the days since its
 * acceptance are read, if they are asked for. Whoever may not read the trail is told so.
 */
export async function readTrailOf(context: ConsoleContext, record: ChangeRecord, withActs: boolean): Promise<Trail> {
  try {
    const trail = openTrail(context.findTarget(), context.processContext.env);
    const ended = [...record.history, ...(record.state === 'settled' && record.outcome ? [record.outcome] : [])];
    const outcomes = await Promise.all(
      ended.map(async ({ generation, at }): Promise<TrailOutcome> => {
        const key = outcomeKey({ ref: record.ref, ticket: record.ticket, generation, at });
        const text = await trail.read(key);
        if (text === undefined) return { generation, key, state: 'missing' };
        return { generation, key, state: readLine(parseJson(text)).kind === 'line' ? 'written' : 'unreadable' };
      }),
    );
    return { readable: true, outcomes, acts: withActs ? await readActs(context, trail, record) : undefined };
  } catch (error) {
    return { readable: false, why: toOpsError(error).message };
  }
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

async function readActs(
  context: ConsoleContext,
  trail: ReturnType<typeof openTrail>,
  record: ChangeRecord,
): Promise<TrailActs> {
  const [first] = [...record.history.map(({ at }) => at), record.acceptedAt];
  const days = { from: dayOf(Math.min(first ?? record.acceptedAt, record.acceptedAt)), to: dayOf(context.now()) };
  const lines: ActLine[] = [];
  let unreadable = 0;
  for await (const { read } of readTrail(trail, [ACTS_BEGIN], days)) {
    context.signal.throwIfAborted();
    if (read.kind !== 'line') unreadable += 1;
    else if (read.line.kind === 'act' && isAbout(read.line, record)) lines.push(read.line);
  }
  return { lines: lines.toSorted((a, b) => (a.at < b.at ? -1 : 1)), unreadable };
}

function isAbout({ details }: ActLine, { ticket }: ChangeRecord): boolean {
  return Array.isArray(details.tickets) && details.tickets.includes(ticket.id);
}
