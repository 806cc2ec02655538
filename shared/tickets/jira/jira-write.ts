import * as z from 'zod';
import type { JiraConfiguration } from '../../domain/configuration/tickets-schema.ts';
import { adfLines, toJiraAdf } from '../../domain/text/jira-adf.ts';
import type { TicketWriter, Transitioned } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { refusalWords } from '../http/refusal-words.ts';
import { shortReason, type TicketAnswer, unexpectedAnswer } from '../http/send-ticket-request.ts';
import { requireMarker, requireTicketId } from '../http/ticket-id.ts';
import { issuePath } from './jira-issue.ts';
import { isNoSuchIssue } from './jira-sign-in.ts';
import { isSameName } from './jira-statuses.ts';

/**
 * Creates the writer that comments on Jira issues and transitions them (Jira Cloud REST v3: comments are documents).
 */
export function createJiraWriter(tickets: JiraConfiguration, call: ApiCaller): TicketWriter {
  return {
    async comment(id, text, marker, former = []) {
      const key = requireTicketId(tickets.idPattern, id);
      const existing = await findComment(call, key, [marker, ...former].map(requireMarker));
      if (existing !== 'no') return existing;
      const body = { body: toJiraAdf(text, marker) };
      const answer = await call({ method: 'POST', path: issuePath(3, key, '/comment'), body });
      if (isNoSuchIssue(answer)) return 'no-ticket';
      if (answer.status !== 201) throw unexpectedAnswer('Jira comment', answer);
      return 'said';
    },
    async transition(id, to, fields) {
      const key = requireTicketId(tickets.idPattern, id);
      const now = await statusOf(call, key);
      if (now === undefined) return { result: 'refused', reason: 'there is no such issue' };
      if (now.key.toUpperCase() !== key.toUpperCase()) {
        return { result: 'refused', reason: 'it was moved, and has another key now' };
      }
      if (isSameName(now.status, to)) return { result: 'done' };
      const chosen = await chooseTransition(call, key, { from: now.status, to, fields });
      if ('reason' in chosen) return { result: 'refused', reason: chosen.reason };
      const body = { transition: { id: chosen.id }, ...(Object.keys(fields).length === 0 ? {} : { fields }) };
      return judgeTransition(await call({ method: 'POST', path: issuePath(3, key, '/transitions'), body }));
    },
  };
}

const commentPage = z.looseObject({
  total: z.number(),
  comments: z.array(
    z.looseObject({ author: z.looseObject({ accountId: z.string().nullish() }).nullish(), body: z.unknown() }),
  ),
});

const PAGE = 100;
/** Comments are read newest first, and ours is rarely old, so the search ends after this many pages. */
const MAX_PAGES = 20;

async function findComment(
  call: ApiCaller,
  key: string,
  markers: readonly string[],
): Promise<'already' | 'no-ticket' | 'no'> {
  let readCount = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { orderBy: '-created', startAt: String(readCount), maxResults: String(PAGE) };
    const answer = await call({ method: 'GET', path: issuePath(3, key, '/comment'), query });
    if (isNoSuchIssue(answer)) return 'no-ticket';
    const parsed = commentPage.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira comments', answer);
    const { comments, total } = parsed.data;
    const marked = comments.filter(({ body }) => adfLines(body).some((line) => markers.includes(line)));
    if (marked.length > 0) {
      const ourAccount = await readOwnAccount(call);
      // A copy by somebody else may have other words above the marker.
      if (marked.some(({ author }) => author?.accountId === ourAccount)) return 'already';
    }
    readCount += comments.length;
    if (comments.length === 0 || readCount >= total) return 'no';
  }
  return 'no';
}

const ownAccount = z.looseObject({ accountId: z.string() });

/** The account that the credential belongs to ("Get current user"). */
async function readOwnAccount(call: ApiCaller): Promise<string> {
  const answer = await call({ method: 'GET', path: '/rest/api/3/myself' });
  const parsed = ownAccount.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira user', answer);
  return parsed.data.accountId;
}

const statusAnswer = z.looseObject({
  key: z.string(),
  fields: z.looseObject({ status: z.looseObject({ name: z.string() }) }),
});

async function statusOf(call: ApiCaller, key: string): Promise<{ key: string; status: string } | undefined> {
  const answer = await call({ method: 'GET', path: issuePath(3, key), query: { fields: 'status' } });
  if (isNoSuchIssue(answer)) return undefined;
  const parsed = statusAnswer.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira issue', answer);
  return { key: parsed.data.key, status: parsed.data.fields.status.name };
}

const transitionList = z.looseObject({
  transitions: z.array(
    z.looseObject({
      id: z.string(),
      to: z.looseObject({ name: z.string() }),
      fields: z
        .record(
          z.string(),
          z.looseObject({ required: z.boolean().optional(), hasDefaultValue: z.boolean().optional() }),
        )
        .default({}),
    }),
  ),
});

type WantedTransition = { from: string; to: string; fields: Readonly<Record<string, unknown>> };

/**
 * Chooses a transition with "Get transitions" and `expand=transitions.fields`, which answers the transitions that this
 * user may perform now and the fields that their screens require.
 */
async function chooseTransition(call: ApiCaller, key: string, wanted: WantedTransition) {
  const query = { expand: 'transitions.fields' };
  const answer = await call({ method: 'GET', path: issuePath(3, key, '/transitions'), query });
  const parsed = transitionList.safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpectedAnswer('Jira transitions', answer);
  const leading = parsed.data.transitions.filter(({ to }) => isSameName(to.name, wanted.to));
  if (leading.length === 0) return { reason: shortReason([`no transition leads from ${wanted.from} to ${wanted.to}`]) };
  const lacking = leading.map((one) => ({ id: one.id, fields: lackingFields(one.fields, wanted.fields) }));
  const [best] = lacking.toSorted((a, b) => a.fields.length - b.fields.length);
  if (best === undefined || best.fields.length === 0) return { id: best?.id ?? '' };
  return { reason: shortReason([`the transition to ${wanted.to} requires ${best.fields.join(', ')}`]) };
}

function lackingFields(
  screen: Record<string, { required?: boolean | undefined; hasDefaultValue?: boolean | undefined }>,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const required = Object.entries(screen).filter(([, { required: must, hasDefaultValue }]) => must && !hasDefaultValue);
  return required.map(([name]) => name).filter((name) => !Object.hasOwn(given, name));
}

function judgeTransition({ status, json }: TicketAnswer): Transitioned {
  if (status === 204) return { result: 'done' };
  return { result: 'refused', reason: shortReason([`HTTP ${status}`, ...refusalWords(json)]) };
}
