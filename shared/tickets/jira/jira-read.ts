import * as z from 'zod';
import type { Reading } from '../../domain/approval/reading.ts';
import type { JiraConfiguration } from '../../domain/configuration/tickets-schema.ts';
import type { TicketReader, TicketRecord } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { TicketError } from '../http/ticket-error.ts';
import { requireTicketId } from '../http/ticket-id.ts';
import { approvalsIn } from './jira-approvals.ts';
import { fieldChangesIn, isFilled, readChangelog } from './jira-changelog.ts';
import { issuePath, jiraPerson, onlyCloud, personOf } from './jira-issue.ts';
import { listApprovedKeys } from './jira-search.ts';
import { isNoSuchIssue } from './jira-sign-in.ts';
import type { ApprovedStatuses } from './jira-statuses.ts';

/**
 * Creates the reader of issues from Jira Cloud. It reads the issue through REST v2, because rich text is a string there,
 * as in webhooks, and a document in v3 (developer.atlassian.com, "Jira Cloud platform REST API", versions); both
 * versions are current.
 */
export function createJiraReader(
  tickets: JiraConfiguration,
  call: ApiCaller,
  statuses: ApprovedStatuses,
  now: () => number,
): TicketReader {
  return {
    read: (id) => readIssue(tickets, call, statuses, id),
    async *listApproved(since) {
      const pattern = new RegExp(`^(?:${tickets.idPattern})$`, 'u');
      for await (const key of listApprovedKeys(tickets, call, await statuses(call), Math.max(0, now() - since))) {
        if (pattern.test(key)) yield key;
      }
    },
  };
}

const issueSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  fields: z.looseObject({ status: z.looseObject({ id: z.string() }), reporter: jiraPerson, creator: jiraPerson }),
});

async function readIssue(
  tickets: JiraConfiguration,
  call: ApiCaller,
  statuses: ApprovedStatuses,
  id: string,
): Promise<TicketRecord | undefined> {
  const asked = requireTicketId(tickets.idPattern, id);
  const answer = await call({ method: 'GET', path: issuePath(2, asked) });
  if (isNoSuchIssue(answer)) return undefined;
  const parsed = issueSchema.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira issue', answer);
  const { expand: _expand, self: _self, ...issue } = parsed.data;
  const { reporter, creator } = issue.fields;
  if ([reporter, creator].some((one) => one && !isFilled(one.accountId))) throw onlyCloud();
  const requesters = [personOf(reporter), personOf(creator)];
  const ticket = {
    payload: { issue },
    requesters: [...new Set(requesters.filter((one) => one !== undefined))],
  };
  const outOfScope = scopeFault(tickets, asked, issue.key);
  if (outOfScope !== undefined) {
    return { ...ticket, id: asked, outOfScope, approvals: [], history: { kind: 'unknown', reason: outOfScope } };
  }
  const history = await readChangelog(call, issue.key);
  const entries = history.kind === 'unknown' ? [] : history.value;
  // Fields from before an edit must not meet an approval after it.
  const updated = Date.parse(String(issue.fields.updated));
  if (entries.some(({ created }) => Date.parse(created) > updated)) {
    const again = issueSchema.safeParse((await call({ method: 'GET', path: issuePath(2, asked) })).json);
    if (again.data?.fields.updated !== issue.fields.updated) {
      throw new TicketError('tickets-unavailable', 'The issue was edited while it was read.');
    }
  }
  return {
    ...ticket,
    id: issue.key,
    approvals: approvalsIn(entries, issue.fields.status.id, await statuses(call)),
    history: Number.isNaN(updated) ? UNDATED : fieldChangesIn(history),
  };
}

/** Nobody can tell whether its fields are from before an edit that its history shows. */
const UNDATED: Reading<never> = { kind: 'unknown', reason: 'Jira does not show when the issue was last edited' };

/**
 * The key is a label: Jira answers the former key of a moved issue with the issue under its new key. What was accepted
 * under one key must not be accepted again under another.
 */
function scopeFault({ projects }: JiraConfiguration, asked: string, key: string): string | undefined {
  if (key.toUpperCase() !== asked.toUpperCase()) return 'it was moved, and has another key now';
  const isListed = projects.length === 0 || projects.includes(key.replace(/-\d+$/, ''));
  return isListed ? undefined : 'its project is none of "tickets.projects"';
}
