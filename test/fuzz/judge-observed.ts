import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { parseJson } from '../../shared/domain/text/parse-json.ts';
import type { Observed } from './fuzz-world.ts';
import { SECRETS } from './fuzz-world.ts';
import { CANARY } from './hostile-json.ts';
import type { HostileRequest } from './hostile-requests.ts';

/** Checks the effects that no request may have; one sentence for each that it had. */
export function breachesOf(request: HostileRequest, observed: Observed): string[] {
  const { answers, proved, said, parsed, sent, kept } = observed;
  const breaches = answers.flatMap(answerBreaches);
  if (said.includes(CANARY)) breaches.push(`something of the request was logged or counted: ${around(said)}`);
  for (const secret of SECRETS) {
    if (said.includes(secret)) breaches.push('a secret was logged');
    if (answers.some((answer) => JSON.stringify(answer).includes(secret))) breaches.push('a secret was answered');
  }
  if (!proved) breaches.push(...unprovedBreaches(observed));
  // The second of two is another delivery where its id is signed.
  if (proved && answers.slice(0, 1).some((answer) => isCode(answer, /^signature-/)))
    breaches.push('a genuine delivery was refused');
  if (proved && request.followedBy === 'again' && JSON.stringify(answers[0]) !== JSON.stringify(answers[1])) {
    breaches.push(`the same delivery got another answer: ${answers.map((one) => one.body).join(' | ')}`);
  }
  if (kept > 0 && !answers.some(isTaken)) breaches.push(...keptBreaches(answers));
  if (sent.length > 2 && parsed.filter((text) => text === sent).length > answers.length) {
    breaches.push('a body was parsed more than once per delivery');
  }
  return [...new Set(breaches)];
}

/** No part of an unproved request is parsed, stored, or repeated in an answer. */
function unprovedBreaches({ answers, parsed, sent, kept }: Observed): string[] {
  const breaches: string[] = [];
  if (sent.length > 2 && parsed.includes(sent)) breaches.push('a body that was not proved was parsed');
  if (kept > 0) breaches.push('a delivery that was not proved was kept');
  for (const answer of answers) {
    if ((answer.statusCode ?? 0) < 400)
      breaches.push(`a delivery that was not proved was answered ${answer.statusCode}`);
    if (JSON.stringify(answer).includes(CANARY)) breaches.push('something of the request was said back to a stranger');
  }
  return breaches;
}

/** The remembered body and a read-back are kept even if the delivery is refused then; changes are not. */
function keptBreaches(answers: APIGatewayProxyStructuredResultV2[]): string[] {
  return answers.every((answer) => (answer.statusCode ?? 0) === 415 || (answer.statusCode ?? 0) === 405)
    ? ['something was kept of a delivery that was refused by its head']
    : [];
}

function answerBreaches(answer: APIGatewayProxyStructuredResultV2): string[] {
  const { statusCode = 0, headers = {}, body = '' } = answer;
  const breaches: string[] = [];
  if (statusCode >= 500 || statusCode < 200) breaches.push(`answered ${statusCode}: ${body}`);
  if (parseJson(body) === undefined) breaches.push('an answer is not JSON');
  if (Object.values(headers).some((value) => /[\r\n]/.test(String(value))))
    breaches.push('a header holds a line break');
  if (statusCode === 401 && headers['www-authenticate'] === undefined && !isCode(answer, /^timestamp-/)) {
    breaches.push('a 401 without a challenge');
  }
  if ((statusCode === 429 || statusCode === 503) && !/^[1-9]\d*$/.test(String(headers['retry-after']))) {
    breaches.push(`a ${statusCode} that does not say when to come again`);
  }
  if (body.length > 200_000) breaches.push('an answer longer than what was asked');
  return breaches;
}

const isTaken = (answer: APIGatewayProxyStructuredResultV2) => (answer.statusCode ?? 0) < 300;

function isCode(answer: APIGatewayProxyStructuredResultV2, code: RegExp): boolean {
  const body = parseJson(answer.body ?? '');
  return body !== null && typeof body === 'object' && 'code' in body && code.test(String(body.code));
}

function around(text: string): string {
  const at = text.indexOf(CANARY);
  return JSON.stringify(text.slice(Math.max(0, at - 120), at + 60));
}
