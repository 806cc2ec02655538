import type { DesiredGroup } from '../records/desired-group.ts';
import { isSameText } from '../text/same-text.ts';
import type { Approval, Finding } from './report.ts';

/**
 * The latest change since the report that had the finding which approved its facet; undefined: nobody knows, or somebody put it
 * right in ZPA. `desired`: what tickets approved by now; `after`: when that report began.
 */
export function closedBy(finding: Finding, desired: readonly DesiredGroup[], after: string): Approval | undefined {
  const [latest] = desired
    .filter((group) => group.last.at >= Date.parse(after) && lastStated(group, finding))
    .toSorted((a, b) => b.last.sequence - a.last.sequence);
  if (latest === undefined) return undefined;
  const { key, source, ticket, at } = latest.last;
  return { key, source, ticket, at: new Date(at).toISOString() };
}

/** Whether the latest change of this group approved the facet: of its own group, or where an application or a name went. */
function lastStated(group: DesiredGroup, { facet, kind, group: of }: Finding): boolean {
  const isOwn = group.groupId === of.id;
  const { sequence } = group.last;
  if (facet === 'exists') {
    const isTwin = kind === 'missing' && group.microtenantId === of.microtenantId && isNamed(group, of.name);
    return isOwn || isTwin;
  }
  if (facet === 'name' || facet === 'description' || facet === 'enabled') {
    return isOwn && (group[facet]?.sequence === sequence || group.deleted?.sequence === sequence);
  }
  const stated = group.members[facet.slice('app:'.length)]?.[1];
  return stated === sequence || (isOwn && (group.complete === sequence || group.deleted?.sequence === sequence));
}

const isNamed = ({ name, seenName }: DesiredGroup, wanted: string) =>
  wanted !== '' && isSameText(name?.value ?? seenName?.value ?? '', wanted);
