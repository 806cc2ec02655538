import type { Approval } from './approval.ts';
import type { ApprovalConfiguration } from './approval-schema.ts';
import { textsAt } from './judge-ticket.ts';

/**
 * The approval that a trusted payload states; undefined: it states none. Without `granted.by` the approver is the
 * system itself, without `granted.at` the time is `now` (epoch ms).
 */
export function payloadApproval(
  { granted }: ApprovalConfiguration,
  payload: unknown,
  { system, now }: { system: string; now: number },
): Approval | undefined {
  if (granted === undefined) return undefined;
  const [ref = ''] = textsAt(payload, granted.ref);
  const by = granted.by === undefined ? system : textsAt(payload, granted.by)[0];
  const at = granted.at === undefined ? new Date(now).toISOString() : toInstant(textsAt(payload, granted.at)[0]);
  return ref === '' || by === undefined || at === undefined ? undefined : { by, at, ref };
}

/** Accepts RFC 3339, epoch milliseconds (Jira's `timestamp`), or ServiceNow's stored form, which is UTC. */
function toInstant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const stored = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const at = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(stored ? `${stored[1]}T${stored[2]}Z` : zoned(text));
  return Number.isFinite(at) && Math.abs(at) <= MAX_INSTANT ? new Date(at).toISOString() : undefined;
}

/** A time without a zone is refused, because its place is unknown. Jira writes its offset without a colon. */
function zoned(text: string): string {
  const offset = /([+-]\d\d):?(\d\d)$/.exec(text);
  if (offset !== null) return `${text.slice(0, offset.index)}${offset[1]}:${offset[2]}`;
  return text.endsWith('Z') ? text : '';
}

/** The largest time that a JavaScript date holds, in epoch ms. */
const MAX_INSTANT = 8.64e15;
