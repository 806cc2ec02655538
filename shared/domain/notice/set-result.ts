import type { TransitionsConfiguration } from '../configuration/tickets-schema.ts';
import type { NotedMember } from './set-note.ts';

/** How much of a change set is in effect; an unchanged change is. */
export type SetResult = 'all' | 'some' | 'none';

const isInEffect = ({ kind }: Pick<NotedMember, 'kind'>) => kind === 'applied' || kind === 'unchanged';

/** The result of a set by its members' outcomes. */
export function setResultOf(members: readonly Pick<NotedMember, 'kind'>[]): SetResult {
  const inEffect = members.filter(isInEffect).length;
  if (inEffect === 0) return 'none';
  return inEffect === members.length ? 'all' : 'some';
}

/** Replaces `{summary}` in the configured texts, at any depth, by the line that says how the set ended. */
export function fillFields(
  fields: NonNullable<TransitionsConfiguration[SetResult]>['fields'],
  summary: string,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fill(value, summary)]));
}

function fill(value: unknown, summary: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{summary}', () => summary);
  if (Array.isArray(value)) return value.map((one) => fill(one, summary));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, summary)]));
}
