import { parseSchedule } from '../../../../shared/domain/configuration/schedule-expression.ts';
import { type Html, html, time } from '../../../../shared/domain/html/html.ts';
import { spanOf } from '../view/age.ts';

/** Tells when the schedule makes the next drift reports. A target file from before it named the schedule tells only how often. */
export function nextReport(expression: string | undefined, now: number): Html {
  const read = expression === undefined ? undefined : parseSchedule(expression);
  if (read === undefined || 'fault' in read) return html`The schedule makes one a day.`;
  const { schedule } = read;
  if (schedule.kind === 'rate') return html`The schedule makes one every ${spanOf(schedule.everyMs)}.`;
  const at = schedule.nextAfter(now);
  if (at === undefined) return html`The schedule has come to its end, so that none is due.`;
  return html`The next one is due ${time(new Date(at).toISOString())}, in ${spanOf(at - now)}.`;
}
