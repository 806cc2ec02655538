import type { ApprovalConfiguration } from './approval-schema.ts';
import type { Approval } from './judge-approval.ts';
import { textsAt } from './judge-ticket.ts';

/**
 * The approval as a trusted payload tells it; undefined: it tells none. Without `granted.by` the system itself is who
 * approved, without `granted.at` it was now (epoch ms).
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

/** RFC 3339, epoch milliseconds (Jira's `timestamp`), or ServiceNow's stored form, which is UTC. */
function toInstant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const stored = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const at = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(stored ? `${stored[1]}T${stored[2]}Z` : zoned(text));
  return Number.isFinite(at) && Math.abs(at) <= MAX_INSTANT ? new Date(at).toISOString() : undefined;
}

/** A time without a zone is of a place nobody knows; Jira writes its offset without a colon. */
function zoned(text: string): string {
  const offset = /([+-]\d\d):?(\d\d)$/.exec(text);
  if (offset !== null) return `${text.slice(0, offset.index)}${offset[1]}:${offset[2]}`;
  return text.endsWith('Z') ? text : '';
}

/** Beyond it JavaScript knows no date. */
const MAX_INSTANT = 8.64e15;
