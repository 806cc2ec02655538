import { isAccessDenied } from '../../../shared/aws/inspect/inspect-error.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import { couldNotCheck, type Finding, messageOf, ok, unknown, wrong } from './finding.ts';

/** The webhook's answer; `code` is of its problem document. */
export type Answer = { status: number; code: string | undefined };

/**
 * `askSigned` sends, proved as the source, the cancellation of a change that does not exist, which has no effect; else a
 * finding says why nothing can be sent. Both requests reject if there is no answer.
 */
export type Webhook = {
  url: string;
  source: string;
  askSigned: (() => Promise<Answer>) | Finding;
  askPlain(): Promise<Answer>;
};

const NEEDS = ['secretsmanager:GetSecretValue'];

/** Checks the way from here through the public address to `ingest`, and the signature on it if the secret can be read. */
export async function checkWebhook(webhook: Webhook): Promise<Finding[]> {
  const { source, askSigned } = webhook;
  if (typeof askSigned !== 'function') return [await checkPlain(webhook), askSigned];
  try {
    return [judgeSigned(webhook, await askSigned())];
  } catch (error) {
    if (isUnanswered(error)) return [noAnswer(webhook, error)];
    const says = `signed delivery not tested: ${messageOf(error)}`;
    const rest = isAccessDenied(error)
      ? couldNotCheck(error, NEEDS, source)
      : unknown(says, `See the result for the secret of "${source}".`, source);
    return [await checkPlain(webhook), rest];
  }
}

function judgeSigned({ url, source }: Webhook, { status, code }: Answer): Finding {
  if (status === 404 && code === 'unknown-change')
    return ok(`${url} responds and accepts a delivery signed by "${source}"`);
  if (status === 401 || status === 403) {
    const remedy = `Check its secret and its allowedCidrs; a new secret is in use within minutes.`;
    return wrong(`${url} rejects a delivery signed by "${source}" (${status} ${code})`, remedy);
  }
  return judgeOther(url, { status, code });
}

/** A GET reaches the function too, which refuses the method. */
async function checkPlain(webhook: Webhook): Promise<Finding> {
  try {
    const answer = await webhook.askPlain();
    return answer.status === 405 ? ok(`${webhook.url} responds`) : judgeOther(webhook.url, answer);
  } catch (error) {
    return noAnswer(webhook, error);
  }
}

function judgeOther(url: string, { status, code = 'no code' }: Answer): Finding {
  if (isPassing(status)) return unknown(`not checked: ${url} responds with ${status} (${code})`, AGAIN);
  const remedy = 'Check that the target is this stack’s (docs/cli.md); docs/runbook.md, "webhook-errors".';
  return wrong(`${url} responds with ${status} (${code})`, remedy);
}

const isUnanswered = (error: unknown) => errorCode(error) === 'webhook-unreachable';

function noAnswer({ url }: Webhook, error: unknown): Finding {
  if (isTimeout(error)) return unknown(`not checked: ${url} did not respond in time`, AGAIN);
  const remedy = 'Check the network from here, and that the stack is deployed.';
  return wrong(`${url} does not respond: ${messageOf(error)}`, remedy);
}

const AGAIN =
  'It may be busy or still starting: try again in a minute. If it stays so: docs/runbook.md, "webhook-errors".';

/** Statuses of what is slow, busy or still starting. They say nothing about the settings, and may be gone at the next look. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export const isPassing = (status: number): boolean => PASSING.has(status);

/** True if an error, or what is behind it, is that no answer came in time. */
function isTimeout(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one.name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(errorCode(one) ?? '')) return true;
  }
  return false;
}
