import { EXIT, OpsError } from '../output/exit-codes.ts';

/** True for a day such as `2027-01-15`. JavaScript takes 31 February for a day in March. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The epoch ms of an option that is a date (its begin, in UTC) or an instant. Throws an `OpsError` if it is neither. */
export function instantOf(option: string, text: string): number {
  const [day = '', time] = text.split(/(?=T)/);
  const isDate = isDay(day) && (time === undefined || /^T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(time));
  const at = isDate ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const sentence = `${option} ${text} is not a date.`;
  throw new OpsError(EXIT.usage, 'bad-option', sentence, `For example: ${option} 2027-01-15, or 2027-01-15T09:00:00Z.`);
}
