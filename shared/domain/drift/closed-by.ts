import { approverOf } from '../records/approvers.ts';
import { type DesiredGroup, knownName } from '../records/desired-group.ts';
import { isSameText } from '../text/same-text.ts';
import type { Approval, Finding } from './report.ts';

/**
 * The latest change since the report that had the finding which approved its facet, or was rejected because ZPA did not
 * have what it would have ended; undefined: nobody knows, or somebody put it right in ZPA. `desired`: what tickets
 * approved by now; `after`: when that report began.
 */
export function closedBy(finding: Finding, desired: readonly DesiredGroup[], after: string): Approval | undefined {
  const begun = Date.parse(after);
  const [latest] = desired
    .flatMap((group) => statementsOf(group, finding).map((sequence) => ({ sequence, by: approverOf(group, sequence) })))
    .flatMap(({ sequence, by }) =>
      sequence !== undefined && by !== undefined && by.at >= begun ? [{ sequence, by }] : [],
    )
    .toSorted((a, b) => b.sequence - a.sequence);
  if (latest === undefined) return undefined;
  const { key, source, ticket, at } = latest.by;
  return { key, source, ticket, at: new Date(at).toISOString() };
}

/** Sequences of the changes of this group that approved the facet, also where an application segment or a name went. */
function statementsOf(group: DesiredGroup, finding: Finding): (number | undefined)[] {
  const { facet, group: of } = finding;
  const isOwn = group.groupId === of.id;
  const ended = [group.deleted?.sequence, group.unfound?.exists];
  if (facet === 'exists') {
    if (isOwn) return [group.last.sequence, group.unfound?.exists];
    return isTwin(group, finding) ? [group.last.sequence] : [];
  }
  if (facet === 'name' || facet === 'description' || facet === 'enabled') {
    return isOwn ? [group[facet]?.sequence, ...ended] : [];
  }
  const application = facet.slice('app:'.length);
  const named = group.members[application]?.[1];
  return isOwn ? [named, group.complete, group.unfound?.[application], ...ended] : [named];
}

/** A ticket made the missing group anew. */
function isTwin(desired: DesiredGroup, { kind, group: of }: Finding): boolean {
  if (kind !== 'missing' || of.name === '' || desired.microtenantId !== of.microtenantId) return false;
  return isSameText(knownName(desired) ?? '', of.name);
}
