import * as z from 'zod';
import { toJiraAdf } from '../../domain/text/jira-adf.ts';
import type { TicketOpener } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { requireMarker } from '../http/ticket-id.ts';

const found = z.looseObject({ issues: z.array(z.looseObject({ key: z.string() })) });
const created = z.looseObject({ key: z.string() });

/** Creates the opener of Jira issues ("Create issue"). The marker is a label, by which a repetition finds the issue. */
export function createJiraOpener(call: ApiCaller): TicketOpener {
  return {
    async open({ title, text, fields, marker }) {
      const label = requireMarker(marker);
      const known = await findLabelled(call, label);
      if (known !== undefined) return known;
      const labels = [label, ...(Array.isArray(fields.labels) ? fields.labels : [])];
      const description = toJiraAdf(text, label);
      const body = { fields: { ...fields, summary: title, description, labels } };
      const answer = await call({ method: 'POST', path: '/rest/api/3/issue', body });
      const parsed = created.safeParse(answer.json);
      if (answer.status !== 201 || !parsed.success) throw unexpectedAnswer('Jira issue', answer);
      return parsed.data.key;
    },
  };
}

async function findLabelled(call: ApiCaller, label: string): Promise<string | undefined> {
  const body = { jql: `labels = "${label}"`, fields: ['status'], maxResults: 1 };
  const answer = await call({ method: 'POST', path: '/rest/api/3/search/jql', body });
  const parsed = found.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira search', answer);
  return parsed.data.issues[0]?.key;
}
