import { formatCount } from '../../text/sentence.ts';
import type {
  AffectedRule,
  Approval,
  Facet,
  Finding,
  FindingKind,
  GroupRef,
  NotChecked,
  UnmanagedGroup,
  Writer,
} from '../report.ts';
import { joinWords, type Words, words } from './words.ts';

/** A group or application by its name, or by its id where the name is not known. */
export const nameOf = ({ id, name }: GroupRef): string => (name === '' ? id : name);

/** The difference in one phrase: `enabled: true → false`, `application segment wiki added, moved from Web`. */
export function differenceWords(finding: Finding): Words {
  const application = finding.application === undefined ? '' : nameOf(finding.application);
  switch (finding.kind) {
    case 'missing':
      return words`the group no longer exists${twinWords(finding)}`;
    case 'resurrected':
      return words`a ticket deleted the group, and it exists again`;
    case 'changed':
      return changeWords(finding);
    case 'added':
      return words`application segment ${application} added${finding.from && words`, moved from ${nameOf(finding.from)}`}`;
    case 'removed':
      return words`application segment ${application} removed${placeWords(finding.to)}`;
    case 'unmanaged':
      return words`no ticket approved this group`;
  }
}

/** A group that lives in another microtenant than approved has no field that changed. */
function changeWords({ facet, before, after }: Finding): Words {
  if (facet === 'exists') return words`moved from ${before} to ${after}`;
  const [was, is] = fromDifference(before, after, MOST_COMMON);
  return words`${facetWords(facet)}: ${was} → ${is}`;
}

/** A common beginning of more UTF-16 units is cut. */
const MOST_COMMON = 60;
const KEPT_COMMON = 20;

/** Two texts from shortly before where they differ, so that a long common beginning does not hide in what. */
export function fromDifference(one: string, other: string, mostCommon: number): [string, string] {
  let common = 0;
  while (common < one.length && one[common] === other[common]) common += 1;
  if (common <= mostCommon) return [one, other];
  const cut = (text: string) => `…${text.slice(common - KEPT_COMMON).replace(/^\p{Cs}/u, '')}`;
  return [cut(one), cut(other)];
}

/** A facet as its field, or as its application segment. */
export const facetWords = (facet: Facet): Words =>
  facet.startsWith('app:') ? words`application segment ${facet.slice('app:'.length)}` : [facet];

function twinWords({ to, group }: Finding): Words {
  if (typeof to !== 'object') return [];
  const other = to.name === group.name ? undefined : words` (${nameOf(to)})`;
  return words`; a group of the same name exists as ${to.id}${other}`;
}

function placeWords(to: Finding['to']): Words {
  if (to === undefined) return [];
  if (to === 'no-group') return [', now in no group'];
  return to === 'gone' ? [', deleted in ZPA'] : words`, now in ${nameOf(to)}`;
}

/** An instant; a stamp of another form is foreign text. */
export function timeWords(at: string): Words {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(at) ? [{ at }] : words`${at}`;
}

/** The span in which the finding arose: between the last report without it and the first with it. */
export function sinceWords({ since }: Finding): Words {
  if (since.after === undefined) return words`${timeWords(since.upTo)} or earlier`;
  return words`between ${timeWords(since.after)} and ${timeWords(since.upTo)}`;
}

/** A verb for a Terraform apply that wrote last; other kinds of findings only have a last writer. */
const TERRAFORM_DID: Partial<Record<FindingKind, string>> = {
  added: 'added it',
  removed: 'took it out',
  changed: 'changed it',
  resurrected: 'created it',
};

/** Names the last writer and the time, according to ZPA. */
export function writerWords(writer: Writer | undefined, kind?: FindingKind): Words {
  if (writer === undefined) return [];
  const at = writer.at === undefined ? undefined : words`, ${timeWords(writer.at)}`;
  return words`${whoWords(writer, kind)}${at}`;
}

function whoWords({ id, name, kind: by }: Writer, kind: FindingKind | undefined): Words {
  const who = name ?? id;
  // No ticket makes a finding: it wrote another part, and ZPA names the last writer only.
  if (by === 'own' && kind !== undefined) return words`not known: zpa-changes (${who}) has written it since`;
  if (by === 'own') return words`zpa-changes (${who})`;
  if (by === 'console') return words`${who} (console)`;
  if (by === 'unknown') return name === undefined ? words`unknown writer ${id}` : words`${name}`;
  const did = kind === undefined ? undefined : TERRAFORM_DID[kind];
  return did === undefined ? words`${who} (Terraform)` : words`a Terraform apply (${who}) ${[did]}`;
}

/** The approval that a finding departs from, in short: ticket, source, day. */
export function approvalWords({ ticket, source, at }: Approval): Words {
  return words`${ticket} (${source}), ${timeWords(at)}`;
}

/** The policy rules that a finding affects; at most `limit` of them are named. */
export function accessWords({ access }: Finding, limit: number): Words {
  if (access.read === 'not-needed') return ['no access altered'];
  if (access.read === 'not-read') return words`rules not read: ${access.reason}`;
  if (access.ruleCount === 0) return ['no rule affected'];
  const shown = access.rules.slice(0, limit);
  const more = access.ruleCount - shown.length;
  const named = shown.map((rule) => words`${rule.name} ${[effectOf(rule)]}`);
  const list = joinWords([...named, ...(more > 0 && shown.length > 0 ? [[`${more} more`]] : [])], ', ');
  return words`${[formatCount(access.ruleCount, 'policy rule')]}${list.length > 0 ? words`: ${list}` : undefined}`;
}

/** `gains 2 applications, loses 1 application`. */
export function effectOf({ gains, loses }: AffectedRule): string {
  const parts = [
    ...(gains > 0 ? [`gains ${formatCount(gains, 'application')}`] : []),
    ...(loses > 0 ? [`loses ${formatCount(loses, 'application')}`] : []),
  ];
  return parts.length === 0 ? 'is affected' : parts.join(', ');
}

/** An unmanaged group's state in short: `disabled, 7 application segments`. */
export function unmanagedText({ enabled, applicationCount }: UnmanagedGroup): string {
  return `${enabled ? 'enabled' : 'disabled'}, ${formatCount(applicationCount, 'application segment')}`;
}

/** The settings' pattern that names an unmanaged group. */
export const PATTERNS: Record<UnmanagedGroup['pattern'], string> = {
  owned: 'owned: only tickets may make it',
  watched: 'watched',
  none: 'no pattern',
};

/** Since when something could not be read, and since when a part of it, if that is longer. */
export function unreadSinceWords({ since, partSince }: NotChecked): Words {
  return words`${timeWords(since)}${partSince === undefined ? undefined : words`, a part of it ${timeWords(partSince)}`}`;
}
