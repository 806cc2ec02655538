import type { ChangeRequest } from '../change/change.ts';
import type { RuleScan, SegmentGroup } from '../group/group.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Reach, Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { formatCount } from '../text/sentence.ts';
import { checkExpectations, checkWritable } from './decide-checks.ts';
import type { Decision, ResolvedApplications } from './decision.ts';
import { effectOf, withMembers } from './group-content.ts';
import { NO_OTHER_ENDS, type OtherEnds, sendTo } from './moves.ts';

type DeleteRequest = Extract<ChangeRequest, { action: 'delete' }>;

/** Decides on a delete: no policy rule may name the group, and its applications need a destination. */
export function decideDelete(
  change: DeleteRequest,
  group: SegmentGroup,
  live: LiveView,
  resolved: ResolvedApplications,
): Decision {
  const refused =
    checkWritable(group) ??
    checkExpectations(change, group, resolved) ??
    checkEmpty(change, group) ??
    checkUnused(group, live);
  const ends = refused ?? otherEndsOf(change, group, live);
  if ('kind' in ends) return ends;
  const empty = withMembers(group, [], group.applicationIds);
  const emptying = group.applicationIds.length === 0 ? [] : [{ before: group, after: empty }, ...ends.destinations];
  return {
    kind: 'write',
    transitions: [...emptying, { before: empty, after: null }],
    effect: { ...effectOf(group, null), ...(ends.moves.length > 0 && { moves: ends.moves }) },
    reach: reachOf(live),
    approved: {
      groupId: group.id,
      microtenantId: group.microtenantId,
      fields: {},
      members: { has: [], hasNot: [] },
      deleted: true,
      ...(ends.approved.length > 0 && { others: ends.approved }),
    },
  };
}

function otherEndsOf(change: DeleteRequest, group: SegmentGroup, live: LiveView): OtherEnds | Rejection {
  if (change.moveApplicationsTo === undefined) return NO_OTHER_ENDS;
  const sent = sendTo(group, group.applicationIds, change.moveApplicationsTo, live, 'moveApplicationsTo');
  return 'kind' in sent ? sent : { ...NO_OTHER_ENDS, ...sent };
}

function checkEmpty(change: DeleteRequest, group: SegmentGroup): Rejection | undefined {
  const count = group.applicationIds.length;
  if (count === 0 || change.moveApplicationsTo !== undefined) return undefined;
  const held = count === 1 ? '1 application segment' : `${count} application segments`;
  return reject('group-not-empty', `"${group.name}" still holds ${held}`, {
    details: { applications: group.applicationIds.slice(0, 100) },
  });
}

function checkUnused(group: SegmentGroup, live: LiveView): Rejection | undefined {
  const { mentions, ...unread } = requireScan(live);
  if (mentions.length === 0) return undefined;
  const first = mentions.slice(0, 3).map((m) => `"${m.ruleName}" (${m.policyType}, order ${m.ruleOrder ?? '?'})`);
  const rules = mentions.length === 1 ? 'a policy rule names' : `${mentions.length} policy rules name`;
  return reject('group-in-use', `${rules} "${group.name}": ${first.join(', ')}${unreadNote(unread)}`, {
    details: { rules: mentions.slice(0, 50) },
  });
}

/** A scan ends with the first rules that refuse the deletion. */
function unreadNote({ unreadMicrotenants: microtenants = 0, unreadTypes: types = 0 }: Partial<RuleScan>): string {
  const parts = [
    ...(types > 0 ? [`of ${formatCount(types, 'more policy type')}`] : []),
    ...(microtenants > 0 ? [`of ${formatCount(microtenants, 'more microtenant')}`] : []),
  ];
  return parts.length === 0 ? '' : `; the rules ${parts.join(' and ')} were not read`;
}

function requireScan({ rules }: LiveView) {
  const isPart = rules?.unreadMicrotenants !== undefined || rules?.unreadTypes !== undefined;
  const isComplete = rules !== undefined && (rules.mentions.length > 0 || !isPart);
  if (!isComplete) throw new Error('a delete is decided on a complete scan of the policy rules');
  return rules;
}

/** No rule names the group. Types that are not licensed have no rules that could. */
function reachOf(live: LiveView): Extract<Reach, { status: 'checked' }> {
  const { scanned, skipped } = requireScan(live);
  const types = [...new Set(skipped.map(({ policyType }) => policyType))].slice(0, MOST_SKIPPED);
  const summary = `no policy rule named the group in ${scanned.length} policy types`;
  return { status: 'checked', summary, ...(types.length > 0 && { skipped: types }) };
}

const MOST_SKIPPED = 20;
