import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import type { Clock } from '../../../../shared/ports/ports.ts';
import { type Finding, skipped } from '../../checks/finding.ts';
import type { Answer } from '../../checks/webhook.ts';
import type { OpsSession } from '../../session/compose.ts';
import { sendDelivery } from '../../session/deliver.ts';

const TIMEOUT_MS = 30_000;

const get = (url: string, signal: AbortSignal) =>
  fetch(url, { redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });

/** Requests the webhook of the CLI's source without anything to prove it. */
export async function askPlain({ ingestUrl, source }: Target, signal: AbortSignal): Promise<Answer> {
  const answer = await get(`${ingestUrl.replace(/\/$/, '')}/webhooks/${encodeURIComponent(source)}`, signal);
  return { status: answer.status, code: codeOf(await answer.text()) };
}

/**
 * Sends the cancellation of a change that does not exist, signed as the CLI's source. A finding: the settings do not
 * have that source, or it sends tickets.
 */
export function askSigned(session: OpsSession, signal: AbortSignal): (() => Promise<Answer>) | Finding {
  const { configuration, target } = session;
  const source = lookup(configuration.sources, target.source);
  const [tenant] = Object.keys(configuration.tenants);
  const takesChanges =
    source !== undefined && [source.tickets, source.approval, source.mapping].every((one) => one === undefined);
  if (!takesChanges || tenant === undefined)
    return skipped(`signed delivery not tested: the settings have no source "${target.source}" that takes changes`);
  return async () => {
    const cancel = [{ idempotencyKey: `doctor-${randomUUID()}`, tenant, reason: 'asked by zpa-changes doctor' }];
    const { status, text } = await sendDelivery(session, target.source, JSON.stringify({ cancel }), signal);
    return { status, code: codeOf(text) };
  };
}

/** Any answer of the address tells the time; its root has no function behind it. */
export async function askTime(url: string, clock: Pick<Clock, 'now'>, signal: AbortSignal) {
  const asked = clock.now();
  const answer = await get(url, signal);
  const answered = clock.now();
  await answer.body?.cancel();
  return { date: answer.headers.get('date') ?? undefined, asked, answered };
}

const problemSchema = z.object({ code: z.string() });
const codeOf = (text: string) => problemSchema.safeParse(parseJson(text)).data?.code;
