import { html as markup } from '../../shared/domain/html/html.ts';
import { type HttpAnswer, PROBLEMS, problem } from '../../shared/domain/http/http-problem.ts';
import { jsonAnswer, NO_STORE } from '../../shared/domain/http/json-answer.ts';
import { isStatusToken, statusHash } from '../../shared/domain/http/status-token.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { type StatusView, viewOf } from '../../shared/domain/story/view.ts';
import { htmlPage, pageHeaders } from './page/page.ts';
import { prefersHtml } from './page/prefers-html.ts';
import { statusPage } from './page/status-page.ts';
import type { StatusPorts } from './ports.ts';
import { readSet } from './read-set.ts';

/** `member`: the place of another change of the same change set, as text; undefined: the change of the link itself. */
export type StatusRequest = {
  method: string;
  token: string;
  member?: string | undefined;
  accept: string | undefined;
};

/** The address is the secret: no cache may store it, and no other site may learn it. */
const PRIVATE = {
  ...NO_STORE,
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  vary: 'accept',
};

/**
 * Shows the state of one change to anyone who has its link: a page for browsers, JSON for programs. A link that is unknown,
 * mistyped or expired gets one and the same answer. Never rejects.
 */
export async function showStatus(ports: StatusPorts, request: StatusRequest): Promise<HttpAnswer> {
  const html = prefersHtml(request.accept);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal('method-not-allowed', 'A status is read with GET.', html, { allow: 'GET, HEAD' });
  }
  try {
    const linked = await findChange(ports, request.token);
    const set = linked && (await readSet(ports, linked));
    const record = request.member === undefined ? linked : set?.members.find((one) => placeIn(one) === request.member);
    if (record === undefined) return refusal('unknown-status', UNKNOWN, html);
    const view = viewOf(record, set);
    return html ? page(view) : jsonAnswer(200, view, PRIVATE);
  } catch (error) {
    ports.log.error('a status could not be read', { code: 'status-unavailable', error });
    ports.meter.count('StatusUnavailable', 1);
    return refusal('unavailable', 'Nothing is lost. Try again in a moment.', html, {
      'retry-after': '10',
    });
  }
}

const UNKNOWN =
  'Check that the address is complete. Links expire after 30 days; whoever runs zpa-changes can look the change up by its ticket.';

async function findChange(ports: StatusPorts, token: string): Promise<ChangeRecord | undefined> {
  if (!isStatusToken(token)) return undefined;
  const link = await ports.ledger.readStatusLink(statusHash(token));
  if (link === undefined || link.expiresAt <= ports.clock.now()) return undefined;
  return ports.ledger.readChange(link.ref);
}

const placeIn = ({ change }: ChangeRecord) => String(change.changeSet?.index);

function page(view: StatusView): HttpAnswer {
  return { status: 200, headers: { ...PRIVATE, ...pageHeaders }, body: statusPage(view) };
}

type RefusalCode = Parameters<typeof problem>[0];

function refusal(code: RefusalCode, detail: string, html: boolean, more: Record<string, string> = {}): HttpAnswer {
  const answer = problem(code, { detail, headers: { ...PRIVATE, ...more } });
  if (!html) return answer;
  return { ...answer, headers: { ...answer.headers, ...pageHeaders }, body: refusalPage(code, detail) };
}

/** Replaces titles of `PROBLEMS` that mention deliveries. */
const TITLES: Partial<Record<RefusalCode, string>> = { unavailable: 'The state cannot be read right now.' };

function refusalPage(code: RefusalCode, detail: string): string {
  const title = (TITLES[code] ?? PROBLEMS[code].title).replace(/\.$/, '');
  return htmlPage(title, markup`<header><h1>${title}</h1></header>\n<p>${detail}</p>`);
}
