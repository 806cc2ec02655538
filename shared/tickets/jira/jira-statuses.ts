import * as z from 'zod';
import { oneLine, truncateText } from '../../domain/text/truncate-text.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { TicketError } from '../http/ticket-error.ts';

/** Answers the ids of the statuses that mean approved. */
export type ApprovedStatuses = (call: ApiCaller) => Promise<ReadonlySet<string>>;

const statusList = z.array(z.looseObject({ id: z.string().regex(/^\d+$/), name: z.string() }));

/** A status that is added or renamed counts after this time at the latest. */
const KEPT_MS = 10 * 60_000;

export const isSameName = (a: string, b: string) =>
  a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();

/**
 * Resolves the configured names to ids with "Get all statuses", because Jira shows names in the language of the calling
 * user, also those in a changelog, and ids in every language. Several projects may each have a status of one name.
 */
export function createApprovedStatuses(names: readonly string[], now: () => number): ApprovedStatuses {
  let known: { at: number; ids: ReadonlySet<string> } | undefined;
  return async (call) => {
    if (known !== undefined && now() - known.at < KEPT_MS) return known.ids;
    const answer = await call({ method: 'GET', path: '/rest/api/3/status' });
    const parsed = statusList.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira statuses', answer);
    const missing = names.find((name) => !parsed.data.some((one) => isSameName(one.name, name)));
    if (missing !== undefined) throw noSuchStatus(missing);
    const approved = parsed.data.filter((one) => names.some((name) => isSameName(one.name, name)));
    known = { at: now(), ids: new Set(approved.map(({ id }) => id)) };
    return known.ids;
  };
}

function noSuchStatus(name: string): TicketError {
  const shown = truncateText(oneLine(name), 100);
  const remedy =
    'State the name in "approvedStatuses" as Jira shows it to the account of the API token, in its language.';
  return new TicketError('tickets-malformed', `Jira lists no status "${shown}". ${remedy}`);
}
