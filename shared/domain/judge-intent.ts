import { contentDifferences, sameContent } from './decide.ts';
import { afterWrite } from './fold-step.ts';
import type { SegmentGroup } from './group.ts';
import type { FieldDifference } from './outcome.ts';
import type { Intent, ZpaWrite } from './records.ts';
import type { Timing } from './timing.ts';

/**
 * What a read says about a write. Two questions: `judgeAnswered` after ZPA said yes, `judgeUnanswered` after no definite
 * answer (design §3, "Unknown outcomes"), where only what is certain counts.
 */

/** No read decides before this: until then ZPA may still act on what was sent. */
export function decidingAt(intent: Intent, timing: Timing): number {
  if (intent.cursor >= intent.writes.length) return 0;
  return intent.sendBefore + timing.requestTimeoutMs + timing.quietPeriodMs;
}

export type Unanswered = { verdict: 'ours' | 'not-done' | 'unknown'; live: SegmentGroup | null };

/**
 * `live`: the groups found, by pinned id for an update or delete, by name for a create. ZPA's clock and ours may differ
 * by `skewMs`.
 */
export function judgeUnanswered(
  intent: Intent,
  live: readonly SegmentGroup[],
  writer: string | undefined,
  timing: Timing,
  skewMs = 120_000,
): Unanswered {
  const write = onlyWrite(intent);
  const [first] = live;
  if (write.kind === 'create') {
    if (first === undefined) return { verdict: 'not-done', live: null };
    const adopted = live.length === 1 && isOurCreate(intent, write, first, writer, timing, skewMs);
    return { verdict: adopted ? 'ours' : 'unknown', live: first };
  }
  if (first === undefined) return { verdict: write.kind === 'delete' ? 'ours' : 'unknown', live: null };
  if (intent.before !== null && sameContent(intent.before, first)) return { verdict: 'not-done', live: first };
  const expected = afterWrite(write, intent.before);
  const ours = expected !== null && sameContent(expected, first);
  return { verdict: ours ? 'ours' : 'unknown', live: first };
}

/**
 * A group of the right name is ours if it came about while our write could act, holds exactly what we asked for, and
 * was written by our API client (as soon as an earlier read-back has shown us its id).
 */
function isOurCreate(
  intent: Intent,
  write: Extract<ZpaWrite, { kind: 'create' }>,
  group: SegmentGroup,
  writer: string | undefined,
  timing: Timing,
  skewMs: number,
): boolean {
  const expected = afterWrite(write, null);
  const createdAt = (group.creationTime ?? Number.NaN) * 1000;
  const earliest = intent.sendBefore - timing.sendWithinMs - skewMs;
  const latest = intent.sendBefore + timing.requestTimeoutMs + timing.quietPeriodMs + skewMs;
  return (
    expected !== null &&
    sameContent(expected, group) &&
    createdAt >= earliest &&
    createdAt <= latest &&
    (writer === undefined || writer === group.modifiedBy)
  );
}

export type Answered = { verdict: 'done' | 'without-effect'; overtaken: FieldDifference[] };

/** After a definite success: what differs from the intended state is somebody else's later edit, and stays. */
export function judgeAnswered(intent: Intent, live: SegmentGroup | null): Answered {
  const write = onlyWrite(intent);
  const expected = afterWrite(write, intent.before);
  if (expected === null) {
    return live === null
      ? { verdict: 'done', overtaken: [] }
      : {
          verdict: sameContent(live, intent.before ?? live) ? 'without-effect' : 'done',
          overtaken: [gone('deleted', live.name)],
        };
  }
  if (live === null) return { verdict: 'done', overtaken: [gone(expected.name, 'deleted')] };
  if (intent.before !== null && sameContent(live, intent.before)) return { verdict: 'without-effect', overtaken: [] };
  return { verdict: 'done', overtaken: differencesOf(expected, live) };
}

const gone = (expected: string, found: string): FieldDifference => ({ field: 'group', expected, found });

function differencesOf(expected: SegmentGroup, found: SegmentGroup): FieldDifference[] {
  return contentDifferences(expected, found).map((field) => {
    if (field === 'applications') return membershipDifference(expected, found);
    const key = field as 'name' | 'description' | 'enabled';
    return { field, expected: String(expected[key]), found: String(found[key]) };
  });
}

function membershipDifference(expected: SegmentGroup, found: SegmentGroup): FieldDifference {
  const [want, have] = [new Set(expected.applicationIds), new Set(found.applicationIds)];
  const list = (label: string, ids: string[]) => (ids.length === 0 ? [] : [`${label} ${ids.slice(0, 20).join(', ')}`]);
  const missing = expected.applicationIds.filter((id) => !have.has(id));
  const extra = found.applicationIds.filter((id) => !want.has(id));
  return {
    field: 'applications',
    expected: `${want.size} members`,
    found: [`${have.size} members`, ...list('without', missing), ...list('with', extra)].join('; '),
  };
}

function onlyWrite(intent: Intent): ZpaWrite {
  const [write] = intent.writes;
  if (write === undefined) throw new Error(`intent ${intent.writeId} names no write`);
  return write;
}
