import { EXIT, OpsError } from '../output/exit-codes.ts';

/** The epoch ms of an option that is a date (its begin, in UTC) or an instant. Throws an `OpsError` if it is neither. */
export function instantOf(option: string, text: string): number {
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const at = isDate ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const sentence = `${option} ${text} is not a date.`;
  throw new OpsError(EXIT.usage, 'bad-option', sentence, `For example: ${option} 2027-01-15, or 2027-01-15T09:00:00Z.`);
}
