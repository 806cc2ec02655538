import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { formatTime } from '../../output/describe-change.ts';
import { describeRequest } from '../../output/describe-request.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { WrittenNow } from './read-written.ts';

/** Prints each group of an open intent as it was, as it was intended, and as it is in ZPA now. */
export function showWritten(terminal: Terminal, found: readonly WrittenNow[]): void {
  for (const one of found) {
    const { write, before, live, unread } = one;
    const name = write.kind === 'create' ? write.name : (before?.name ?? live?.name ?? '');
    const id = write.kind === 'create' ? (live?.id ?? 'new') : write.groupId;
    terminal.say(terminal.colours.bold(`${write.kind} of segment group ${visible(name)} (${id})`));
    terminal.table(['', 'before', 'intended', 'in ZPA now'], writtenRows(one));
    if (unread !== undefined) terminal.warn(`It cannot be read from ZPA: ${visible(unread, 500)}`);
    else if (live?.modifiedTime !== undefined) {
      const by = live.modifiedBy === undefined ? '' : ` by ${visible(live.modifiedBy)}`;
      terminal.say(terminal.colours.dim(`last modified ${formatTime(live.modifiedTime * 1000)}${by}`));
    }
    terminal.say('');
  }
}

const FIELDS: [title: string, read: (group: SegmentGroup) => string][] = [
  ['name', ({ name }) => name],
  ['description', ({ description }) => description],
  ['enabled', ({ enabled }) => (enabled ? 'yes' : 'no')],
  ['application segments', ({ applicationIds }) => String(applicationIds.length)],
];

/** Of the applications that join or leave, at most this many have a row each. */
const MAX_APPLICATIONS = 20;

/** The fields of a group before, as intended and as it lives, and the application segments that join or leave. */
export function writtenRows({ write, before, intended, live, unread }: WrittenNow): string[][] {
  const row = (title: string, read: (group: SegmentGroup) => string) => {
    const of = (group: SegmentGroup | null) => (group === null ? '(none)' : read(group));
    return [title, of(before), of(intended), unread === undefined ? of(live) : 'not readable'];
  };
  const ids = write.kind === 'update' ? [...write.addedApps, ...write.deletedApps] : [];
  const more = ids.length - MAX_APPLICATIONS;
  return [
    ...FIELDS.map(([title, read]) => row(title, read)),
    ...ids
      .slice(0, MAX_APPLICATIONS)
      .map((id) => row(id, ({ applicationIds }) => (applicationIds.includes(id) ? 'member' : 'not a member'))),
    ...(more > 0 ? [[`${more} more`, '', '', '']] : []),
  ];
}

/** Prints the changes of an open intent. */
export function showConcerned(terminal: Terminal, records: readonly ChangeRecord[]): void {
  terminal.table(
    ['change', 'retry', 'tenant', 'request', 'ticket', 'state'],
    records.map(({ ref, generation, change, ticket, outcome, state }) => [
      ref.idempotencyKey,
      generation === 1 ? '' : String(generation - 1),
      ref.tenant,
      describeRequest(change).slice(0, 60),
      ticket.id,
      outcome?.kind ?? state,
    ]),
  );
}
